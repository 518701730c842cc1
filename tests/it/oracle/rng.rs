//! The random choices of a script.

use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use sectorwatch_seed::Seed;

pub struct ScriptRng(ChaCha8Rng);

impl ScriptRng {
    pub fn new(seed: Seed) -> Self {
        Self(seed.rng())
    }

    /// The choices of a script that is the same in each run.
    pub fn numbered(number: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(number))
    }

    /// A number from 0 to `end`, without `end` itself.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// True with this chance in percent.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of.choose(&mut self.0).expect("one at least").clone()
    }
}
