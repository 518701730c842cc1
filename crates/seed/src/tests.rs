//! A test that fails prints its seed, and fails in the same way with this seed.

use std::process::Command;

use proptest::prelude::*;
use rand::Rng as _;

use super::*;

/// Breaks the two tests below in a separate process.
const BROKEN: &str = "SECTORWATCH_BROKEN_TEST";

fn is_broken() -> bool {
    env::var_os(BROKEN).is_some()
}

proptest! {
    // Reports the first failure and not the simplest, which is the same for every seed.
    #![proptest_config(Config { max_shrink_iters: 0, ..config() })]

    #[test]
    fn a_property(number: u64) {
        prop_assert!(!is_broken() || number % 7 != 0, "found {number}");
    }
}

#[test]
fn a_test_with_a_generator() {
    let number: u64 = Seed::of_this_run().part(3).rng().random();
    assert!(!is_broken(), "found {number}");
}

/// The output of a broken test with this seed.
fn failure(test: &str, given: Option<&str>) -> String {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(["--exact", &format!("tests::{test}")]).env(BROKEN, "1");
    command.env_remove(VARIABLE).env_remove("RUST_TEST_THREADS");
    command.envs(given.map(|seed| (VARIABLE, seed)));
    let output = command.output().expect("run it");
    assert!(!output.status.success(), "it is broken");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The text between `before` and `after`.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {text}"));
    rest.split(after).next().expect("the first of them")
}

#[test]
fn a_failure_prints_its_seed_and_comes_again_with_it() {
    for test in ["a_property", "a_test_with_a_generator"] {
        let first = failure(test, None);
        let seed = between(&first, "SECTORWATCH_TEST_SEED=", " cargo test");
        assert!(first.contains(&format!("-- --exact tests::{test}\n")), "{first}");
        let found = between(&first, "found ", "\n");
        let again = failure(test, Some(seed));
        assert_eq!(between(&again, "found ", "\n"), found, "{test} with {seed}");
        let another = failure(test, None);
        assert_ne!(between(&another, "found ", "\n"), found, "{test} with another seed");
    }
}

#[test]
fn a_seed_that_is_no_number_is_refused() {
    let refusal = failure("a_test_with_a_generator", Some("seven"));
    assert!(refusal.contains("SECTORWATCH_TEST_SEED=seven is no number"), "{refusal}");
}
