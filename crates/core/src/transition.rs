//! A change of a flight's sector: what the queue holds, and what the sector transaction applies.

use std::sync::Arc;

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{Time, flight::FlightKey};

/// What happened, in the words of `exit_reason`, plus `entered`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    IntoStaticStr,
    VariantArray,
    EnumString,
)]
#[strum(serialize_all = "snake_case")]
pub enum TransitionKind {
    /// From outside into a sector.
    Entered,
    /// From one sector into another: one exit and one entry, at the same time.
    Crossed,
    /// Into no sector, or out of the boundary.
    Left,
    /// Too slow for too many observations: on the ground.
    Slow,
    /// Absent for the grace; exited at its last observation.
    Disconnected,
    /// Nothing was stored for too long to say; exited at its last observation.
    Unobserved,
}

impl TransitionKind {
    /// The word in column, label and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The kind that a word of the queue stands for.
    pub fn parse(word: &str) -> Option<Self> {
        word.parse().ok()
    }

    /// Whether a visit ends.
    pub fn closes(self) -> bool {
        self != TransitionKind::Entered
    }

    /// Whether a visit begins.
    pub fn opens(self) -> bool {
        matches!(self, TransitionKind::Entered | TransitionKind::Crossed)
    }
}

/// One change of one flight.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The flight's identity.
    pub key: FlightKey,
    /// `flights.id`; `None` when this snapshot is the flight's first.
    pub flight_id: Option<i64>,
    /// What happened.
    pub kind: TransitionKind,
    /// The sector entered (entered, crossed) or left (any other).
    pub sector: Arc<str>,
    /// When the flight was observed there.
    pub at: Time,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// In feet, as the feed states it.
    pub altitude: i32,
}
