//! The sums of closed days, which are kept in memory.
//!
//! A closed day changes only with the version of the data, as the ETags of closed spans say, so that what was read of
//! it is true as long as that is the same.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use sectorwatch_core::Time;

use super::sums::{HOUR, HourlySums, Kind, Sums, aligned};

/// The number of days that are kept of all kinds: three months of each. A day of 20 sectors takes 40 kB.
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
    days: BTreeMap<(Kind, NaiveDate), Arc<Day>>,
}

impl Days {
    /// Waits for the right to read a day.
    pub async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// A day that is kept of this version of the data.
    pub fn kept(&self, kind: Kind, data_version: i64, day: NaiveDate) -> Option<Arc<Day>> {
        let kept = self.lock();
        let is_it = kept.data_version == data_version;
        kept.days.get(&(kind, day)).filter(|_| is_it).cloned()
    }

    /// Keeps a day. One of another version, or one too many, displaces all others.
    pub fn keep(&self, kind: Kind, data_version: i64, day: NaiveDate, sums: Day) -> Arc<Day> {
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

/// A day, and each of its hours.
#[derive(Debug)]
pub struct Day {
    whole: Sums,
    hours: HourlySums,
}

impl Day {
    /// A day of these hours.
    pub fn of(hours: HourlySums) -> Self {
        Self { whole: hours.whole(), hours }
    }

    /// Adds these hours of the day.
    pub fn add_to(&self, sums: &mut Sums, hours: &Range<usize>) {
        match *hours == ALL_HOURS {
            true => sums.add(&self.whole),
            false => {
                let hours = self.hours.sums.get(hours.clone()).unwrap_or_default();
                hours.iter().for_each(|hour| sums.add(hour));
            }
        }
    }
}

const ALL_HOURS: Range<usize> = 0..24;

/// The begin of a day in UTC.
pub fn begin_of(day: NaiveDate) -> Time {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// A span as hours of closed days and what is left.
#[derive(Debug, PartialEq, Eq)]
pub struct Cut {
    /// What is left: before the closed hours, and after them.
    pub open: Vec<(Time, Time)>,
    /// Days that are closed, with those of their hours that are in the span.
    pub days: Vec<(NaiveDate, Range<usize>)>,
}

impl Cut {
    /// Cuts a span. Everything before `closed`, which is a midnight, is closed.
    pub fn of((from, to): (Time, Time), closed: Option<Time>) -> Self {
        let begin = aligned(from + HOUR - TimeDelta::microseconds(1), HOUR);
        let end = closed.map_or(from, |closed| aligned(closed.min(to), HOUR));
        if begin >= end {
            return Self { open: vec![(from, to)], days: Vec::new() };
        }
        let mut days = Vec::new();
        for day in begin.date_naive().iter_days().take_while(|day| begin_of(*day) < end) {
            let hour = |at: Time| (at - begin_of(day)).num_hours().clamp(0, 24) as usize;
            days.push((day, hour(begin)..hour(end)));
        }
        let open = [(from, begin), (end, to)];
        Self { open: open.into_iter().filter(|(from, to)| from < to).collect(), days }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_is_cut_at_the_hours_of_closed_days() {
        let day = |n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
        let cut = |from: &str, to: &str, closed: &str| {
            let Cut { open, days } = Cut::of((at(from), at(to)), Some(at(closed)));
            let seconds: i64 = open.iter().map(|(from, to)| (*to - *from).num_seconds()).sum();
            let hours: usize = days.iter().map(|(_, hours)| hours.len()).sum();
            assert_eq!(seconds + hours as i64 * 3600, (at(to) - at(from)).num_seconds());
            (open, days)
        };
        let (noon, end) = ("2026-11-03T11:59:59Z", "2026-11-06T18:30:00Z");
        assert_eq!(
            cut(noon, end, "2026-11-05T00:00:00Z"),
            (
                vec![(at(noon), at("2026-11-03T12:00:00Z")), (at("2026-11-05T00:00:00Z"), at(end))],
                vec![(day(3), 12..24), (day(4), 0..24)]
            )
        );
        let closed = "2026-11-09T00:00:00Z";
        assert_eq!(
            cut("2026-11-05T00:00:00Z", end, closed),
            (vec![(at("2026-11-06T18:00:00Z"), at(end))], vec![(day(5), 0..24), (day(6), 0..18)])
        );
        let (from, to) = ("2026-11-03T13:00:00Z", "2026-11-03T15:00:00Z");
        assert_eq!(cut(from, to, closed), (vec![], vec![(day(3), 13..15)]));
        assert_eq!(cut(from, "2026-11-03T13:59:00Z", closed).1, []);
        assert_eq!(cut(noon, end, "2026-11-01T00:00:00Z"), (vec![(at(noon), at(end))], vec![]));
        assert_eq!(Cut::of((at(noon), at(end)), None).days, []);
    }

    #[test]
    fn only_what_is_of_the_same_version_is_kept_and_not_for_ever() {
        let (days, day) = (Days::default(), NaiveDate::from_ymd_opt(2026, 11, 3).unwrap());
        let read = || Day::of(HourlySums::empty((begin_of(day), begin_of(day))));
        days.keep(Kind::Sector, 7, day, read());
        assert!(days.kept(Kind::Sector, 7, day).is_some());
        assert!(days.kept(Kind::Quarter, 7, day).is_none());
        assert!(days.kept(Kind::Sector, 8, day).is_none());
        days.keep(Kind::Quarter, 8, day, read());
        assert!(days.kept(Kind::Sector, 7, day).is_none());
        for day in day.iter_days().take(2 * DAYS_KEPT) {
            days.keep(Kind::Sector, 8, day, read());
            assert!(days.lock().days.len() <= DAYS_KEPT);
            assert!(days.kept(Kind::Sector, 8, day).is_some());
        }
    }
}
