//! The phase `flights`: stores the flights of a snapshot in one transaction.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    collector::{
        error::{FlightsError, PollError},
        phase_runner::PhaseRunner,
        setup::Setup,
    },
    status::outcome::Phase,
};
use sectorwatch_core::{
    Time,
    filter::Filtered,
    flight::FlightKey,
    occupancy::Step,
    tracking::{Tracked, Tracking},
};
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

/// The flights of a snapshot, for the phases after this one.
pub struct StoredFlights<'s> {
    /// The generation that may write.
    pub generation: i64,
    /// `update_timestamp` of the stored snapshot before.
    pub previous: Option<Time>,
    /// The flights of the snapshot.
    pub filtered: &'s Filtered<'s>,
    /// Those that were observed, as they are stored.
    pub observed: &'s [Observed],
}

/// A flight that was observed.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// `flights.id`.
    pub flight_id: i64,
    /// By which its radios are found.
    pub callsign: Arc<str>,
    /// When it was observed before; `None` for a new flight.
    pub previous: Option<Time>,
}

/// The flights that a step observes, or finds present by a refused record. `before` is the state before the step.
pub fn observed(step: &Step<'_>, before: &Tracking, written: &FlightsWritten) -> Vec<Observed> {
    let refused: BTreeSet<&FlightKey> = written.refused.iter().map(|it| &it.item).collect();
    let is_seen = |(key, flight): &(&FlightKey, &Tracked)| {
        flight.last_seen == step.now.at && !refused.contains(key)
    };
    let seen = step.next.iter().filter(is_seen).filter_map(|(key, flight)| {
        let flight_id = written.ids.get(key).copied().or(flight.id)?;
        // A flight that was deleted and came back is another row.
        let before = before.get(key).filter(|before| before.id == Some(flight_id));
        let previous = before.map(|before| before.last_seen);
        Some(Observed { flight_id, callsign: Arc::clone(&key.callsign), previous })
    });
    seen.collect()
}
