//! What pieces of a span add up to. Pure. Times are whole microseconds, as PostgreSQL has them, so that the order in
//! which pieces are added changes nothing.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sectorwatch_core::Time;

use super::{CoverageBy, CoverageGroup};

/// Hours of every zone begin at a quarter of an hour in UTC.
pub const QUARTER: TimeDelta = TimeDelta::minutes(15);

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
    Name(String),
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

/// The microseconds of each key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(pub BTreeMap<Key, Micros>);

impl Sums {
    /// Adds another piece.
    pub fn add(&mut self, piece: &Self) {
        for (key, more) in &piece.0 {
            let sum = self.0.entry(key.clone()).or_default();
            sum.contact += more.contact;
            sum.none += more.none;
            sum.unknown += more.unknown;
        }
    }
}

/// What begins and ends in a quarter of an hour, of one state.
#[derive(Debug, Clone)]
pub struct Edges {
    /// `contact`, `none` or `unknown`.
    pub state: String,
    /// The begin of the quarter.
    pub quarter: Time,
    /// How many more intervals there are at its end than at its begin.
    pub change: i64,
    /// The microseconds in it of those that begin, less those after the end of those that end.
    pub micros: i64,
}

/// Adds up the time in each quarter, so that an interval costs the same however long it is. The edges of each state
/// are in the order of time.
pub fn quarters(edges: &[Edges]) -> Sums {
    let mut sums = Sums::default();
    for state in ["contact", "none", "unknown"] {
        let mut inside = 0;
        let mut of_state = edges.iter().filter(|edges| edges.state == state).peekable();
        while let Some(edges) = of_state.next() {
            let mut at = edges.quarter;
            let mut micros = edges.micros + inside * micros_of(QUARTER);
            inside += edges.change;
            let end = of_state.peek().map_or(at + QUARTER, |next| next.quarter);
            while at < end {
                if micros > 0 {
                    let sum = sums.0.entry(Key::Quarter(at)).or_default();
                    match state {
                        "contact" => sum.contact = micros,
                        "none" => sum.none = micros,
                        _ => sum.unknown = micros,
                    }
                }
                // The quarters up to the next edge are all alike.
                (at, micros) = (at + QUARTER, inside * micros_of(QUARTER));
            }
        }
    }
    sums
}

fn micros_of(time: TimeDelta) -> i64 {
    time.num_microseconds().unwrap_or_default()
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
            Key::Name(name) => name,
            Key::Forgotten => continue,
        };
        let sum = groups.entry(key).or_default();
        sum.contact += micros.contact;
        sum.none += micros.none;
        sum.unknown += micros.unknown;
    }
    let group = |(key, Micros { contact, none, unknown })| CoverageGroup {
        key: Some(key),
        contact_seconds: seconds(contact),
        none_seconds: Some(seconds(none)),
        unknown_seconds: Some(seconds(unknown)),
        coverage: share(contact, contact + none),
        known: share(contact + none, contact + none + unknown),
        share: None,
    };
    groups.into_iter().map(group).collect()
}

fn by_facility(sums: Sums) -> Vec<CoverageGroup> {
    let all: i64 = sums.0.values().map(|micros| micros.contact).sum();
    let group = |(key, micros): (Key, Micros)| CoverageGroup {
        key: if let Key::Name(name) = key { Some(name) } else { None },
        contact_seconds: seconds(micros.contact),
        none_seconds: None,
        unknown_seconds: None,
        coverage: None,
        known: None,
        share: share(micros.contact, all),
    };
    sums.0.into_iter().map(group).collect()
}

fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests;
