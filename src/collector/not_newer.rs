//! Handles a publication that is not newer than the mark, of which nothing is stored.

use crate::{
    collector::{
        cycle::Collector,
        error::{FlightsError, PollError, SectorsError},
        phase_runner::PhaseRunner,
        rejections::{self, NotStored},
        report::CycleReport,
        sectors,
        snapshot_source::SnapshotSource,
    },
    status::{
        outcome::{CycleOutcome, Phase},
        standing::Standing,
    },
};
use sectorwatch_core::{
    Time,
    drift::Drift,
    snapshot::{Snapshot, Unreadable},
};
use sectorwatch_feed::metrics::Feed;
use sectorwatch_store::{FlightsWritten, chain};

impl Collector {
    /// `update_timestamp` of the newest stored snapshot, or of the newest one seen while the tables cannot be
    /// read.
    pub(super) fn mark(&self) -> Option<Time> {
        self.memory.as_ref().map_or(self.newest_seen, |memory| memory.mark)
    }

    /// Makes sure that the right to write is held, and compares a publication with the mark.
    ///
    /// # Errors
    /// Any database error.
    pub(super) async fn standing_of(
        &mut self,
        snapshot: &mut Snapshot,
        source: &SnapshotSource,
        phases: &PhaseRunner,
        report: &mut CycleReport,
    ) -> Result<Standing, PollError> {
        phases.progress.enter(Phase::Flights);
        let restored = self.restored().await;
        // Comes first, so that nothing else sees a forgotten member.
        let forgotten = self.setup.writing.store.forgotten();
        report.left_out = snapshot.leave_out(|cid| forgotten.holds(cid));
        let standing = self.compare(snapshot.update_timestamp, source, phases);
        // Comes before the database, because what the status displays of the feed does not need it.
        self.note_publication(snapshot, &standing, report);
        restored.map_err(FlightsError::from)?;
        Ok(standing)
    }

    /// Ends a cycle in which the feed answered "not modified": the current document is the one at the mark.
    pub(super) async fn unchanged(
        &mut self,
        source: &mut SnapshotSource,
        phases: &mut PhaseRunner,
        report: &mut CycleReport,
    ) -> CycleOutcome {
        self.check_forgotten(source).await;
        let standing = match self.mark() {
            Some(mark) => self.compare(mark, source, phases),
            None => Standing::Same,
        };
        self.not_newer(standing, phases, report).await
    }

    /// Checks for newly forgotten members although there is nothing new. The next snapshot then omits them.
    async fn check_forgotten(&mut self, source: &mut SnapshotSource) {
        let had_forgotten = self.has_forgotten;
        if self.memory.is_some()
            && let Err(error) = self.restored().await
        {
            tracing::debug!(error = %chain(&error), "who is forgotten is not known");
        }
        if self.has_forgotten && !had_forgotten {
            source.forget();
        }
    }

    fn compare(&self, published: Time, source: &SnapshotSource, phases: &PhaseRunner) -> Standing {
        let mark = self.mark();
        let standing = Standing::of(published, mark, source.newest_allowed());
        if self.memory.is_some() {
            phases.progress.compared(published, mark, &standing);
        }
        standing
    }

    /// Takes what the status displays from a publication. An old publication changes nothing. One that a
    /// wrong mark keeps from being stored still shows that the feed works.
    fn note_publication(
        &mut self,
        snapshot: &Snapshot,
        standing: &Standing,
        report: &mut CycleReport,
    ) {
        if *standing == Standing::Backwards {
            return;
        }
        report.is_latest = true;
        self.setup.figures.feed.published(Feed::V3, snapshot.update_timestamp);
        if matches!(standing, Standing::MarkAhead(_)) {
            return;
        }
        self.newest_seen = Some(snapshot.update_timestamp);
        report.drift = Some(Drift::of(snapshot));
        if let Some(controllers) = &snapshot.controllers {
            self.online = Some(self.setup.selection.controllers.online(controllers, snapshot.atis));
        }
        // For the stored snapshot, memory already knows more than the document: values kept for unreadable
        // fields.
        if *standing != Standing::Same || self.staffing.is_none() {
            self.staffing = self.setup.selection.staffing(snapshot, None);
        }
    }

    /// Ends the cycle of a publication that is not newer. Transitions left in the queue are still applied.
    pub(super) async fn not_newer(
        &mut self,
        standing: Standing,
        phases: &mut PhaseRunner,
        report: &mut CycleReport,
    ) -> CycleOutcome {
        let outcome = match standing {
            Standing::Backwards => CycleOutcome::Backwards,
            Standing::Same | Standing::Newer => CycleOutcome::Unchanged,
            Standing::MarkAhead(error) => {
                report.failed(FlightsError::from(error));
                CycleOutcome::MarkAhead
            }
        };
        if self.memory.as_ref().is_some_and(|memory| memory.pending > 0) {
            self.drain(phases, report).await;
        }
        report.error.as_ref().map_or(outcome, PollError::outcome)
    }

    async fn drain(&mut self, phases: &mut PhaseRunner, report: &mut CycleReport) {
        phases.progress.enter(Phase::Sectors);
        if let Err(error) = self.restored().await {
            return report.failed(SectorsError::from(error));
        }
        let (setup, generation) = (self.setup.clone(), self.generation());
        let (Some(memory), Some(generation)) = (&mut self.memory, generation) else { return };
        let Some(applied) = sectors::drain(&setup, generation, phases, report).await else {
            return;
        };
        memory.applied(&applied);
        report.drained = memory.pending == 0;
        let refused = rejections::of(&FlightsWritten::default(), Some(&applied));
        if let Some(mark) = memory.mark.filter(|_| !refused.is_empty()) {
            // Memory has a state for refused items that the tables do not have.
            self.memory = None;
            let unreadable = &Unreadable::new();
            let not_stored_items = NotStored { rejected: Vec::new(), refused, unreadable };
            rejections::keep(&setup, not_stored_items, mark, report).await;
        }
    }
}
