use super::*;
use std::time::Instant;

#[test]
fn speed() {
    let settings = SimulatorSettings::default();
    let world = World::new(settings.clone());
    let at = settings.start;
    let t = Instant::now();
    let n = world.pilots(at).len();
    println!("pilots {n} {:?}", t.elapsed());
    for (what, f) in [
        ("dice", &(|i| { use rand::Rng; let x: f64 = super::dice::dice(1, super::dice::Question::Leg, i, 3).random(); x as usize }) as &dyn Fn(usize) -> usize),
        ("stamp", &|i| super::clock::stamp(at + chrono::TimeDelta::milliseconds(i as i64)).len()),
        ("format", &|i| (at + chrono::TimeDelta::milliseconds(i as i64)).format("%H%M").to_string().len()),
        ("plan", &|i| super::plan::Plan::file(&mut super::dice::dice(1, super::dice::Question::Leg, i, 3)).map_or(0, |_| 1)),
    ] {
        let t = Instant::now();
        let n: usize = (0..1600).map(f).sum();
        println!("{what} {n} {:?}", t.elapsed());
    }
    let t = Instant::now();
    let p = world.snapshot(at);
    println!(
        "snapshot {} {} {:?}",
        p.main_json.len(),
        p.transceivers_json.len(),
        t.elapsed()
    );
    for c in [0, 1] {
        let t = Instant::now();
        use std::io::Write;
        let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(c));
        e.write_all(p.main_json.as_bytes()).unwrap();
        println!("gzip {c} {} {:?}", e.finish().unwrap().len(), t.elapsed());
    }
    println!("{}", &p.main_json[..3000]);
}
