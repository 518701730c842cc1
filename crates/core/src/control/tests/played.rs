//! A collector in miniature: what is stored, what is in memory, and restarts.

use std::{collections::BTreeMap, sync::Arc};

use super::*;
use crate::Time;

/// What a stored snapshot shows of each sector with owners; `None` when its phase failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub second: i64,
    pub sectors: BTreeMap<&'static str, Control>,
    pub has_failed: bool,
}

/// The stored rows with what the collector remembers.
#[derive(Debug, Default)]
pub struct Played {
    pub rows: BTreeMap<(Arc<str>, Time), Interval>,
    contacts_mark: Option<Time>,
    memory: Controls,
    unjudged: Unjudged,
}

impl Played {
    /// Takes a stored snapshot.
    pub fn take(&mut self, shown: &Shown) {
        let at = sample::time(shown.second);
        if shown.has_failed {
            return self.unjudged.add(at);
        }
        let sectors = shown.sectors.iter().map(|(id, control)| (Arc::from(*id), control.clone()));
        let judged = Judged { at, airspace_revision: "tiny".into(), sectors: sectors.collect() };
        let step = self.memory.step(&judged, self.unjudged);
        self.write(step.changes);
        (self.memory, self.contacts_mark) = (step.next, Some(at));
        self.unjudged.judged(at);
    }

    fn write(&mut self, changes: Changes) {
        for key in changes.deleted {
            assert!(self.rows.remove(&key).is_some(), "no row {key:?} to delete");
        }
        for (sector, from, to) in changes.ended {
            let row = self.rows.get_mut(&(sector, from)).expect("a row that ends");
            assert_ne!(row.to, to, "a write that changes nothing");
            row.to = to;
        }
        for row in changes.inserted {
            let key = (row.sector.clone(), row.from);
            assert!(self.rows.insert(key, row).is_none(), "two rows of one begin");
        }
        for rows in self.by_sector().values() {
            let open = rows.iter().filter(|row| row.to.is_none()).count();
            assert!(open <= 1, "two open rows: {rows:?}");
        }
    }

    /// Restarts: memory is what the rows show. The ledger knows the snapshots without control.
    pub fn restart(&mut self) {
        let mark = self.contacts_mark;
        let latest = |row: &&Interval| row.to.is_none() || row.to >= mark;
        self.memory = Controls::restored(self.rows.values().filter(latest).cloned(), mark);
    }

    /// The rows of each sector, in order.
    pub fn by_sector(&self) -> BTreeMap<Arc<str>, Vec<&Interval>> {
        let mut rows: BTreeMap<Arc<str>, Vec<&Interval>> = BTreeMap::new();
        for ((sector, _), row) in &self.rows {
            rows.entry(sector.clone()).or_default().push(row);
        }
        rows
    }
}

/// `-` uncontrolled, `?` unknown, else a letter for the controller and the rank, 0 if there is none.
pub fn control(word: &str) -> Control {
    match word {
        "-" => Control::Uncontrolled,
        "?" => Control::Unknown,
        _ => {
            let (callsign, rank) = word.split_at(1);
            Control::Controlled(Holder {
                controller_id: callsign.bytes().next().map(i64::from),
                callsign: Some(callsign.into()),
                rank: rank.parse().unwrap_or(0),
            })
        }
    }
}

/// A row as `A0 15-30`, with seconds; open as `A0 15-`.
pub fn text(row: &Interval) -> String {
    let second = |time: Time| (time - sample::time(0)).num_seconds().to_string();
    let control = match &row.control {
        Control::Controlled(holder) => {
            format!("{}{}", holder.callsign.as_deref().unwrap_or("_"), holder.rank)
        }
        Control::Uncontrolled => "-".to_owned(),
        Control::Unknown => "?".to_owned(),
    };
    format!("{control} {}-{}", second(row.from), row.to.map(second).unwrap_or_default())
}
