//! What radio contact costs: the service with it and without it, in turns. Both fetch and store the radios.

use std::{fmt::Write as _, path::PathBuf, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    document,
    feed::{Feed, MAIN, RADIOS},
    figures::{Times, ms, ratio, row, table},
    http,
    rig::Rig,
    turn::{Taken, Turn},
};

const FLIGHTS: usize = 2_000;
const CONTROLLERS: usize = 150;
const SITES: usize = 400;
const WARM_UP: usize = 4;
const REPETITIONS: usize = 31;
const PERIOD: TimeDelta = TimeDelta::seconds(15);
/// The number of cycles after which memory is compared, in the long form.
const CYCLES: usize = 500;
/// An idle session of PostgreSQL gives its statistics away after ten seconds.
const STATISTICS: Duration = Duration::from_secs(12);

/// What the flights of a snapshot do, and how many steps their radios take for it.
const KINDS: [(&str, usize); 3] =
    [("nothing changes", 0), ("1 % change contact", 1), ("all change contact", 100)];

/// What the check of the references of each new interval costs is seen without them.
const WITHOUT_REFERENCES: &str = "alter table flight_radio_intervals \
    drop constraint flight_radio_intervals_flight_id_fkey, \
    drop constraint flight_radio_intervals_controller_id_fkey";

/// The contenders: a name, `SECTORWATCH_RADIO_CONTACT`, and what changes their database.
const CONTENDERS: [(&str, &str, &str); 3] =
    [("off", "off", ""), ("on", "on", ""), ("unreferenced", "on", WITHOUT_REFERENCES)];

/// The service with one of [`CONTENDERS`].
struct Contender {
    place: usize,
    turn: Turn,
    feed: Feed,
    /// For each of [`KINDS`]: all of the cycle, and PostgreSQL's processor time.
    figures: [(Times, Times); KINDS.len()],
}

/// Snapshots in which fewer or more flights change whom they are in contact with.
pub fn run(rig: &Rig) {
    let mut contenders = [0, 1, 2].map(|place| Contender::start(rig, place));
    let mut scene = Scene { time: document::START.parse().expect("a time"), step: 0 };
    for repetition in 0..WARM_UP + REPETITIONS {
        for (kind, (_, steps)) in KINDS.into_iter().enumerate() {
            scene.advance(steps);
            // Whoever comes first finds a server that has rested.
            contenders.rotate_left(1);
            for contender in &mut contenders {
                let taken = scene.play(rig, contender).filter(|_| repetition >= WARM_UP);
                if let Some(Taken { worked, server, .. }) = taken {
                    contender.figures[kind].0.push(worked);
                    contender.figures[kind].1.push(server);
                }
            }
        }
        if repetition == 0 {
            for contender in &contenders {
                rig.wait(contender.turn.client().batch_execute("analyze")).expect("analyze");
            }
        }
    }
    contenders.sort_by_key(|contender| contender.place);
    let [off, on, unreferenced] = &contenders;
    print("contact on", on, off);
    print("contact on, without foreign keys of the intervals", unreferenced, off);
    println!(
        "\nRows that {REPETITIONS} cycles without a change touch: {}",
        touched(rig, &mut scene, on)
    );
    if std::env::var_os("SECTORWATCH_LONG_TESTS").is_some() {
        compare_memory(rig, &mut scene, &contenders[..2]);
    }
}

impl Contender {
    fn start(rig: &Rig, place: usize) -> Self {
        let (name, contact, change) = CONTENDERS[place];
        let feed = Feed::start();
        let program = PathBuf::from(env!("CARGO_BIN_EXE_sectorwatch"));
        let settings = [("SECTORWATCH_RADIO_CONTACT", contact)];
        let turn = Turn::with(rig, &program, &format!("contact_{name}"), &feed, &settings);
        rig.wait(turn.client().batch_execute(change)).expect("a change of the tables");
        Self { place, turn, feed, figures: Default::default() }
    }
}

fn print(name: &str, on: &Contender, off: &Contender) {
    table(
        &format!("{name}: decode to publish of {FLIGHTS} flights, {SITES} sites of controllers"),
        &["snapshot", "contact on / off", "PostgreSQL on / off", "on", "off", "cycles"],
    );
    for (kind, (name, _)) in KINDS.into_iter().enumerate() {
        let [with, without] = [on, off].map(|contender| &contender.figures[kind]);
        row([
            name.to_owned(),
            ratio(with.0.ratio_to(&without.0)),
            ratio(with.1.ratio_to(&without.1)),
            ms(with.0.median_ms()),
            ms(without.0.median_ms()),
            with.0.0.len().to_string(),
        ]);
    }
}

/// The rows that PostgreSQL counted as written in the tables of contact and control.
fn touched(rig: &Rig, scene: &mut Scene, on: &Contender) -> i64 {
    let written = || {
        std::thread::sleep(STATISTICS);
        let sql = "select sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint from pg_stat_user_tables
                   where relname in ('flight_radio_intervals', 'sector_control')";
        let row = rig.wait(on.turn.client().query_one(sql, &[])).expect("statistics");
        row.get::<_, i64>(0)
    };
    let before = written();
    assert!(before > 0, "contact was written");
    for _ in 0..REPETITIONS {
        scene.advance(0);
        scene.play(rig, on);
    }
    written() - before
}

fn compare_memory(rig: &Rig, scene: &mut Scene, contenders: &[Contender]) {
    let resident = |contender: &Contender| {
        let text = http::get(contender.turn.address(), "/metrics").expect("metrics");
        let line = text.lines().find_map(|it| it.strip_prefix("process_resident_memory_bytes "));
        line.and_then(|bytes| bytes.parse::<f64>().ok()).expect("a number") / 1e6
    };
    table(
        &format!("Resident memory over {CYCLES} more cycles, 1 % of the flights changing contact"),
        &["contact", "before", "after"],
    );
    let before: Vec<f64> = contenders.iter().map(&resident).collect();
    for _ in 0..CYCLES {
        scene.advance(1);
        for contender in contenders {
            scene.play(rig, contender);
        }
    }
    for (contender, before) in contenders.iter().zip(before) {
        let cells = [before, resident(contender)].map(|megabytes| format!("{megabytes:.1} MB"));
        row([&[CONTENDERS[contender.place].0.to_owned()][..], &cells].concat());
    }
}

/// The newest snapshot.
struct Scene {
    time: DateTime<Utc>,
    step: usize,
}

impl Scene {
    fn advance(&mut self, steps: usize) {
        self.time += PERIOD;
        self.step += steps;
    }

    /// Publishes the snapshot to one service, and waits until it is stored.
    fn play(&self, rig: &Rig, contender: &Contender) -> Option<Taken> {
        let flights = document::snapshot(FLIGHTS, self.time, 0).into();
        contender.feed.publish(RADIOS, self.radios().into());
        contender.turn.take(rig, || contender.feed.publish(MAIN, flights))
    }

    /// The transceivers: sites of controllers around the flights, and a radio of each flight that has the channel of
    /// one controller. Each step tunes every hundredth flight to the next controller.
    fn radios(&self) -> String {
        let channel = |controller: usize| 125_000 + 25 * (controller % CONTROLLERS);
        let radio = |khz: usize, site: usize, height_m: f64| {
            let latitude = -31.0 + 0.02 * (site % 100) as f64;
            format!(
                r#"{{"id":{site},"frequency":{khz}000,"latDeg":{latitude:.5},"lonDeg":130.3,"heightMslM":{height_m},"heightAglM":{height_m}}}"#
            )
        };
        let mut text = "[".to_owned();
        for controller in 0..CONTROLLERS {
            let sites: Vec<String> = (controller..SITES)
                .step_by(CONTROLLERS)
                .map(|site| radio(channel(controller), site, 120.0))
                .collect();
            let _ = write!(
                text,
                r#"{{"callsign":"C{controller:03}_CTR","transceivers":[{}]}},"#,
                sites.join(",")
            );
        }
        for flight in 0..FLIGHTS {
            let comma = if flight == 0 { "" } else { "," };
            let tuned = flight + (self.step + 99 - flight % 100) / 100;
            let radio = radio(channel(tuned), flight, 9_500.0);
            let _ =
                write!(text, r#"{comma}{{"callsign":"TST{flight:05}","transceivers":[{radio}]}}"#);
        }
        text.push(']');
        text
    }
}
