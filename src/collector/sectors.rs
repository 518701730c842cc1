//! The phase `sectors`: applies the queue of transitions.

use crate::{
    collector::{
        error::SectorsError, ledger, phase_runner::PhaseRunner, report::CycleReport, setup::Setup,
    },
    status::outcome::Phase,
};
use sectorwatch_store::{CycleRecord, SectorsApplied};

/// Applies the queue, and writes the ledger row of this cycle.
pub async fn apply(
    setup: &Setup,
    generation: i64,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Option<SectorsApplied> {
    let record = ledger::record(phases, report);
    run(setup, generation, Some(&record), phases, report).await
}

/// Applies the queue in a cycle that stored nothing and has no ledger row.
pub async fn drain(
    setup: &Setup,
    generation: i64,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Option<SectorsApplied> {
    run(setup, generation, None, phases, report).await
}

async fn run(
    setup: &Setup,
    generation: i64,
    record: Option<&CycleRecord>,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Option<SectorsApplied> {
    let store = &setup.writing.store;
    let applying = async {
        let applied = store.apply_transitions(generation, record).await?;
        Ok::<_, SectorsError>(applied)
    };
    let applied = phases.run(Phase::Sectors, |it| it.applied, applying).await;
    report.unless_failed(applied)
}
