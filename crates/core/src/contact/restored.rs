//! The state as it is read from the rows, and observations whose phase did not end well.

use std::collections::BTreeMap;

use super::{Contacts, Interval, interval::Track};
use crate::Time;

/// A flight with an open row, or one that was observed after the newest snapshot whose phase ended well.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFlight {
    /// `flights.id`.
    pub flight_id: i64,
    /// `flights.last_seen`: the last observation.
    pub last_seen: Time,
    /// `flights.contact_seen`: the last observation up to the newest snapshot whose phase ended well, when there is a
    /// later one.
    pub contact_seen: Option<Time>,
    /// The open row, after the contact that it touches.
    pub rows: Vec<Interval>,
    /// Without an open row, the end of the last one.
    pub ended: Option<Time>,
}

/// The observations after `contacts_mark`, which are unknown: the first and the last of each flight.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unjudged(BTreeMap<i64, (Time, Time)>);

impl Contacts {
    /// The state that these rows show, of which the newest snapshot whose phase ended well is `contacts_mark`.
    pub fn restored(
        flights: impl IntoIterator<Item = StoredFlight>,
        contacts_mark: Option<Time>,
    ) -> Self {
        let track = |it: StoredFlight| {
            let is_judged = contacts_mark.is_some_and(|mark| it.last_seen <= mark);
            let judged = if is_judged { Some(it.last_seen) } else { it.contact_seen };
            let seen = match it.rows.last() {
                // No row begins after what it was made from.
                Some(open) => Some(judged.map_or(open.from, |judged| judged.max(open.from))),
                None => it.ended,
            };
            (it.flight_id, Track { rows: it.rows, seen })
        };
        Self(flights.into_iter().map(track).collect())
    }
}

impl Unjudged {
    /// Adds an observation of a flight.
    pub fn add(&mut self, flight_id: i64, at: Time) {
        self.0
            .entry(flight_id)
            .and_modify(|(first, last)| (*first, *last) = ((*first).min(at), (*last).max(at)))
            .or_insert((at, at));
    }

    /// Adds those of flights that were last seen after `contacts_mark` and before the snapshot of `at`.
    pub fn add_stored(&mut self, flights: &[StoredFlight], contacts_mark: Option<Time>, at: Time) {
        for flight in flights {
            let is_judged = contacts_mark.is_some_and(|mark| flight.last_seen <= mark);
            if !is_judged && flight.last_seen < at {
                self.add(flight.flight_id, flight.last_seen);
            }
        }
    }

    /// Removes the observations up to `contacts_mark`: their phase did end well, although it was not known.
    pub fn judged(&mut self, contacts_mark: Option<Time>) {
        let Some(mark) = contacts_mark else { return };
        self.0.retain(|_, (_, last)| *last > mark);
        for (first, last) in self.0.values_mut().filter(|(first, _)| *first <= mark) {
            *first = *last;
        }
    }

    /// Whether there are none, which is usual.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of(&self, flight_id: i64) -> Option<(Time, Time)> {
        self.0.get(&flight_id).copied()
    }

    pub(super) fn flights(&self) -> impl Iterator<Item = i64> {
        self.0.keys().copied()
    }
}
