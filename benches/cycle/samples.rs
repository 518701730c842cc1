//! The community's files, where they are: the time of an import of each.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::figures::{Times, ms, row, table};

const REPETITIONS: usize = 9;
/// Each format by one sample, with the files that it has.
const SAMPLES: [(&str, &[&str]); 5] = [
    ("vatspy", &["vatspy.dat", "vatspy-boundaries.geojson"]),
    ("vatsys", &["vatsys-sectors.xml", "vatsys-volumes.xml"]),
    ("euroscope", &["euroscope-fasa.ese"]),
    ("vatglasses", &["vatglasses-eg.json"]),
    ("simaware", &["simaware-boundaries.tar.gz"]),
];

/// `SECTORWATCH_REAL_DATA`, or `../shared` beside the project.
pub fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("SECTORWATCH_REAL_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    Some(root.join("airspace")).filter(|folder| folder.is_dir())
}

/// The whole program, from its start to its end.
pub fn run() {
    let Some(shared) = folder() else {
        println!("\nNo files of the community: SECTORWATCH_REAL_DATA is not set.");
        return;
    };
    table("`import-airspace` of each sample", &["format", "median", "longest"]);
    for (format, files) in SAMPLES {
        let mut times = Times::default();
        for _ in 0..REPETITIONS {
            let begun = Instant::now();
            let ended = Command::new(env!("CARGO_BIN_EXE_sectorwatch"))
                .args(["import-airspace", "--from", format])
                .args(files.iter().map(|file| shared.join(file)))
                .output()
                .expect("run the program");
            times.push(begun.elapsed());
            assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        }
        row([format.to_owned(), ms(times.median_ms()), ms(times.percentile_ms(1.0))]);
    }
}
