//! Chance that can be thrown again: the same question always gets the same answer.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What is being decided. Each has a stream of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Question {
    Member,
    Leg,
    Controller,
    Atis,
}

/// The random numbers for one question about one member. `number` tells apart the times it is asked.
pub(super) fn seeded_rng(seed: u64, question: Question, member: usize, number: i64) -> ChaCha8Rng {
    let words = [seed, question as u64, member as u64, number as u64];
    let mut key = [0; 32];
    for (bytes, word) in key.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// One of a list that is not empty.
pub(super) fn pick<'a, T>(rng: &mut ChaCha8Rng, list: &'a [T]) -> &'a T {
    &list[rng.random_range(0..list.len())]
}
