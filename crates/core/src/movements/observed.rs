//! Observations, as movements are judged by them.

use crate::{Time, distance::great_circle_nm, flight::Pilot};

/// A flight that moves farther than this between two observations may have been put elsewhere …
const JUMP_NM: f64 = 3.0;
/// … and has been if it was faster than this.
const FASTEST_KT: f64 = 1_500.0;

/// An observation of a flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// The observation time; never earlier than that of the observation before.
    pub at: Time,
    /// `update_timestamp` of its snapshot.
    pub published: Time,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// True altitude in feet.
    pub altitude: i32,
    /// In knots; `None` when unknown.
    pub groundspeed: Option<i32>,
}

/// What is kept of the latest observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Last {
    pub at: Time,
    pub published: Time,
    pub latitude: f64,
    pub longitude: f64,
}

/// Where and when something happened, as far as it was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// The time of the observation that shows it.
    pub at: Time,
    /// The time of the observation before, since which it may have happened; `None` if there was none.
    pub earliest_at: Option<Time>,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
}

impl Observed {
    /// A pilot's record in the snapshot published then.
    pub fn of(pilot: &Pilot, at: Time, published: Time) -> Self {
        let &Pilot { latitude, longitude, altitude, groundspeed, .. } = pilot;
        Self { at, published, latitude, longitude, altitude, groundspeed }
    }

    /// What the next observation is compared with.
    pub(super) fn last(&self) -> Last {
        let Self { at, published, latitude, longitude, .. } = *self;
        Last { at, published, latitude, longitude }
    }

    /// This observation as the place and time of a movement.
    pub(super) fn fix(&self, before: Option<Last>) -> Fix {
        let Self { at, latitude, longitude, .. } = *self;
        Fix { at, earliest_at: before.map(|last| last.at), latitude, longitude }
    }
}

impl Last {
    /// Whether no aircraft flies from here to there in that time: the pilot was put elsewhere. The time is that of
    /// the snapshots, because those of a flight's record can stand still.
    pub fn has_jumped(&self, to: &Observed) -> bool {
        let from = (self.latitude, self.longitude);
        let moved_nm = great_circle_nm(from, (to.latitude, to.longitude));
        let seconds = (to.published - self.published).as_seconds_f64().max(1.0);
        moved_nm > JUMP_NM && moved_nm / seconds * 3_600.0 > FASTEST_KT
    }
}
