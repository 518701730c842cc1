//! Recordings of the simulated network, in which controllers come and go and aircraft take off and land within half an
//! hour.

use std::{fs, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use sectorwatch_simulator::{SimulatorSettings, World};

use super::scratch;

const SNAPSHOTS: i32 = 120;
/// Simulated seconds per second of the feed: who controls a sector changes within an hour and a half.
const PACE: f64 = 3.0;

/// A folder for `replay`, with a snapshot every 15 s.
pub struct Recordings {
    pub folder: PathBuf,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
}

/// Records half an hour with radios. `note` is given the time and the main document of each snapshot.
pub fn record(mut note: impl FnMut(DateTime<Utc>, &str)) -> Recordings {
    let settings = SimulatorSettings {
        pilots: 150,
        domestic_percent: 60,
        pace: PACE,
        ..SimulatorSettings::default()
    };
    // Some have landed before the first snapshot.
    let first = settings.start + TimeDelta::hours(6);
    let (world, folder) = (World::new(settings), scratch::dir("demo"));
    let mut last = first;
    for number in 0..SNAPSHOTS {
        last = first + TimeDelta::seconds(15) * number;
        let publication = world.snapshot(last);
        let name = folder.join(format!("{number:03}"));
        let write = |extension: &str, text: &str| {
            fs::write(name.with_extension(extension), text).expect("write a recording");
        };
        write("json", &publication.main_json);
        write("radios.json", &publication.transceivers_json);
        note(last, &publication.main_json);
    }
    Recordings { folder, first, last }
}
