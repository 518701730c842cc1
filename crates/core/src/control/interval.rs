//! The intervals of one sector.

use std::sync::Arc;

use chrono::TimeDelta;

use super::Control;
use crate::Time;

/// A state holds until the next stored snapshot, when that comes within this time. Nothing is known of a longer gap.
const LONGEST_HOLD: TimeDelta = TimeDelta::seconds(60);

/// A row of `sector_control`, `[from, to)`. A sector has one row at most that begins at `from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// `sector_name`, the id of the sector.
    pub sector: Arc<str>,
    /// Who controlled it.
    pub control: Control,
    /// When that began.
    pub from: Time,
    /// When it ended; `None` while it is so.
    pub to: Option<Time>,
    /// The revision of the airspace in which it began.
    pub airspace_revision: Arc<str>,
}

/// The last rows of a sector: the latest, and the one before where that may be opened again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Track(pub Vec<Interval>);

/// Two stored snapshots, of which nothing is stored between.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pause {
    pub from: Time,
    pub to: Time,
}

impl Track {
    /// Takes what a snapshot at the end of a pause shows. The state at its beginning is that of the rows.
    pub fn turn(&mut self, pause: Pause, latest: &Interval) {
        let is_ended = self.0.last().is_some_and(|row| row.to.is_some());
        if let Some(row) = self.0.last()
            && (is_ended || pause.to - pause.from > LONGEST_HOLD)
        {
            let from = row.to.unwrap_or(pause.from.max(row.from));
            self.begin(&Interval { control: Control::Unknown, from, ..latest.clone() });
        }
        self.begin(latest);
    }

    /// Opens a row, unless the open one says the same.
    fn begin(&mut self, new: &Interval) {
        if self.0.last().is_some_and(|row| row.to.is_none() && row.control == new.control) {
            return;
        }
        self.end(new.from);
        match self.0.last_mut() {
            Some(row) if row.to == Some(new.from) && row.control == new.control => row.to = None,
            _ => self.0.push(new.clone()),
        }
    }

    /// Closes the open row. One without length does not stay.
    pub fn end(&mut self, at: Time) {
        match self.0.last_mut() {
            Some(open) if open.to.is_none() && open.from < at => open.to = Some(at),
            Some(open) if open.to.is_none() => drop(self.0.pop()),
            _ => {}
        }
    }

    /// Keeps only the rows that a later snapshot may change, if the newest one is that of `judged`: the latest row,
    /// and the one before where the latest may turn out to have no length.
    pub fn forget(&mut self, judged: Option<Time>) {
        let may_vanish = self.0.last().is_some_and(|row| Some(row.from) == judged);
        let kept = if may_vanish { 2 } else { 1 };
        self.0.drain(..self.0.len().saturating_sub(kept));
    }
}
