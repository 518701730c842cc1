//! Who entered and left which sector within the last hour, to the minute.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use crate::domain::Time;

/// Entries into a sector, and exits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moves {
    /// Flights that entered.
    pub entered: u64,
    /// Flights that left.
    pub left: u64,
}

/// Moves by sector id.
pub type MovesBySector = BTreeMap<Arc<str>, Moves>;

/// At most 60 minutes, oldest first, however much happens in one. Each is shared between the
/// snapshots that hold it, since a snapshot is copied in every cycle.
#[derive(Debug, Clone, Default)]
pub struct LastHour(VecDeque<Arc<Minute>>);

#[derive(Debug, Clone)]
struct Minute {
    /// Minutes since 1970.
    number: i64,
    moves: MovesBySector,
}

impl LastHour {
    const MINUTES: i64 = 60;

    /// Adds what was committed at that moment.
    pub fn push(&mut self, at: Time, moves: &MovesBySector) {
        let number = minute(at);
        if self.0.back().is_none_or(|newest| newest.number != number) {
            self.0.push_back(Arc::new(Minute { number, moves: MovesBySector::new() }));
        }
        if let Some(newest) = self.0.back_mut() {
            let newest = Arc::make_mut(newest);
            for (sector, moves) in moves {
                newest.moves.entry(Arc::clone(sector)).or_default().add(*moves);
            }
        }
        while self.0.len() > Self::MINUTES as usize
            || self.0.front().is_some_and(|oldest| oldest.number <= number - Self::MINUTES)
        {
            self.0.pop_front();
        }
    }

    /// The sums over the hour that ends now.
    pub(super) fn sums(&self, now: Time) -> BTreeMap<&str, Moves> {
        let (mut sums, now) = (BTreeMap::<&str, Moves>::new(), minute(now));
        for minute in &self.0 {
            if minute.number > now - Self::MINUTES {
                for (sector, moves) in &minute.moves {
                    sums.entry(sector.as_ref()).or_default().add(*moves);
                }
            }
        }
        sums
    }
}

impl Moves {
    fn add(&mut self, more: Self) {
        self.entered += more.entered;
        self.left += more.left;
    }
}

fn minute(at: Time) -> i64 {
    at.timestamp().div_euclid(60)
}
