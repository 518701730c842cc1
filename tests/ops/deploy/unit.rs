//! The manual's systemd unit, verified by systemd. Nothing is started.

use std::{fs, process::Command};

use super::manual::block;
use crate::support::scratch;

/// The errors that systemd reports for a unit.
fn complaints(unit: &str) -> String {
    let file = scratch::dir("unit").join("sectorwatch.service");
    // On this machine, the program is not where the manual installs it.
    let unit = unit.replace("/usr/local/bin/sectorwatch", env!("CARGO_BIN_EXE_sectorwatch"));
    fs::write(&file, unit).expect("write the unit");
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .arg(&file)
        .output()
        .expect("systemd-analyze; scripts/need.sh systemd-analyze installs it");
    String::from_utf8_lossy(&verified.stderr).into_owned()
}

#[test]
fn systemd_understands_the_unit() {
    let unit = block("ini", "");
    assert!(unit.contains("ExecStart=/usr/local/bin/sectorwatch serve\n"), "{unit}");
    assert_eq!(complaints(&unit), "");
    let wrong = complaints(&unit.replace("RestartSec=", "RestartSeconds="));
    assert!(wrong.contains("RestartSeconds"), "a wrong key passes: {wrong}");
}
