//! The phase `sectors`: applies the queue of transitions.

use crate::{
    collector::{
        error::SectorsError, ledger, phase_runner::PhaseRunner, report::CycleReport, setup::Setup,
    },
    status::outcome::Phase,
};
use sectorwatch_core::Time;
use sectorwatch_store::{CycleRecord, SectorsApplied};

/// Applies the queue, and writes the ledger row of this cycle, and up to which snapshot contact and control are known
/// if that is this one.
pub async fn apply(
    setup: &Setup,
    generation: i64,
    contacts_mark: Option<Time>,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Option<SectorsApplied> {
    let record = ledger::record(phases, report);
    run(setup, (generation, contacts_mark), Some(&record), phases, report).await
}

/// Applies the queue in a cycle that stored nothing and has no ledger row.
pub async fn drain(
    setup: &Setup,
    generation: i64,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Option<SectorsApplied> {
    run(setup, (generation, None), None, phases, report).await
}

async fn run(
    setup: &Setup,
    (generation, contacts_mark): (i64, Option<Time>),
    record: Option<&CycleRecord>,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Option<SectorsApplied> {
    let store = &setup.writing.store;
    let applying = async {
        let applied = store.apply_transitions(generation, record, contacts_mark).await?;
        Ok::<_, SectorsError>(applied)
    };
    let applied = phases.run(Phase::Sectors, |it| it.applied, applying).await;
    report.unless_failed(applied)
}
