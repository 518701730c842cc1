//! Contact by radio in the status.

use std::sync::Arc;

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use super::aircraft::optional_text;
use sectorwatch_core::contact::State;

/// What is known of a flight's radio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RadioState {
    /// In contact with one controller.
    Contact,
    /// In contact with nobody.
    None,
    /// Nobody can tell.
    Unknown,
}

impl RadioState {
    /// The value in the JSON, and of the metric's label.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl From<&State> for RadioState {
    fn from(state: &State) -> Self {
        match state {
            State::Contact(_) => Self::Contact,
            State::Alone => Self::None,
            State::Unknown => Self::Unknown,
        }
    }
}

/// The controller of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// `None` after the controller was forgotten.
    #[serde(serialize_with = "optional_text")]
    pub callsign: Option<Arc<str>>,
    /// The channel on which the contact began.
    pub frequency_hz: i32,
}

/// The radio of an aircraft; all are `None` while contact is not recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AircraftRadio {
    pub radio: Option<RadioState>,
    /// `None` unless it is in contact.
    pub contact: Option<Contact>,
    /// The controllers within reach whose channel a radio has, the one of the contact first; `None` when its radios
    /// are unknown.
    pub tuned: Option<Vec<String>>,
}

impl AircraftRadio {
    /// The radio in this state, which is tuned to these controllers.
    pub fn new(state: &State, tuned: Option<Vec<String>>) -> Self {
        let contact = state.partner().map(|partner| Contact {
            callsign: partner.callsign.clone(),
            frequency_hz: partner.frequency_hz,
        });
        Self { radio: Some(state.into()), contact, tuned }
    }
}

/// How many of the flights that were observed in the latest stored snapshot are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RadioCounts {
    pub contact: u64,
    pub none: u64,
    pub unknown: u64,
}

impl RadioCounts {
    /// Adds a flight.
    pub fn add(&mut self, state: RadioState) {
        *match state {
            RadioState::Contact => &mut self.contact,
            RadioState::None => &mut self.none,
            RadioState::Unknown => &mut self.unknown,
        } += 1;
    }

    /// The flights in one state.
    pub fn of(self, state: RadioState) -> u64 {
        match state {
            RadioState::Contact => self.contact,
            RadioState::None => self.none,
            RadioState::Unknown => self.unknown,
        }
    }

    /// Of the flights whose radio is known, the share in contact; `None` when none is known.
    pub fn coverage(self) -> Option<f64> {
        let known = self.contact + self.none;
        (known > 0).then(|| self.contact as f64 / known as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_is_of_the_flights_whose_radio_is_known() {
        let coverage = |contact, none, unknown| RadioCounts { contact, none, unknown }.coverage();
        assert_eq!(coverage(0, 0, 7), None);
        assert_eq!(coverage(0, 3, 0), Some(0.0));
        assert_eq!(coverage(1, 3, 9), Some(0.25));
        assert_eq!(coverage(4, 0, 9), Some(1.0));
    }
}
