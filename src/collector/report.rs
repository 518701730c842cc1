//! The results of one cycle, for status, ledger and log.

use strum::VariantArray as _;

use crate::{
    collector::{contact_figures::RadioFigures, error::PollError, map_data},
    status::{AircraftList, MovesBySector, outcome::CycleOutcome},
};
use sectorwatch_core::{
    Time, drift::Drift, members::LeftOut, occupancy::Step, snapshot::Rejected, tracking::Tracking,
    transition::TransitionKind,
};
use sectorwatch_store::{FlightsWritten, chain};

/// The results of one cycle so far.
#[derive(Debug, Default)]
pub struct CycleReport {
    /// `update_timestamp` of the snapshot, once decoded.
    pub update_timestamp: Option<Time>,
    pub etag: Option<String>,
    pub pilots: Option<usize>,
    /// Records of forgotten members in the snapshot.
    pub left_out: LeftOut,
    /// The fields and records of pilots that could not be read.
    pub drift: Option<Drift>,
    pub in_scope: usize,
    /// Whether the feed answered, with a body or with "not modified".
    pub answered: bool,
    /// Whether the publication is not behind the newest one, or only a wrong mark makes it so.
    pub is_latest: bool,
    /// Whether transitions left in the queue were applied although nothing was stored.
    pub drained: bool,
    /// Whether the flights transaction committed.
    pub stored: bool,
    /// Rows of `flights` written.
    pub flights: usize,
    /// Rows of `flight_positions` written.
    pub positions: usize,
    /// Rows of `controllers` written.
    pub controllers: usize,
    /// Rows of `transceivers` written.
    pub transceivers: usize,
    /// Queued transitions, in the order of [`TransitionKind::VARIANTS`].
    pub transitions: [usize; TransitionKind::VARIANTS.len()],
    /// The sector movements of these transitions.
    pub moves: MovesBySector,
    pub aircraft: AircraftList,
    /// The radios of its flights; `None` while contact is not recorded.
    pub radio: Option<RadioFigures>,
    /// The number of records that were not stored.
    pub rejected: usize,
    /// The rejected radios, until they are kept.
    pub rejected_radios: Vec<Rejected>,
    pub error: Option<PollError>,
}

impl CycleReport {
    /// Records a failure. The first one is that of the cycle.
    pub fn failed(&mut self, error: impl Into<PollError>) {
        let error = error.into();
        tracing::debug!(phase = error.phase().as_str(), error = %chain(&error), "phase failed");
        self.error.get_or_insert(error);
    }

    /// Records the failure of a phase after which later phases still run, and returns `None` then.
    pub fn unless_failed<T>(&mut self, result: Result<T, PollError>) -> Option<T> {
        result.map_err(|error| self.failed(error)).ok()
    }

    /// Records a snapshot that was refused as a whole.
    pub fn refused(&mut self, error: &PollError) {
        if let Some(refused_snapshot) = error.refused_snapshot() {
            self.update_timestamp = Some(refused_snapshot.update_timestamp);
            self.drift = Some(refused_snapshot.drift);
            self.rejected = refused_snapshot.rejected.len();
        }
    }

    /// Records a committed flights transaction: its step from the state `before`, with its transitions
    /// queued, and the number of records of the snapshot that were rejected before.
    pub fn flights_stored(
        &mut self,
        step: &Step<'_>,
        before: &Tracking,
        written: &FlightsWritten,
        rejected: usize,
    ) {
        self.stored = true;
        self.rejected = rejected + written.refused.len();
        (self.flights, self.positions) = (written.flights, written.positions);
        self.moves = map_data::moves(step, before, &written.refused);
        self.aircraft = map_data::aircraft(step, written);
        self.transitions = std::array::from_fn(|index| {
            let kind = TransitionKind::VARIANTS[index];
            step.transitions.iter().filter(|transition| transition.kind == kind).count()
        });
    }

    /// The outcome of the cycle if nothing else fails.
    pub fn outcome(&self) -> CycleOutcome {
        self.error.as_ref().map_or(CycleOutcome::Success, PollError::outcome)
    }
}
