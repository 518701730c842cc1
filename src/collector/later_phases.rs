//! The phases after the flights of a snapshot are stored. None of them undoes or delays the flights, and each runs
//! whether or not the one before it succeeded.

use std::sync::{Arc, OnceLock};

use crate::collector::{
    contact_figures::RadioFigures,
    contact_snapshot::{ContactSnapshot, Controllers},
    contacts::{self, ContactMemory},
    controllers::{self, StoredControllers},
    cycle::Collector,
    flights::StoredFlights,
    phase_runner::PhaseRunner,
    radios::{self, RadiosOf},
    report::CycleReport,
    sectors,
    snapshot_source::SnapshotSource,
    stations::{ControllerFilter, Wanted},
};
use sectorwatch_core::{control::Controls, controller::Controller, snapshot::Snapshot};
use sectorwatch_store::SectorsApplied;

impl Collector {
    /// Stores controllers, radios, contact and control, and applies the queue of transitions.
    pub(super) async fn after_flights(
        &mut self,
        stored: StoredFlights<'_>,
        snapshot: &Snapshot,
        source: &mut SnapshotSource,
        phases: &mut PhaseRunner,
        report: &mut CycleReport,
    ) -> Option<SectorsApplied> {
        let StoredFlights { generation, previous, filtered, observed: flights } = stored;
        let (setup, published) = (self.setup.clone(), snapshot.update_timestamp);
        let selection = &setup.selection;
        let controllers = controllers::store(&setup, generation, snapshot, phases, report).await;
        let kept: Vec<&Controller> = controllers.kept.iter().map(AsRef::as_ref).collect();
        self.staffing = selection.staffing(snapshot, Some(&kept));
        sectorwatch_fault::point("controllers.committed");
        let wanted = &Wanted::new(filtered, &kept);
        let of = RadiosOf { generation, published, wanted, memory: &mut self.radios };
        let stations = radios::store(&setup, source, of, phases, report).await;
        sectorwatch_fault::point("transceivers.committed");
        let judged = ContactSnapshot {
            at: published,
            previous,
            flights,
            stations: stations.as_deref(),
            controllers: controllers_of(&selection.controllers, snapshot, &controllers),
            rules: selection.contact.as_ref().filter(|_| source.has_contact()),
            airspace: &selection.airspace,
            heard: OnceLock::new(),
        };
        let known_up_to = self.memory.as_ref().and_then(|memory| memory.contacts_mark);
        let memory = &mut self.contacts;
        let is_known =
            contacts::store(&setup, generation, &judged, known_up_to, memory, phases, report).await;
        // Shown is what was committed.
        let stored = Some(&self.contacts).filter(|_| is_known);
        report.radio = RadioFigures::of(&judged, stored.and_then(ContactMemory::radio));
        let control = stored.and_then(ContactMemory::control).map(Controls::latest);
        self.control = control.map(|it| it.map(|(id, it)| (Arc::clone(id), it.clone())).collect());
        let contacts_mark = is_known.then_some(published);
        let applied = sectors::apply(&setup, generation, contacts_mark, phases, report).await;
        if let Some(memory) = &mut self.memory {
            memory.contacts_mark = contacts_mark.or(memory.contacts_mark);
            applied.iter().for_each(|applied| memory.applied(applied));
        }
        report.rejected += applied.as_ref().map_or(0, |applied| applied.refused.len());
        applied
    }
}

/// The controllers by which contact and control are judged; `None` when they are unknown.
fn controllers_of<'s>(
    filter: &ControllerFilter,
    snapshot: &'s Snapshot,
    stored: &'s StoredControllers<'s>,
) -> Option<Controllers<'s>> {
    snapshot.controllers.as_ref()?;
    let kept = stored.rows()?;
    let controllers: Vec<&Controller> = kept.iter().map(|it| it.controller).collect();
    let refused = &snapshot.refused_controllers;
    let unheard = filter.unheard(refused, &controllers);
    let doubtful = filter.doubtful(refused, &controllers);
    Some(Controllers { kept, unheard, doubtful })
}
