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
use sectorwatch_store::chain;

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

impl Replayed {
    /// The summary for the operator; `recordings` is the number of recordings that were replayed.
    pub fn summary(&self, recordings: usize) -> String {
        let Self { stored, skipped, flights, positions, .. } = self;
        match (stored, skipped) {
            (0, _) => format!("{skipped} of {recordings} already stored or older"),
            (_, 0) => {
                format!("{stored} snapshots stored: {flights} observations, {positions} positions")
            }
            _ => format!(
                "{stored} snapshots stored: {flights} observations, {positions} positions; \
                 {skipped} of {recordings} already stored or older"
            ),
        }
    }

    /// Whether the replay stored everything. `refused` of all `files` could not be used.
    ///
    /// # Errors
    /// Files were refused, or snapshots were stored only in part.
    pub fn judge(&self, refused: usize, files: usize) -> Result<(), Incomplete> {
        match (refused, self.partly_failed) {
            (0, 0) => Ok(()),
            (0, snapshots) => Err(Incomplete::InPart { snapshots }),
            (refused, _) => Err(Incomplete::Refused { refused, files }),
        }
    }
}

/// Why a replay is incomplete.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    /// Files could not be used.
    #[error("{refused} of {files} files were not replayed")]
    Refused {
        /// The number of refused files.
        refused: usize,
        /// The number of all files.
        files: usize,
    },
    /// Later phases failed for some snapshots.
    #[error("{snapshots} snapshots were stored in part; see the log")]
    InPart {
        /// The number of these snapshots.
        snapshots: usize,
    },
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
    let without_radios = recordings.iter().filter(|it| it.radios.is_none()).count();
    if without_radios > 0 {
        let recordings = recordings.len();
        tracing::info!(without_radios, recordings, "radios that were not recorded are unknown");
    }
    for recording in recordings {
        let mut phases = PhaseRunner::begin(&heartbeat, collector.generation());
        let mut report = CycleReport::default();
        let mut source = SnapshotSource::Recorded(recording);
        match collector.cycle(&mut source, &mut phases, &mut report).await? {
            CycleOutcome::Unchanged | CycleOutcome::Backwards => replayed.skipped += 1,
            outcome => {
                replayed.stored += 1;
                if let Some(error) = report.error.filter(|_| outcome.is_failure()) {
                    replayed.partly_failed += 1;
                    let update_timestamp = report.update_timestamp.map(|time| time.to_rfc3339());
                    tracing::warn!(update_timestamp, error = %chain(&error), "stored in part");
                }
                replayed.flights += report.flights;
                replayed.positions += report.positions;
            }
        }
        progress(&replayed);
    }
    Ok(replayed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_already_is_told_beside_what_is_new() {
        for (stored, skipped, expected) in [
            (0, 3, "3 of 3 already stored or older"),
            (0, 0, "0 of 0 already stored or older"),
            (2, 0, "2 snapshots stored: 40 observations, 30 positions"),
            (
                2,
                1,
                "2 snapshots stored: 40 observations, 30 positions; 1 of 3 already stored or older",
            ),
        ] {
            let counts = Replayed { stored, skipped, ..Replayed::default() };
            let replayed = Replayed { flights: 40, positions: 30, ..counts };
            assert_eq!(replayed.summary(stored + skipped), expected);
        }
    }

    #[test]
    fn files_that_were_refused_and_snapshots_that_failed_in_part_are_no_success() {
        for (refused, partly_failed, expected) in [
            (0, 0, None),
            (1, 0, Some("1 of 4 files were not replayed")),
            (0, 2, Some("2 snapshots were stored in part; see the log")),
            (1, 2, Some("1 of 4 files were not replayed")),
        ] {
            let replayed = Replayed { partly_failed, ..Replayed::default() };
            let judged = replayed.judge(refused, 4).err().map(|error| error.to_string());
            assert_eq!(judged.as_deref(), expected);
        }
    }
}
