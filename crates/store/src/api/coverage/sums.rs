//! What pieces of a span add up to. Pure. Times are whole microseconds, as PostgreSQL has them, so that the order in
//! which pieces are added changes nothing.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::TimeDelta;
use sectorwatch_core::Time;

use super::{CoverageBy, CoverageGroup};
use crate::api::span::seconds;

/// Hours of every zone begin at a quarter of an hour in UTC.
pub const QUARTER: TimeDelta = TimeDelta::minutes(15);
/// The length of the pieces of a closed day that are kept.
pub const HOUR: TimeDelta = TimeDelta::hours(1);

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Visits to each sector.
    Sector,
    /// Intervals in each quarter of an hour.
    Quarter,
    /// Contact with each kind of position.
    Facility,
}

impl Kind {
    /// What is added up for this.
    pub fn of(by: CoverageBy) -> Self {
        match by {
            CoverageBy::Sector => Self::Sector,
            CoverageBy::Hour | CoverageBy::WeekdayHour => Self::Quarter,
            CoverageBy::Facility => Self::Facility,
        }
    }
}

/// What the time belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The quarter of an hour that begins then.
    Quarter(Time),
    /// A sector or a kind of position.
    Name(Arc<str>),
    /// The positions of controllers who were forgotten.
    Forgotten,
}

/// Microseconds by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Micros {
    /// In contact.
    pub contact: i64,
    /// Without contact.
    pub none: i64,
    /// Of which nothing is known.
    pub unknown: i64,
}

impl Micros {
    fn add(&mut self, state: State, micros: i64) {
        match state {
            State::Contact => self.contact += micros,
            State::None => self.none += micros,
            State::Unknown => self.unknown += micros,
        }
    }
}

/// The microseconds of each key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(pub BTreeMap<Key, Micros>);

impl Sums {
    /// Adds another piece.
    pub fn add(&mut self, piece: &Self) {
        for (key, more) in &piece.0 {
            let sum = self.of(key);
            sum.contact += more.contact;
            sum.none += more.none;
            sum.unknown += more.unknown;
        }
    }

    fn of(&mut self, key: &Key) -> &mut Micros {
        self.0.entry(key.clone()).or_default()
    }
}

/// What is known of contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In contact.
    Contact,
    /// Without contact.
    None,
    /// Nothing is known.
    Unknown,
}

/// An interval of contact.
#[derive(Debug, Clone)]
pub struct Interval {
    /// The flight.
    pub flight_id: i64,
    /// What is known.
    pub state: State,
    /// The callsign of the controller in contact; none for one who was forgotten.
    pub controller_callsign: Option<String>,
    /// Its begin.
    pub since: Time,
    /// Its end.
    pub until: Time,
}

/// A visit.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The flight.
    pub flight_id: i64,
    /// The sector.
    pub sector_name: String,
    /// Its begin.
    pub since: Time,
    /// Its end.
    pub until: Time,
}

/// The sums of each hour in UTC of a piece of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourlySums {
    from: Time,
    to: Time,
    /// The sums, from the hour in which the piece begins.
    pub sums: Vec<Sums>,
}

impl HourlySums {
    /// The hours from one time to another, of which nothing is added yet.
    pub fn empty((from, to): (Time, Time)) -> Self {
        let hours = (to - aligned(from, HOUR)).num_minutes().div_euclid(60) + 1;
        let hours = usize::try_from(hours).unwrap_or_default();
        Self { from, to, sums: vec![Sums::default(); hours] }
    }

    /// Adds the time of an interval that is in the piece, quarter by quarter.
    pub fn add_quarters(&mut self, interval: &Interval) {
        let (mut since, until) = (interval.since.max(self.from), interval.until.min(self.to));
        while since < until {
            let quarter = aligned(since, QUARTER);
            let end = until.min(quarter + QUARTER);
            self.add(&Key::Quarter(quarter), (since, end), |sum, micros| {
                sum.add(interval.state, micros);
            });
            since = end;
        }
    }

    /// Adds contact with a kind of position: what the callsign has after its last `_`.
    pub fn add_facility(&mut self, interval: &Interval) {
        let facility = interval.controller_callsign.as_deref().and_then(|it| it.rsplit('_').next());
        let facility = facility.filter(|facility| !facility.is_empty());
        let key = facility.map_or(Key::Forgotten, |it| Key::Name(it.to_ascii_uppercase().into()));
        let time = (interval.since, interval.until);
        self.add_hours(&key, time, |sum, micros| sum.add(State::Contact, micros));
    }

    /// Adds visits, with the state of the flights meanwhile. What the intervals do not cover of a visit is unknown, as
    /// in `radio_coverage`.
    pub fn add_visits(&mut self, visits: Vec<Visit>, intervals: &[Interval]) {
        let mut of_flight = HashMap::<i64, Vec<&Interval>>::new();
        for interval in intervals.iter().filter(|interval| interval.state != State::Unknown) {
            of_flight.entry(interval.flight_id).or_default().push(interval);
        }
        for Visit { flight_id, sector_name, since, until } in visits {
            let key = Key::Name(sector_name.into());
            self.add_hours(&key, (since, until), |sum, micros| sum.unknown += micros);
            for interval in of_flight.get(&flight_id).into_iter().flatten() {
                let time = (since.max(interval.since), until.min(interval.until));
                self.add_hours(&key, time, |sum, micros| {
                    sum.unknown -= micros;
                    sum.add(interval.state, micros);
                });
            }
        }
    }

    /// All hours.
    pub fn whole(&self) -> Sums {
        let mut whole = Sums::default();
        self.sums.iter().for_each(|sums| whole.add(sums));
        whole
    }

    fn add_hours(&mut self, key: &Key, time: (Time, Time), how: impl Fn(&mut Micros, i64)) {
        let (mut since, until) = (time.0.max(self.from), time.1.min(self.to));
        while since < until {
            let end = until.min(aligned(since, HOUR) + HOUR);
            self.add(key, (since, end), &how);
            since = end;
        }
    }

    /// Adds time within one hour.
    fn add(&mut self, key: &Key, (since, until): (Time, Time), how: impl Fn(&mut Micros, i64)) {
        let hour = (since - aligned(self.from, HOUR)).num_hours();
        let micros = (until - since).num_microseconds().unwrap_or_default();
        if let Some(sums) = usize::try_from(hour).ok().and_then(|hour| self.sums.get_mut(hour)) {
            how(sums.of(key), micros);
        }
    }
}

/// The begin of the quarter or the hour in UTC that holds this time.
pub fn aligned(at: Time, step: TimeDelta) -> Time {
    let micros = at.timestamp_micros().rem_euclid(step.num_microseconds().unwrap_or(1));
    at - TimeDelta::microseconds(micros)
}

/// The key of each quarter of an hour in the answer.
pub type Labels = BTreeMap<Time, String>;

/// The groups in the order of their keys.
pub fn groups(by: CoverageBy, sums: Sums, labels: &Labels) -> Vec<CoverageGroup> {
    if by == CoverageBy::Facility {
        return by_facility(sums);
    }
    let mut groups = BTreeMap::<String, Micros>::new();
    for (key, micros) in sums.0 {
        let key = match key {
            Key::Quarter(at) => labels.get(&at).cloned().unwrap_or_default(),
            Key::Name(name) => name.to_string(),
            Key::Forgotten => continue,
        };
        let sum = groups.entry(key).or_default();
        sum.contact += micros.contact;
        sum.none += micros.none;
        sum.unknown += micros.unknown;
    }
    let group = |(key, Micros { contact, none, unknown })| CoverageGroup {
        key: Some(key),
        contact_seconds: seconds(TimeDelta::microseconds(contact)),
        none_seconds: Some(seconds(TimeDelta::microseconds(none))),
        unknown_seconds: Some(seconds(TimeDelta::microseconds(unknown.max(0)))),
        coverage: share(contact, contact + none),
        known: share(contact + none, contact + none + unknown.max(0)),
        share: None,
    };
    groups.into_iter().map(group).collect()
}

fn by_facility(sums: Sums) -> Vec<CoverageGroup> {
    let all: i64 = sums.0.values().map(|micros| micros.contact).sum();
    let group = |(key, micros): (Key, Micros)| CoverageGroup {
        key: if let Key::Name(name) = key { Some(name.to_string()) } else { None },
        contact_seconds: seconds(TimeDelta::microseconds(micros.contact)),
        none_seconds: None,
        unknown_seconds: None,
        coverage: None,
        known: None,
        share: share(micros.contact, all),
    };
    sums.0.into_iter().map(group).collect()
}

fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests;
