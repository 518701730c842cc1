//! The phase `flights`: stores the flights of a snapshot in one transaction.

use crate::{
    collector::{
        error::{FlightsError, PollError},
        phase_runner::PhaseRunner,
        setup::Setup,
    },
    status::outcome::Phase,
};
use sectorwatch_core::occupancy::Step;
use sectorwatch_store::FlightsWritten;

/// Stores the flights, their positions and their transitions, and advances the mark.
///
/// # Errors
/// Nothing was stored, or it is unknown whether the commit happened.
pub async fn store(
    setup: &Setup,
    generation: i64,
    step: &Step<'_>,
    phases: &mut PhaseRunner,
) -> Result<FlightsWritten, PollError> {
    let storing = async {
        let revision = setup.selection.airspace.revision();
        let written = setup.writing.store.write_flights(generation, revision, step).await?;
        Ok::<_, FlightsError>(written)
    };
    phases.run(Phase::Flights, |it| it.flights, storing).await
}
