//! Nothing in this crate is specific to one service.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The name of the service for which it was made, its tables, and owners that are terms of its field.
const OF_A_SERVICE: [&str; 15] = [
    "sectorwatch",
    "vatsim",
    "airspace",
    "flight",
    "controllers",
    "transceivers",
    "occupancy",
    "pending_transitions",
    "collector_state",
    "poll_cycles",
    "rejected_records",
    "sector_control",
    "forgotten_members",
    "\"ingest\"",
    "\"api\"",
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("read a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The service's words in a text, except for the name of this package and "in flight".
fn found(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let text = ["sectorwatch-pg", "sectorwatch_pg", "in flight", "in_flight", "inflight"]
        .iter()
        .fold(text, |text, word| text.replace(word, ""));
    OF_A_SERVICE.into_iter().filter(|word| text.contains(word)).collect()
}

#[test]
fn no_service_is_named() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let own = here.join("tests/alone/stranger.rs");
    let folders = ["src", "tests", "examples"].map(|folder| files(&here.join(folder)));
    let all = folders.into_iter().flatten();
    let all = all.chain([here.join("README.md"), here.join("Cargo.toml")]);
    for file in all.filter(|file| *file != own) {
        let found = found(&fs::read_to_string(&file).expect("read a file"));
        wrong.extend(found.into_iter().map(|word| format!("{}: {word}", file.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(found("SECTORWATCH_LEAK = sectorwatch_pg of \"api\""), ["sectorwatch", "\"api\""]);
}
