//! Clippy finds every call that bypasses the pool's accounting or `pg::transaction`.

use std::{collections::BTreeSet, fs};

use crate::copy::{Copy, project};

const CALLS: &str = include_str!("banned.rs");

/// What `clippy.toml` bans.
fn banned() -> BTreeSet<String> {
    let bans = fs::read_to_string(project().join("clippy.toml")).expect("the bans");
    let bans: toml::Table = bans.parse().expect("TOML");
    let bans = bans["disallowed-methods"].as_array().expect("a list");
    bans.iter().filter_map(|ban| ban["path"].as_str()).map(str::to_owned).collect()
}

#[test]
fn every_ban_fires() {
    let copy = Copy::whole();
    copy.write("crates/pg/src/lib.rs", CALLS);
    let findings = copy.findings("clippy");
    let fired = findings.iter().filter(|it| it.code == "clippy::disallowed_methods");
    let (places, paths): (BTreeSet<_>, BTreeSet<_>) = fired
        .filter_map(|it| Some((it.place.clone(), it.message.split('`').nth(1)?.to_owned())))
        .unzip();
    assert_eq!(paths, banned(), "{findings:#?}");
    let calls = CALLS.lines().zip(1..).filter(|(line, _)| line.ends_with("// banned"));
    let calls: BTreeSet<_> =
        calls.map(|(_, line)| format!("crates/pg/src/lib.rs:{line}")).collect();
    assert_eq!(places, calls, "{findings:#?}");
}
