//! Compares what `replay` stores of random feeds with a model, which computes the expected rows
//! from their JSON by the rules alone. The rows must be the same in one run and in several.

mod airspace;
mod model;
mod record;
mod rng;
mod script;
mod tables;

use std::path::Path;

use sectorwatch_seed::Seed;

use self::model::Model;
pub use self::rng::ScriptRng;
use crate::support::{
    documents::Feed,
    long_tests,
    postgres::Database,
    replay::{recorded, replay},
    scratch,
};

const PUBLICATIONS: usize = 80;

#[test]
fn replay_stores_what_the_rules_say() {
    let (seed, scripts) = (Seed::of_this_run(), if long_tests() { 100 } else { 4 });
    let file = scratch::dir("airspace").join("rectangles.geojson");
    std::fs::write(&file, airspace::geojson()).expect("write the airspace");
    let mut transitions = 0;
    for number in 0..scripts {
        transitions += compare(seed.part(number), &file);
    }
    // Scripts without transitions would prove nothing.
    assert!(transitions > 100 * scripts as usize, "only {transitions} transitions");
}

/// Compares one random script. Returns the number of its transitions.
fn compare(seed: Seed, airspace: &Path) -> usize {
    let mut rng = ScriptRng::new(seed);
    let feeds = script::feeds(&mut rng, PUBLICATIONS);
    let (database, mut model) = (Database::migrated(), Model::default());
    for part in parts(&mut rng, &feeds) {
        let documents: Vec<_> = part.iter().map(Feed::json).collect();
        let refused = model.replay(&documents);
        let airspace = airspace.to_str().expect("UTF-8");
        let environment = [("SECTORWATCH_AIRSPACE", airspace)];
        let ended = replay(&[&recorded(&part)], &database, &environment);
        let code = i32::from(refused > 0);
        assert_eq!(ended.code, Some(code), "{}; this script comes first with {seed}", ended.stderr);
    }
    let (expected, stored) = (tables::expected(&model), tables::stored(&database));
    for (table, expected) in &expected {
        let stored = &stored[table];
        let missing: Vec<_> = expected.iter().filter(|line| !stored.contains(line)).collect();
        let extra: Vec<_> = stored.iter().filter(|line| !expected.contains(line)).collect();
        assert!(
            expected == stored,
            "{table}: missing {missing:#?}, and instead {extra:#?}; this script comes first with {seed}"
        );
    }
    let cycles = model.cycles.iter();
    cycles.map(|cycle| cycle.transitions.values().sum::<usize>()).sum()
}

/// Splits the feeds into one or several runs. Each later run also gets a random snapshot, which may
/// be a repetition or late.
fn parts(rng: &mut ScriptRng, feeds: &[Feed]) -> Vec<Vec<Feed>> {
    let runs = 1 + rng.below(5);
    let mut parts: Vec<Vec<Feed>> =
        feeds.chunks(feeds.len().div_ceil(runs)).map(<[_]>::to_vec).collect();
    for part in parts.iter_mut().skip(1) {
        part.push(rng.one(feeds));
    }
    parts
}
