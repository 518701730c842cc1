//! Clippy knows each way around the pool's account and around `store::transaction`.

use std::{collections::BTreeSet, fs};

use crate::copy::{Copy, project};

const LINT: &str = "clippy::disallowed_methods";

#[test]
fn every_ban_fires() {
    let copy = Copy::without_sources("bans");
    copy.write("src/main.rs", "fn main() {}\n");
    copy.write("src/lib.rs", include_str!("banned.rs"));
    let findings = copy.findings("clippy");
    let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
    let fired: BTreeSet<_> =
        findings.iter().filter(|it| it.code == LINT).filter_map(|it| quoted(&it.message)).collect();
    let bans = fs::read_to_string(project().join("clippy.toml")).expect("the bans");
    let bans: toml::Table = bans.parse().expect("TOML");
    let bans = bans["disallowed-methods"].as_array().expect("a list");
    let banned: BTreeSet<_> =
        bans.iter().filter_map(|ban| ban["path"].as_str()).map(str::to_owned).collect();
    assert_eq!(fired, banned, "{findings:#?}");
}
