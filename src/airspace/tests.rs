use super::*;
#[test]
fn t() {
    let t = std::time::Instant::now();
    let (_, report) = load(None).unwrap();
    println!("{report}\n{:?}", t.elapsed());
}
