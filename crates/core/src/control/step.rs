//! The intervals of all sectors: `step(state, snapshot) → (next state, changes)`.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Control, Interval, Unjudged,
    interval::{Pause, Track},
};
use crate::Time;

/// The latest rows of each sector. All of it can be read from the rows and `contacts_mark`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controls {
    /// `contacts_mark`: the newest snapshot that the rows were made from.
    pub(super) judged: Option<Time>,
    pub(super) tracks: BTreeMap<Arc<str>, Track>,
}

/// What a snapshot shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its `update_timestamp`.
    pub at: Time,
    /// The revision of the airspace in force.
    pub airspace_revision: Arc<str>,
    /// Each sector with owners.
    pub sectors: BTreeMap<Arc<str>, Control>,
}

/// The effect of one snapshot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// The state after the changes are stored.
    pub next: Controls,
    /// What is to be stored.
    pub changes: Changes,
}

/// Changes of the rows, to be made in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows to be deleted, by sector and begin.
    pub deleted: Vec<(Arc<str>, Time)>,
    /// Rows with another end, by sector and begin; `None` opens a row again.
    pub ended: Vec<(Arc<str>, Time, Option<Time>)>,
    /// New rows, of each sector in order.
    pub inserted: Vec<Interval>,
}

impl Controls {
    /// Applies a snapshot. Earlier snapshots that are `unjudged` come first, as unknown.
    pub fn step(&self, snapshot: &Judged, unjudged: Unjudged) -> Step {
        let mut step = Step::default();
        let mut tracks = self.tracks.clone();
        for sector in snapshot.sectors.keys() {
            tracks.entry(Arc::clone(sector)).or_default();
        }
        for (sector, mut track) in tracks {
            let before = track.0.clone();
            let control = snapshot.sectors.get(&sector);
            self.advance(&mut track, &sector, control, snapshot, unjudged);
            step.changes.add(&before, &track.0);
            if control.is_some() {
                track.forget(Some(snapshot.at));
                step.next.tracks.insert(sector, track);
            }
        }
        step.next.judged = Some(snapshot.at);
        step
    }

    /// Takes a sector to the snapshot. One that has no owners any more ends at its last snapshot.
    fn advance(
        &self,
        track: &mut Track,
        sector: &Arc<str>,
        control: Option<&Control>,
        snapshot: &Judged,
        unjudged: Unjudged,
    ) {
        let row = |at: Time, control: Control| Interval {
            sector: Arc::clone(sector),
            control,
            from: at,
            to: None,
            airspace_revision: Arc::clone(&snapshot.airspace_revision),
        };
        let is_new = track.0.is_empty();
        let mut latest = self.judged.unwrap_or(snapshot.at);
        if let Some((first, last)) = unjudged.span() {
            // The first row of all begins at the first stored snapshot, whatever is known of it.
            if !is_new || self.judged.is_none() {
                track.turn(Pause { from: latest, to: first }, &row(first, Control::Unknown));
            }
            latest = last;
        }
        match control {
            Some(control) => {
                let pause = Pause { from: latest, to: snapshot.at };
                track.turn(pause, &row(snapshot.at, control.clone()));
            }
            None => track.end(latest),
        }
    }

    /// What is known of each sector.
    pub fn latest(&self) -> impl Iterator<Item = (&Arc<str>, &Control)> {
        self.tracks.iter().filter_map(|(sector, track)| Some((sector, &track.0.last()?.control)))
    }
}

impl Changes {
    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.deleted.is_empty() && self.ended.is_empty() && self.inserted.is_empty()
    }

    fn add(&mut self, before: &[Interval], after: &[Interval]) {
        let is_same = |a: &Interval, b: &Interval| a.from == b.from && a.control == b.control;
        for row in before {
            match after.iter().find(|it| is_same(it, row)) {
                None => self.deleted.push((Arc::clone(&row.sector), row.from)),
                Some(it) if it.to != row.to => {
                    self.ended.push((Arc::clone(&row.sector), row.from, it.to));
                }
                Some(_) => {}
            }
        }
        let new = after.iter().filter(|row| !before.iter().any(|it| is_same(it, row)));
        self.inserted.extend(new.cloned());
    }
}
