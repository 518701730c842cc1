//! The sums of closed days, which are kept in memory.
//!
//! A closed day changes only with the version of the data, as the ETags of closed spans say, so that what was read of
//! it is true as long as that is the same.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{NaiveDate, NaiveTime};
use sectorwatch_core::Time;

use super::sums::{Kind, Sums};

/// The number of days that are kept of all kinds: three months of each. A day of 1,000 sectors takes 0.1 MB.
const DAYS_KEPT: usize = 3 * 93;

/// Closed days that were read.
#[derive(Default)]
pub struct Days {
    kept: Mutex<Kept>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    data_version: i64,
    days: BTreeMap<(Kind, NaiveDate), Arc<Sums>>,
}

impl Days {
    /// Waits for the right to read a day.
    pub async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// A day that is kept of this version of the data.
    pub fn kept(&self, kind: Kind, data_version: i64, day: NaiveDate) -> Option<Arc<Sums>> {
        let kept = self.lock();
        let is_it = kept.data_version == data_version;
        kept.days.get(&(kind, day)).filter(|_| is_it).cloned()
    }

    /// Keeps a day. One of another version, or one too many, displaces all others.
    pub fn keep(&self, kind: Kind, data_version: i64, day: NaiveDate, sums: Sums) -> Arc<Sums> {
        let mut kept = self.lock();
        if kept.data_version != data_version || kept.days.len() >= DAYS_KEPT {
            *kept = Kept { data_version, days: BTreeMap::new() };
        }
        let sums = Arc::new(sums);
        kept.days.insert((kind, day), sums.clone());
        sums
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The begin of a day in UTC.
pub fn begin_of(day: NaiveDate) -> Time {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// A span as whole closed days and what is left.
#[derive(Debug, PartialEq, Eq)]
pub struct Cut {
    /// What is left: before the days, and after them.
    pub open: Vec<(Time, Time)>,
    /// Whole days that are closed.
    pub days: Vec<NaiveDate>,
}

impl Cut {
    /// Cuts a span. Everything before `closed` is closed.
    pub fn of((from, to): (Time, Time), closed: Option<Time>) -> Self {
        let begin = begin_of(from.date_naive());
        let first =
            if begin < from { from.date_naive().succ_opt() } else { Some(from.date_naive()) };
        let end = closed.map(|closed| begin_of(closed.min(to).date_naive()));
        let (Some(first), Some(end)) = (first, end) else {
            return Self { open: vec![(from, to)], days: Vec::new() };
        };
        let days: Vec<_> = first.iter_days().take_while(|day| begin_of(*day) < end).collect();
        if days.is_empty() {
            return Self { open: vec![(from, to)], days };
        }
        let pieces = [(from, begin_of(first)), (end, to)];
        Self { open: pieces.into_iter().filter(|(from, to)| from < to).collect(), days }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_is_cut_at_the_midnights_of_closed_days() {
        let day = |n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
        let cut = |from: &str, to: &str, closed: &str| {
            let Cut { open, days } = Cut::of((at(from), at(to)), Some(at(closed)));
            let length: i64 = open.iter().map(|(from, to)| (*to - *from).num_seconds()).sum();
            assert_eq!(length + days.len() as i64 * 86_400, (at(to) - at(from)).num_seconds());
            (open, days)
        };
        let (noon, end) = ("2026-11-03T12:00:00Z", "2026-11-06T18:00:00Z");
        assert_eq!(
            cut(noon, end, "2026-11-06T00:00:00Z"),
            (
                vec![(at(noon), at("2026-11-04T00:00:00Z")), (at("2026-11-06T00:00:00Z"), at(end))],
                vec![day(4), day(5)]
            )
        );
        let midnight = "2026-11-04T00:00:00Z";
        assert_eq!(cut(midnight, "2026-11-06T00:00:00Z", end), (vec![], vec![day(4), day(5)]));
        assert_eq!(cut(noon, end, "2026-11-04T23:59:59Z").1, [], "of no day the end is closed");
        assert_eq!(cut(noon, end, "2026-11-01T00:00:00Z"), (vec![(at(noon), at(end))], vec![]));
        assert_eq!(cut(noon, "2026-11-03T13:00:00Z", end).1, []);
        assert_eq!(Cut::of((at(noon), at(end)), None).days, []);
    }

    #[test]
    fn only_what_is_of_the_same_version_is_kept_and_not_for_ever() {
        let (days, day) = (Days::default(), NaiveDate::from_ymd_opt(2026, 11, 3).unwrap());
        days.keep(Kind::Sector, 7, day, Sums::default());
        assert!(days.kept(Kind::Sector, 7, day).is_some());
        assert!(days.kept(Kind::Quarter, 7, day).is_none());
        assert!(days.kept(Kind::Sector, 8, day).is_none());
        days.keep(Kind::Quarter, 8, day, Sums::default());
        assert!(days.kept(Kind::Sector, 7, day).is_none());
        for (kind, day) in (0..2).flat_map(|_| [Kind::Sector, Kind::Facility]).zip(day.iter_days())
        {
            days.keep(kind, 8, day, Sums::default());
        }
        for day in day.iter_days().take(DAYS_KEPT) {
            days.keep(Kind::Sector, 8, day, Sums::default());
            assert!(days.lock().days.len() <= DAYS_KEPT);
            assert!(days.kept(Kind::Sector, 8, day).is_some());
        }
    }
}
