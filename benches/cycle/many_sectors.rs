//! Whether a cycle takes longer with the sectors of the whole world than with a few.

use std::{fmt::Write as _, path::PathBuf, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    document,
    feed::{Feed, MAIN, RADIOS},
    figures::{Times, ms, ratio, row, table},
    rig::Rig,
    turn::{Taken, Turn},
};

const FLIGHTS: usize = 2_000;
const WARM_UP: usize = 4;
const REPETITIONS: usize = 41;
const PERIOD: TimeDelta = TimeDelta::seconds(15);

/// Columns and rows of sectors in the same 38 × 29 degrees; vertices of each side.
const FEW: (usize, usize, usize) = (5, 4, 75);
/// As many as VAT-Spy has, with as many vertices.
const MANY: (usize, usize, usize) = (38, 29, 15);
const SOUTH: f64 = -44.0;
const WEST: f64 = 112.0;

/// An airspace, and what a cycle takes with it.
struct Contender {
    number: usize,
    name: String,
    turn: Turn,
    feed: Feed,
    worked: Times,
    computed: Times,
}

/// The service with each airspace, in turns; no flight leaves its sector.
pub fn run(rig: &Rig) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut airspaces = Vec::new();
    for (name, size) in [("20 sectors", FEW), ("1102 sectors", MANY)] {
        let file = folder.path().join(format!("{}.geojson", size.0 * size.1));
        std::fs::write(&file, airspace(size)).expect("write the airspace");
        airspaces.push((name.to_owned(), file));
    }
    airspaces.extend(vatspy(folder.path()).map(|file| ("VAT-Spy".to_owned(), file)));
    let contenders = airspaces.into_iter().enumerate().map(|(number, (name, file))| {
        let feed = Feed::start();
        let program = PathBuf::from(env!("CARGO_BIN_EXE_sectorwatch"));
        let file = file.to_str().expect("UTF-8");
        let settings = [("SECTORWATCH_AIRSPACE", file)];
        let turn = Turn::with(rig, &program, &format!("sectors_{number}"), &feed, &settings);
        let [worked, computed] = Default::default();
        Contender { number, name, turn, feed, worked, computed }
    });
    compare(rig, contenders.collect());
}

fn compare(rig: &Rig, mut contenders: Vec<Contender>) {
    let mut time: DateTime<Utc> = document::START.parse().expect("a time");
    for repetition in 0..WARM_UP + REPETITIONS {
        time += PERIOD;
        let flights: Arc<str> = document::snapshot_at(FLIGHTS, time, &place).into();
        let radios: Arc<str> = document::radios(FLIGHTS, time).into();
        // Whoever comes first finds a server that has rested.
        contenders.rotate_left(1);
        for contender in &mut contenders {
            contender.feed.publish(RADIOS, radios.clone());
            let feed = &contender.feed;
            let taken = contender.turn.take(rig, || feed.publish(MAIN, flights.clone()));
            if let Some(Taken { worked, server, .. }) = taken.filter(|_| repetition >= WARM_UP) {
                contender.worked.push(worked);
                contender.computed.push(worked.saturating_sub(server));
            }
        }
        if repetition == 0 {
            for contender in &contenders {
                rig.wait(contender.turn.client().batch_execute("analyze")).expect("analyze");
            }
        }
    }
    table(
        &format!("Decode to publish of {FLIGHTS} flights, none of which leaves its sector"),
        &[
            "airspace",
            "/ 20 sectors",
            "without PostgreSQL / 20 sectors",
            "decode to publish",
            "cycles",
        ],
    );
    contenders.sort_by_key(|contender| contender.number);
    let few = &contenders[0];
    for Contender { name, worked, computed, .. } in &contenders {
        row([
            name.clone(),
            ratio(worked.ratio_to(&few.worked)),
            ratio(computed.ratio_to(&few.computed)),
            ms(worked.median_ms()),
            worked.0.len().to_string(),
        ]);
    }
}

/// In the middle of a square degree.
fn place(flight: usize) -> (f64, f64) {
    let (columns, rows, _) = MANY;
    let cell = flight % (columns * rows);
    (SOUTH + 0.5 + (cell / columns) as f64, WEST + 0.5 + (cell % columns) as f64)
}

/// Sectors side by side, whose borders are at whole degrees.
fn airspace((columns, rows, vertices): (usize, usize, usize)) -> String {
    let whole = MANY;
    let mut features = String::new();
    for cell in 0..columns * rows {
        let (column, row) = (cell % columns, cell / columns);
        let at = |part: usize, parts: usize, all: usize| (part * all / parts) as f64;
        let [west, east] = [column, column + 1].map(|it| WEST + at(it, columns, whole.0));
        let [south, north] = [row, row + 1].map(|it| SOUTH + at(it, rows, whole.1));
        let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
        let mut ring = String::new();
        for ends in corners.windows(2) {
            for vertex in 0..vertices {
                let share = vertex as f64 / vertices as f64;
                let x = ends[0].0 + share * (ends[1].0 - ends[0].0);
                let y = ends[0].1 + share * (ends[1].1 - ends[0].1);
                let _ = write!(ring, "[{x},{y}],");
            }
        }
        let comma = if cell == 0 { "" } else { "," };
        let _ = write!(
            features,
            r#"{comma}{{"type":"Feature","properties":{{"role":"sector","id":"S{cell}","callsigns":["S{cell}_CTR"]}},"geometry":{{"type":"Polygon","coordinates":[[{ring}[{west},{south}]]]}}}}"#
        );
    }
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}

/// The community's own, where it is beside the project.
fn vatspy(folder: &std::path::Path) -> Option<PathBuf> {
    let shared = crate::samples::folder()?;
    let profile = folder.join("vatspy.geojson");
    let ended = std::process::Command::new(env!("CARGO_BIN_EXE_sectorwatch"))
        .arg("import-airspace")
        .args(["-o".into(), profile.clone()])
        .args(["vatspy.dat", "vatspy-boundaries.geojson"].map(|file| shared.join(file)))
        .output();
    ended.is_ok_and(|it| it.status.success()).then_some(profile)
}
