//! What a pilot does with the radio: most of them talk, and few of them all the time.

use rand::Rng;

use super::rng::{Question, seeded_rng};

/// Seconds between two listings, in which a pilot can be missed once.
const LISTING_S: f64 = 15.0;
/// In each of these periods, a pilot is away for a while.
const PERIOD_S: f64 = 3_600.0;

/// The radio of a pilot at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// Not in the list: a text pilot, or a voice connection that is lost.
    Unlisted,
    /// In the list without a radio.
    Deaf,
    /// The radio is off, which is frequency 0.
    Off,
    /// On UNICOM, whoever is there.
    Alone,
    /// On the channel that was right this many seconds ago.
    Tuned { late_s: i32 },
}

/// The seconds by which pilots are late to change their channel.
pub(super) const LATE_S: [i32; 3] = [15, 30, 45];

/// The habit of a pilot at a moment.
pub(super) fn habit(seed: u64, cid: i32, now_s: f64) -> Habit {
    match cid % 25 {
        0 => return Habit::Unlisted,
        1 => return Habit::Off,
        2 | 3 => return Habit::Alone,
        _ => {}
    }
    let index = cid as usize;
    let listing = (now_s / LISTING_S).floor() as i64;
    match seeded_rng(seed, Question::Listing, index, listing).random_range(0..100) {
        0 => return Habit::Unlisted,
        1 => return Habit::Deaf,
        _ => {}
    }
    let period = (now_s / PERIOD_S).floor();
    let rng = &mut seeded_rng(seed, Question::Away, index, period as i64);
    let lasts_s = rng.random_range(60.0..300.0);
    let since_s = rng.random_range(0.0..PERIOD_S - lasts_s);
    let is_unlisted = rng.random_bool(0.5);
    match (since_s..since_s + lasts_s).contains(&(now_s - period * PERIOD_S)) {
        true if is_unlisted => Habit::Unlisted,
        true => Habit::Alone,
        false => Habit::Tuned { late_s: LATE_S[index % LATE_S.len()] },
    }
}
