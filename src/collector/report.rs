//! What one cycle did, for status, ledger and log.

use strum::VariantArray as _;

use crate::{
    collector::{error::PollError, map_data},
    status::{AircraftList, MovesBySector, outcome::CycleOutcome},
};
use sectorwatch_core::{
    Time, drift::Drift, members::LeftOut, occupancy::Step, snapshot::Rejected, tracking::Tracking,
    transition::TransitionKind,
};
use sectorwatch_store::{FlightsWritten, chain};

/// What one cycle did so far.
#[derive(Debug, Default)]
pub struct CycleReport {
    /// `update_timestamp` of the snapshot, once decoded.
    pub update_timestamp: Option<Time>,
    /// The ETag of the snapshot.
    pub etag: Option<String>,
    /// How many pilots are in the snapshot.
    pub pilots: Option<usize>,
    /// Forgotten members who are in the snapshot.
    pub left_out: LeftOut,
    /// What the pilots of the snapshot lost.
    pub drift: Option<Drift>,
    /// How many pilots are in scope.
    pub in_scope: usize,
    /// The feed answered in this cycle, with a body or with "nothing newer".
    pub answered: bool,
    /// The publication is not behind the newest one, or it is the mark that is wrong.
    pub is_latest: bool,
    /// A queue that was left behind is empty now, though nothing was stored.
    pub drained: bool,
    /// The flights transaction committed.
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
    /// Who entered and left each sector by them.
    pub moves: MovesBySector,
    /// The flights in scope.
    pub aircraft: AircraftList,
    /// How many records were not taken.
    pub rejected: usize,
    /// Those among them that were radios, until they are kept.
    pub rejected_radios: Vec<Rejected>,
    /// The first failure.
    pub error: Option<PollError>,
}

impl CycleReport {
    /// Notes a failure; the first one is the cycle's.
    pub fn failed(&mut self, error: impl Into<PollError>) {
        let error = error.into();
        tracing::debug!(phase = error.phase().as_str(), error = %chain(&error), "phase failed");
        self.error.get_or_insert(error);
    }

    /// Notes the failure of a phase that leaves the later ones to run; `None` when it failed.
    pub fn unless_failed<T>(&mut self, result: Result<T, PollError>) -> Option<T> {
        result.map_err(|error| self.failed(error)).ok()
    }

    /// The snapshot is the feed, but as a whole it is not believed.
    pub fn refused(&mut self, error: &PollError) {
        if let Some(remains) = error.remains() {
            self.update_timestamp = Some(remains.update_timestamp);
            self.drift = Some(remains.drift);
            self.rejected = remains.rejected.len();
        }
    }

    /// The flights transaction committed this step from the state `before`, with its transitions in
    /// the queue, after so many records of the snapshot were rejected.
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
        self.aircraft = map_data::aircraft(step);
        self.transitions = std::array::from_fn(|index| {
            let kind = TransitionKind::VARIANTS[index];
            step.transitions.iter().filter(|transition| transition.kind == kind).count()
        });
    }

    /// How the cycle stands, if nothing else fails.
    pub fn outcome(&self) -> CycleOutcome {
        self.error.as_ref().map_or(CycleOutcome::Success, PollError::outcome)
    }
}
