//! The intervals of one flight.

use chrono::TimeDelta;

use super::{LONGEST_HOLD, State};
use crate::Time;

/// A row of `flight_radio_intervals`, `[from, to)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// The id of the row, if it is stored.
    pub id: Option<i64>,
    /// What is known of the radio.
    pub state: State,
    /// When it began.
    pub from: Time,
    /// When it ended; `None` while it is so.
    pub to: Option<Time>,
}

/// The last rows of a flight: the open one, and the contact before it that may be resumed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Track {
    pub rows: Vec<Interval>,
    /// The last observation. Without an open row, the end of the rows. `None` when there is neither.
    pub seen: Option<Time>,
}

impl Track {
    /// The row that is open.
    pub fn open(&self) -> Option<&Interval> {
        self.rows.last().filter(|row| row.to.is_none())
    }

    /// Takes an observation. A run of misses shorter than `grace` between two contacts of one controller counts as
    /// contact.
    pub fn observe(&mut self, at: Time, state: State, grace: TimeDelta) {
        if self.seen.is_some_and(|seen| at - seen > LONGEST_HOLD) {
            self.end();
        }
        if self.open().is_none()
            && let Some(seen) = self.seen.filter(|seen| *seen < at)
        {
            // Nothing is known since.
            self.begin(seen, State::Unknown);
        }
        if !self.open().is_some_and(|open| open.state.continues(&state))
            && !self.resume(&state, grace)
        {
            self.close(at);
            self.begin(at, state);
        }
        self.seen = Some(at);
    }

    /// Ends the open row at the last observation, which holds no longer. Time of which nothing is known goes on.
    fn end(&mut self) {
        if let Some(seen) = self.seen
            && self.open().is_some_and(|open| open.state != State::Unknown)
        {
            self.close(seen);
        }
    }

    /// Ends the rows of a flight that was not observed for too long, at its last observation.
    pub fn lose(&mut self) {
        if let Some(seen) = self.seen {
            self.close(seen);
        }
    }

    /// Takes up the contact before a short run of misses again, which it touches. Returns whether it did.
    fn resume(&mut self, state: &State, grace: TimeDelta) -> bool {
        let [.., before, misses] = self.rows.as_mut_slice() else { return false };
        let is_short = self.seen.is_some_and(|last| last - misses.from < grace);
        let is_run = misses.to.is_none() && misses.state == State::Alone && is_short;
        let is_same = matches!(state, State::Contact(_)) && before.state.continues(state);
        if is_run && is_same {
            before.to = None;
            self.rows.pop();
        }
        is_run && is_same
    }

    fn begin(&mut self, from: Time, state: State) {
        self.rows.push(Interval { id: None, state, from, to: None });
    }

    /// Closes the open row. One without length does not stay.
    fn close(&mut self, at: Time) {
        match self.rows.last_mut() {
            Some(open) if open.to.is_none() && open.from < at => open.to = Some(at),
            Some(open) if open.to.is_none() => drop(self.rows.pop()),
            _ => {}
        }
    }

    /// Keeps only the rows that a later observation may change.
    pub fn forget(&mut self) {
        let is_alone = self.open().is_some_and(|open| open.state == State::Alone);
        let kept = if is_alone { 2 } else { 1 };
        self.rows.drain(..self.rows.len().saturating_sub(kept));
        let may_resume =
            |row: &Interval| row.to.is_none() || matches!(row.state, State::Contact(_));
        self.rows.retain(may_resume);
    }
}
