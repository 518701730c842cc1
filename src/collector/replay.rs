//! Replays recordings through the same cycle, with feed time as the clock.

use crate::{
    collector::{
        cycle::Collector,
        error::{FlightsError, PollError},
        heartbeat::Heartbeat,
        phase_runner::PhaseRunner,
        report::CycleReport,
        setup::Setup,
        snapshot_source::SnapshotSource,
    },
    status::outcome::CycleOutcome,
};
use sectorwatch_feed::recording::Recording;

/// The result of a replay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    pub stored: usize,
    /// Snapshots at or before the mark.
    pub skipped: usize,
    /// Stored snapshots with a failure in a later phase.
    pub partly_failed: usize,
    /// Flights written, summed over all snapshots.
    pub flights: usize,
    /// Positions written, summed over all snapshots.
    pub positions: usize,
}

/// Stores recordings in order. Retention does not run.
///
/// # Errors
/// The first failure that kept a snapshot from being stored. The next replay continues from there.
pub async fn replay(
    setup: Setup,
    recordings: Vec<Recording>,
    mut progress: impl FnMut(&Replayed),
) -> Result<Replayed, PollError> {
    let epoch = setup.writing.claims.next_epoch();
    let heartbeat = Heartbeat::new(setup.figures.poller.clone());
    let mut collector = Collector::new(setup, epoch);
    let mut replayed = Replayed::default();
    collector.restored().await.map_err(FlightsError::from)?;
    for recording in recordings {
        let mut phases = PhaseRunner::begin(&heartbeat, collector.generation());
        let mut report = CycleReport::default();
        let mut source = SnapshotSource::Recorded(recording);
        match collector.cycle(&mut source, &mut phases, &mut report).await? {
            CycleOutcome::Unchanged | CycleOutcome::Backwards => replayed.skipped += 1,
            outcome => {
                replayed.stored += 1;
                replayed.partly_failed += usize::from(outcome.is_failure());
                replayed.flights += report.flights;
                replayed.positions += report.positions;
            }
        }
        progress(&replayed);
    }
    Ok(replayed)
}
