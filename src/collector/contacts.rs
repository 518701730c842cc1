//! The phase `contacts`: with whom each flight is in contact by radio, and who controls each sector.

use crate::{
    collector::{
        contact_snapshot::ContactSnapshot, error::ContactsError, phase_runner::PhaseRunner,
        report::CycleReport, setup::Setup,
    },
    status::outcome::Phase,
};
use sectorwatch_core::{
    Time,
    contact::{self, Contacts},
    control::{self, Controls},
};
use sectorwatch_store::{ContactChanges, Store, StoreError};

/// What is known of contact and control: a cache of the rows, which advances only by what was committed.
#[derive(Default)]
pub struct ContactMemory {
    /// `None` until it is read, and after a write of unknown result.
    known: Option<Known>,
    /// Observations whose phase did not end well.
    unjudged: contact::Unjudged,
    /// Snapshots whose phase did not end well.
    unjudged_snapshots: control::Unjudged,
}

struct Known {
    radio: Contacts,
    control: Controls,
}

impl ContactMemory {
    /// Has the rows read again before the next snapshot.
    pub fn forget(&mut self) {
        self.known = None;
    }

    /// What is known of the radio of each flight; `None` when it is not read.
    pub fn radio(&self) -> Option<&Contacts> {
        self.known.as_ref().map(|known| &known.radio)
    }

    /// What is known of the control of each sector; `None` when it is not read.
    pub fn control(&self) -> Option<&Controls> {
        self.known.as_ref().map(|known| &known.control)
    }

    /// Notes the snapshots after `contacts_mark`, whose phase did not end well.
    fn note(&mut self, snapshot: &ContactSnapshot<'_>, contacts_mark: Option<Time>) {
        for flight in snapshot.flights {
            if let Some(previous) = flight.previous.filter(|seen| Some(*seen) > contacts_mark) {
                self.unjudged.add(flight.flight_id, previous);
            }
        }
        if let Some(previous) = snapshot.previous.filter(|mark| Some(*mark) > contacts_mark) {
            self.unjudged_snapshots.add(previous);
        }
    }

    /// Notes that the phase of this snapshot did not end well.
    fn failed(&mut self, snapshot: &ContactSnapshot<'_>) {
        for flight in snapshot.flights {
            self.unjudged.add(flight.flight_id, snapshot.at);
        }
        self.unjudged_snapshots.add(snapshot.at);
    }

    async fn read(
        &mut self,
        store: &Store,
        snapshot: &ContactSnapshot<'_>,
    ) -> Result<Known, StoreError> {
        let sectors: Vec<&str> = snapshot.sectors().map(|sector| sector.id.as_ref()).collect();
        let stored = store.read_contacts(snapshot.previous, snapshot.at, &sectors).await?;
        let contacts_mark = stored.contacts_mark;
        self.unjudged.judged(contacts_mark);
        self.unjudged.add_stored(&stored.flights, contacts_mark, snapshot.at);
        if let Some(mark) = contacts_mark {
            self.unjudged_snapshots.judged(mark);
        }
        // A failed phase before the start is known from the ledger alone.
        stored.first_unjudged.into_iter().for_each(|at| self.unjudged_snapshots.add(at));
        Ok(Known {
            radio: Contacts::restored(stored.flights, contacts_mark),
            control: Controls::restored(stored.control, contacts_mark),
        })
    }

    /// Judges the snapshot, and writes what changes. Returns the number of rows.
    async fn apply(
        &mut self,
        setup: &Setup,
        generation: i64,
        snapshot: &ContactSnapshot<'_>,
    ) -> Result<usize, StoreError> {
        let store = &setup.writing.store;
        let known = match self.known.take() {
            Some(known) => known,
            None => self.read(store, snapshot).await?,
        };
        let Known { mut radio, control } = known;
        let radio = match snapshot.rules {
            Some(rules) => {
                let back = radio.unknown_of(snapshot.seen_before());
                if !back.is_empty() {
                    radio.recall(store.read_contact_ends(&back).await?);
                }
                radio.step(snapshot.at, snapshot.radio(rules), &self.unjudged, rules.grace)
            }
            None => radio.end(),
        };
        let control = control.step(&snapshot.control(), self.unjudged_snapshots);
        let changes = ContactChanges { radio: &radio.changes, control: &control.changes };
        let new = store.write_contacts(generation, snapshot.at, changes).await?;
        let rows = changes.rows();
        setup.figures.poller.contact.changed(&radio.changes);
        let mut known = Known { radio: radio.next, control: control.next };
        known.radio.stored(new);
        (self.unjudged, self.unjudged_snapshots) = Default::default();
        self.known = Some(known);
        Ok(rows)
    }
}

/// Judges the snapshot, of which nothing is judged after `contacts_mark`, and writes what changes. Returns whether
/// that ended well.
pub async fn store(
    setup: &Setup,
    generation: i64,
    snapshot: &ContactSnapshot<'_>,
    contacts_mark: Option<Time>,
    memory: &mut ContactMemory,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> bool {
    memory.note(snapshot, contacts_mark);
    let applying = async {
        let rows = memory.apply(setup, generation, snapshot).await?;
        Ok::<_, ContactsError>(rows)
    };
    let applied = phases.run(Phase::Contacts, |rows: &usize| *rows, applying).await;
    let ended_well = report.unless_failed(applied).is_some();
    if !ended_well {
        memory.failed(snapshot);
    }
    ended_well
}
