//! The state as it is read from the rows, and snapshots whose phase did not end well.

use super::{Controls, Interval};
use crate::Time;

/// The stored snapshots after `contacts_mark`, in which the control of every sector is unknown: the first and the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unjudged(Option<(Time, Time)>);

impl Unjudged {
    /// Adds a snapshot.
    pub fn add(&mut self, at: Time) {
        let (first, last) = self.0.unwrap_or((at, at));
        self.0 = Some((first.min(at), last.max(at)));
    }

    /// Removes the snapshots up to `contacts_mark`: their phase did end well, although it was not known.
    pub fn judged(&mut self, contacts_mark: Time) {
        self.0 = self.0.filter(|(_, last)| *last > contacts_mark).map(|(first, last)| {
            let is_judged = first <= contacts_mark;
            (if is_judged { last } else { first }, last)
        });
    }

    pub(super) fn span(self) -> Option<(Time, Time)> {
        self.0
    }
}

impl Controls {
    /// The state that these rows show, in any order: the open ones, and those that end at `contacts_mark` or later.
    pub fn restored(rows: impl IntoIterator<Item = Interval>, contacts_mark: Option<Time>) -> Self {
        let mut restored = Self { judged: contacts_mark, ..Self::default() };
        for row in rows {
            restored.tracks.entry(row.sector.clone()).or_default().0.push(row);
        }
        for track in restored.tracks.values_mut() {
            track.0.sort_by_key(|row| row.from);
            track.forget(contacts_mark);
        }
        restored
    }
}
