//! Repeatable random numbers: the same question always gets the same answer.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The decisions, each with a separate stream of random numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Question {
    Member,
    Leg,
    Controller,
    Atis,
    Roster,
    Listing,
    Away,
}

/// The random numbers for a decision about a member. `number` distinguishes repeated decisions.
pub(super) fn seeded_rng(seed: u64, question: Question, member: usize, number: i64) -> ChaCha8Rng {
    let words = [seed, question as u64, member as u64, number as u64];
    let mut key = [0; 32];
    for (bytes, word) in key.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// A random element of a list, which must not be empty.
pub(super) fn pick<'a, T>(rng: &mut ChaCha8Rng, list: &'a [T]) -> &'a T {
    &list[rng.random_range(0..list.len())]
}
