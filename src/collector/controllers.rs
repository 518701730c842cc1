//! The phase `controllers`: stores the controllers that are kept.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    collector::{
        error::ControllersError, phase_runner::PhaseRunner, report::CycleReport, setup::Setup,
    },
    status::outcome::Phase,
};
use sectorwatch_core::{contact::Kept, controller::Controller, snapshot::Snapshot};
use sectorwatch_store::ControllerIds;

/// The controllers that are kept, as they are stored.
#[derive(Default)]
pub struct StoredControllers<'s> {
    /// In the order of the feed.
    pub kept: Vec<Cow<'s, Controller>>,
    /// Their rows; `None` when they were not stored.
    ids: Option<ControllerIds>,
}

impl StoredControllers<'_> {
    /// The controllers with their rows; `None` when they were not stored.
    pub fn rows(&self) -> Option<Vec<Kept<'_>>> {
        let ids = self.ids.as_ref()?;
        let row = |controller: &Controller| {
            let key = (controller.cid, controller.callsign.to_string(), controller.logon_time);
            ids.get(&key).copied()
        };
        let kept = self.kept.iter().map(AsRef::as_ref);
        Some(kept.filter_map(|it| Some(Kept { id: row(it)?, controller: it })).collect())
    }
}

/// Stores the controllers that are kept.
pub async fn store<'s>(
    setup: &Setup,
    generation: i64,
    snapshot: &'s Snapshot,
    phases: &mut PhaseRunner,
    report: &mut CycleReport,
) -> StoredControllers<'s> {
    let Some(controllers) = &snapshot.controllers else {
        report.failed(ControllersError::Missing);
        return StoredControllers::default();
    };
    let kept = setup.selection.controllers.kept(controllers);
    let (store, published) = (&setup.writing.store, snapshot.update_timestamp);
    let writing = async {
        let kept = store.as_stored(&kept).await?;
        let rows: Vec<&Controller> = kept.iter().map(AsRef::as_ref).collect();
        let written = store.write_controllers(generation, published, &rows).await?;
        Ok::<_, ControllersError>((written, kept))
    };
    let count = |(ids, _): &(ControllerIds, _)| ids.len();
    let written = phases.run(Phase::Controllers, count, writing).await;
    let (ids, stored) = report.unless_failed(written).unzip();
    report.controllers = ids.as_ref().map_or(0, BTreeMap::len);
    let kept = stored.unwrap_or_else(|| kept.into_iter().map(Cow::Borrowed).collect());
    StoredControllers { kept, ids }
}
