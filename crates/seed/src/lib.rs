//! The seed of a random test: a new one for each run, printed when the test fails, and read from
//! [`VARIABLE`].
//!
//! Only tests use it: manifests list it in `[dev-dependencies]`. It depends on no crate of the workspace.

#[cfg(test)]
mod tests;

use std::{env, fmt, thread};

use proptest::test_runner::{Config, RngSeed};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// The variable that sets the seed.
pub const VARIABLE: &str = "SECTORWATCH_TEST_SEED";

/// The start of the numbers of a random test. The same seed gives the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// Returns the seed in [`VARIABLE`], or else a new one. It is printed with the command that repeats the
    /// test; `cargo test` shows the output of a test that fails.
    ///
    /// # Panics
    ///
    /// If the variable holds anything other than a number.
    pub fn of_this_run() -> Self {
        let given = env::var_os(VARIABLE).map(|text| text.to_string_lossy().into_owned());
        let seed = given.map_or_else(
            // Short enough to be copied by hand.
            || u64::from(rand::random::<u32>()),
            |text| text.parse().unwrap_or_else(|_| panic!("{VARIABLE}={text} is no number")),
        );
        println!("A random test. This command gives it the same numbers again:\n{}", Self(seed));
        Self(seed)
    }

    /// The seed for one of several independent parts of a test. That of part 0 is the seed itself.
    pub fn part(self, number: u64) -> Self {
        Self(self.0.wrapping_add(number))
    }

    /// A generator with this seed.
    pub fn rng(self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.0)
    }
}

/// The command that runs the current test with this seed.
impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VARIABLE}={} cargo test --workspace --features fault-injection", self.0)?;
        // The harness names a test's thread after the test, unless one thread runs all tests.
        match thread::current().name() {
            None | Some("main") => Ok(()),
            Some(name) => write!(f, " -- --exact {name}"),
        }
    }
}

/// proptest's settings with the [seed of this run](Seed::of_this_run), without a file of failures beside the
/// sources.
///
/// ```
/// use proptest::prelude::*;
///
/// proptest! {
///     #![proptest_config(sectorwatch_seed::config())]
///     # /*
///     #[test]
///     # */
///     fn a_sum_has_no_order(a: u32, b: u32) {
///         prop_assert_eq!(a.wrapping_add(b), b.wrapping_add(a));
///     }
/// }
/// # a_sum_has_no_order();
/// ```
pub fn config() -> Config {
    let Seed(seed) = Seed::of_this_run();
    Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() }
}
