//! A change of a flight's sector, as it is queued and applied.

use std::sync::Arc;

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{Time, flight::FlightKey};

/// The kind of a transition: the values of `exit_reason`, and `entered`.
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
    /// Too slow for several observations: on the ground.
    Slow,
    /// Absent for the grace period; exited at its last observation.
    Disconnected,
    /// Nothing was stored for too long; exited at its last observation.
    Unobserved,
    /// The airspace has no such sector any more; exited at its last observation.
    AirspaceChanged,
}

impl TransitionKind {
    /// The name in columns, labels and log.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the name in the queue.
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

/// A change of one flight.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The flight's identity.
    pub key: FlightKey,
    /// `flights.id`; `None` when this snapshot is the flight's first.
    pub flight_id: Option<i64>,
    /// The kind of the change.
    pub kind: TransitionKind,
    /// The sector entered (entered, crossed) or left (any other).
    pub sector: Arc<str>,
    /// When the flight was observed there.
    pub at: Time,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// In feet as in the feed.
    pub altitude: i32,
}
