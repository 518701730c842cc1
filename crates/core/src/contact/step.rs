//! The intervals of all flights: `step(state, snapshot) → (next state, changes)`.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{Interval, LONGEST_HOLD, State, Unjudged, interval::Track};
use crate::Time;

/// The flights with an open row, by `flights.id`. All of it can be read from the rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contacts(pub(super) BTreeMap<i64, Track>);

/// The effect of one snapshot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// The state after the changes are stored.
    pub next: Contacts,
    /// What is to be stored.
    pub changes: Changes,
}

/// Changes of the rows, to be made in this order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Rows to be deleted, by id.
    pub deleted: Vec<i64>,
    /// Stored rows with another end; `None` opens a row again.
    pub ended: Vec<(i64, Option<Time>)>,
    /// New rows, of each flight in order.
    pub inserted: Vec<NewInterval>,
}

/// A row to be inserted.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInterval {
    /// The flight, by `flights.id`.
    pub flight_id: i64,
    /// What is known of the radio.
    pub state: State,
    /// When it began.
    pub from: Time,
    /// When it ended; `None` while it is so.
    pub to: Option<Time>,
}

impl Contacts {
    /// Applies the snapshot of `at`, in which these flights were observed. Earlier observations that are `unjudged`
    /// come first, as unknown.
    ///
    /// The ends of the rows of observed flights that are not [known](Self::unknown_of) must have been
    /// [recalled](Self::recall).
    pub fn step(
        self,
        at: Time,
        observed: impl IntoIterator<Item = (i64, State)>,
        unjudged: &Unjudged,
        grace: TimeDelta,
    ) -> Step {
        let observed: BTreeMap<i64, State> = observed.into_iter().collect();
        self.apply(unjudged, observed.keys().copied(), grace, |flight_id, track| {
            match observed.get(&flight_id) {
                Some(state) => track.observe(at, state.clone(), grace),
                None if track.seen.is_none_or(|seen| at - seen > LONGEST_HOLD) => track.lose(),
                None => {}
            }
        })
    }

    /// Ends every open row at the flight's last observation: contact is no longer recorded.
    pub fn end(self) -> Step {
        self.apply(&Unjudged::default(), [], TimeDelta::zero(), |_, track| track.lose())
    }

    fn apply(
        self,
        unjudged: &Unjudged,
        observed: impl IntoIterator<Item = i64>,
        grace: TimeDelta,
        advance: impl Fn(i64, &mut Track),
    ) -> Step {
        let mut tracks = self.0;
        for flight_id in observed.into_iter().chain(unjudged.flights()) {
            tracks.entry(flight_id).or_default();
        }
        let mut step = Step::default();
        for (flight_id, mut track) in tracks {
            let before = track.rows.clone();
            if let Some((first, last)) = unjudged.of(flight_id) {
                // Whatever happened between the two, nothing is known of it.
                track.observe(first, State::Unknown, grace);
                track.seen = Some(last);
            }
            advance(flight_id, &mut track);
            step.changes.add(flight_id, &before, &track.rows);
            track.forget();
            if track.open().is_some() {
                step.next.0.insert(flight_id, track);
            }
        }
        step
    }

    /// Those of `flights` without an open row. The end of their rows may be stored.
    pub fn unknown_of(&self, flights: impl IntoIterator<Item = i64>) -> Vec<i64> {
        flights.into_iter().filter(|flight_id| !self.0.contains_key(flight_id)).collect()
    }

    /// Adds flights without an open row, with the end of their last one.
    pub fn recall(&mut self, ends: impl IntoIterator<Item = (i64, Time)>) {
        for (flight_id, end) in ends {
            let ended = || Track { rows: Vec::new(), seen: Some(end) };
            self.0.entry(flight_id).or_insert_with(ended);
        }
    }

    /// Adds the ids of inserted rows, by flight and begin.
    pub fn stored(&mut self, ids: impl IntoIterator<Item = (i64, Time, i64)>) {
        for (flight_id, from, id) in ids {
            let rows = self.0.get_mut(&flight_id).map(|track| track.rows.iter_mut());
            for row in rows.into_iter().flatten().filter(|row| row.from == from) {
                row.id = Some(id);
            }
        }
    }

    /// What is known of a flight's radio; `None` of a flight that was not observed lately.
    pub fn of(&self, flight_id: i64) -> Option<&State> {
        self.0.get(&flight_id).and_then(Track::open).map(|open| &open.state)
    }

    /// What is known of the radio of each flight that was observed lately, by `flights.id`.
    pub fn states(&self) -> impl Iterator<Item = (i64, &State)> {
        self.0.iter().filter_map(|(id, track)| Some((*id, &track.open()?.state)))
    }
}

impl Changes {
    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.deleted.is_empty() && self.ended.is_empty() && self.inserted.is_empty()
    }

    fn add(&mut self, flight_id: i64, before: &[Interval], after: &[Interval]) {
        for row in before {
            let Some(id) = row.id else { continue };
            match after.iter().find(|it| it.id == Some(id)) {
                None => self.deleted.push(id),
                Some(it) if it.to != row.to => self.ended.push((id, it.to)),
                Some(_) => {}
            }
        }
        let new = after.iter().filter(|row| row.id.is_none());
        self.inserted.extend(new.map(|row| NewInterval {
            flight_id,
            state: row.state.clone(),
            from: row.from,
            to: row.to,
        }));
    }
}
