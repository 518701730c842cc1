//! Entries into and exits from each sector within the last hour, by minute.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use chrono::TimeDelta;

use sectorwatch_core::Time;

/// Entries into and exits from a sector.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moves {
    /// Flights that entered.
    pub entered: u64,
    /// Flights that left.
    pub left: u64,
}

/// Entries and exits by sector id.
pub type MovesBySector = BTreeMap<Arc<str>, Moves>;

/// At most 60 minutes, oldest first, each with any number of moves. Snapshots share the minutes, because a
/// snapshot is copied in every cycle.
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

    /// Adds moves that were committed at `at`.
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

    /// The start of the oldest minute in the sums at `now`.
    pub(super) fn begin(now: Time) -> Time {
        let first = (minute(now) - Self::MINUTES + 1) * 60;
        Time::UNIX_EPOCH + TimeDelta::seconds(first)
    }

    /// The sums over the hour that ends at `now`.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64, second: i64) -> Time {
        Time::UNIX_EPOCH + TimeDelta::seconds(1_700_000_040 + 60 * minute + second)
    }

    fn moves(sector: &str, entered: u64, left: u64) -> MovesBySector {
        [(sector.into(), Moves { entered, left })].into()
    }

    /// The moves of SYD: entered, left.
    fn syd(hour: &LastHour, minute: i64, second: i64) -> (u64, u64) {
        let syd = hour.sums(at(minute, second)).get("SYD").copied().unwrap_or_default();
        (syd.entered, syd.left)
    }

    #[test]
    fn sums_are_by_sector_and_forget_minute_by_minute() {
        let mut hour = LastHour::default();
        hour.push(at(0, 0), &moves("SYD", 1, 0));
        hour.push(at(0, 59), &moves("SYD", 2, 0));
        hour.push(at(0, 59), &moves("MEL", 700, 700));
        hour.push(at(1, 0), &moves("SYD", 40, 5));
        hour.push(at(59, 0), &MovesBySector::new());
        assert_eq!(syd(&hour, 59, 59), (43, 5));
        assert_eq!(syd(&hour, 60, 0), (40, 5), "forgotten without a push, too");
        assert_eq!(syd(&hour, 61, 0), (0, 0));
    }

    #[test]
    fn the_hour_begins_where_its_sums_do() {
        let mut hour = LastHour::default();
        hour.push(at(0, 0), &moves("SYD", 1, 0));
        assert_eq!((LastHour::begin(at(59, 59)), syd(&hour, 59, 59)), (at(0, 0), (1, 0)));
        assert_eq!((LastHour::begin(at(60, 0)), syd(&hour, 60, 0)), (at(1, 0), (0, 0)));
    }

    #[test]
    fn it_never_holds_more_than_an_hour_even_when_the_clock_is_set_back() {
        let mut hour = LastHour::default();
        for second in 0..3 * 3_600 {
            hour.push(at(0, second), &moves("SYD", 1, 0));
        }
        assert_eq!((hour.0.len(), syd(&hour, 179, 59)), (60, (3_600, 0)));
        for minute in (0..180).rev() {
            hour.push(at(minute, 0), &moves("SYD", 0, 1));
        }
        assert_eq!(hour.0.len(), 60);
        assert_eq!(hour.clone().0.front().map(Arc::strong_count), Some(2), "shared, not copied");
    }
}
