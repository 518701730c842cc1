//! Contact by radio: the one controller that the tuned radios of a flight speak for, and since when.
//!
//! Judging a snapshot ([`Listening`]) and keeping intervals ([`Contacts`]) are apart. Who controls a sector does not
//! depend on radio. What is tuned is taken from the radios of the same cycle: transmission is not in the feed.

mod caps;
mod ignored;
mod interval;
mod listening;
mod reach;
mod restored;
mod sites;
mod state;
mod step;

use chrono::TimeDelta;

pub use self::{
    caps::Caps,
    ignored::Ignored,
    interval::Interval,
    listening::{Kept, Listening},
    restored::{StoredFlight, Unjudged},
    sites::Tuned,
    state::{Partner, State},
    step::{Changes, Contacts, NewInterval, Step},
};

/// An observation holds until the next one, when that comes within this time. Nothing is known of a longer gap.
pub const LONGEST_HOLD: TimeDelta = TimeDelta::seconds(60);

/// The parameters of contact by radio.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// How far each type of position is heard at most.
    pub caps: Caps,
    /// Channels on which nobody is in contact.
    pub ignored: Ignored,
    /// A run of misses that is shorter than this, from the first to the last, is bridged.
    pub grace: TimeDelta,
}

impl Default for Rules {
    fn default() -> Self {
        Self { caps: Caps::default(), ignored: Ignored::default(), grace: TimeDelta::seconds(45) }
    }
}

#[cfg(test)]
mod tests;
