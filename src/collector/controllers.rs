//! The phase `controllers`: stores the controllers that are kept.

use std::borrow::Cow;

use crate::{
    collector::{
        error::ControllersError, phase_runner::PhaseRunner, report::CycleReport, setup::Setup,
    },
    status::outcome::Phase,
};
use sectorwatch_core::{controller::Controller, snapshot::Snapshot};

/// Stores the controllers that are kept, and returns them as stored.
pub async fn store<'s>(
    setup: &Setup,
    generation: i64,
    snapshot: &'s Snapshot,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> Vec<Cow<'s, Controller>> {
    let Some(controllers) = &snapshot.controllers else {
        report.failed(ControllersError::Missing);
        return Vec::new();
    };
    let kept = setup.selection.controllers.kept(controllers);
    let (store, published) = (&setup.writing.store, snapshot.update_timestamp);
    let writing = async {
        let kept = store.as_stored(&kept).await?;
        let rows: Vec<&Controller> = kept.iter().map(AsRef::as_ref).collect();
        let written = store.write_controllers(generation, published, &rows).await?;
        Ok::<_, ControllersError>((written, kept))
    };
    let written = phases.run(Phase::Controllers, |(rows, _)| *rows, writing).await;
    let (rows, stored) = report.unless_failed(written).unzip();
    report.controllers = rows.unwrap_or(0);
    stored.unwrap_or_else(|| kept.into_iter().map(Cow::Borrowed).collect())
}
