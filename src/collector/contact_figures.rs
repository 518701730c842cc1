//! What the phase `contacts` of a snapshot gave, for status and metrics.

use std::collections::BTreeMap;

use crate::{
    collector::contact_snapshot::ContactSnapshot,
    status::{Aircraft, AircraftList, AircraftRadio, RadioCounts},
};
use sectorwatch_core::contact::{Contacts, Listening, State, Tuned};

/// The radios of the flights that were observed in a snapshot.
#[derive(Debug, Clone, Default)]
pub struct RadioFigures {
    pub counts: RadioCounts,
    by_flight: BTreeMap<i64, AircraftRadio>,
}

impl RadioFigures {
    /// The radios as they were stored; `stored` is `None` when the phase did not end well, and all is unknown then.
    /// `None` while contact is not recorded.
    pub fn of(snapshot: &ContactSnapshot<'_>, stored: Option<&Contacts>) -> Option<Self> {
        let listening = snapshot.listening(snapshot.rules?).filter(|_| stored.is_some());
        let mut figures = Self::default();
        for flight in snapshot.flights {
            let state = stored.and_then(|stored| stored.of(flight.flight_id));
            let tuned = listening.and_then(|it| tuned(it, &flight.callsign));
            let radio = AircraftRadio::new(state.unwrap_or(&State::Unknown), tuned);
            radio.radio.into_iter().for_each(|state| figures.counts.add(state));
            figures.by_flight.insert(flight.flight_id, radio);
        }
        Some(figures)
    }

    /// The aircraft with their radios. That of one that was not stored is unknown.
    pub fn with_radios(&self, aircraft: &AircraftList) -> AircraftList {
        let with_radio = |aircraft: &Aircraft| {
            let radio = aircraft.flight_id.and_then(|id| self.by_flight.get(&id)).cloned();
            let radio = radio.unwrap_or_else(|| AircraftRadio::new(&State::Unknown, None));
            Aircraft { radio, ..aircraft.clone() }
        };
        aircraft.iter().map(with_radio).collect()
    }
}

/// The callsigns that a flight is tuned to, in the order of contact and each once; `None` when nobody can tell.
fn tuned(listening: &Listening<'_>, callsign: &str) -> Option<Vec<String>> {
    let mut tuned = listening.tuned(callsign);
    if tuned.is_empty() && listening.of(callsign) == State::Unknown {
        return None;
    }
    tuned.sort_by(Tuned::order);
    let mut callsigns: Vec<String> = Vec::new();
    for it in &tuned {
        if !callsigns.iter().any(|callsign| callsign == it.callsign()) {
            callsigns.push(it.callsign().to_owned());
        }
    }
    Some(callsigns)
}
