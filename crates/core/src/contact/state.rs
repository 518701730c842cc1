//! What is known of a flight's radio.

use std::sync::Arc;

/// What an observation shows, and what an interval holds.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// In contact with one controller.
    Contact(Partner),
    /// In contact with nobody.
    Alone,
    /// Unknown: the radios or the controllers were.
    Unknown,
}

/// The controller of a contact, and on which channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Partner {
    /// `controllers.id`: a reconnect is another one. `None` after the controller was forgotten.
    pub controller_id: Option<i64>,
    /// `None` after the controller was forgotten.
    pub callsign: Option<Arc<str>>,
    /// The channel in hertz, where the contact began.
    pub frequency_hz: i32,
    /// Whether that was the controller's primary one, and no extension of it.
    pub is_primary: bool,
}

impl State {
    /// The value in the column.
    pub fn as_str(&self) -> &'static str {
        match self {
            State::Contact(_) => "contact",
            State::Alone => "none",
            State::Unknown => "unknown",
        }
    }

    /// The controller of a contact.
    pub fn partner(&self) -> Option<&Partner> {
        match self {
            State::Contact(partner) => Some(partner),
            State::Alone | State::Unknown => None,
        }
    }

    /// Whether both are of one interval: another channel of the same controller parts none.
    pub fn continues(&self, other: &Self) -> bool {
        match (self, other) {
            (State::Contact(a), State::Contact(b)) => a.controller_id == b.controller_id,
            _ => self == other,
        }
    }
}
