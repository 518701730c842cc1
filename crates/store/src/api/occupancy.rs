//! How many flights were in a sector, in steps of time.

use chrono::{DateTime, TimeDelta, Utc};

use serde::Serialize;
use utoipa::ToSchema;

use super::{Asked, Read, ReadError, Reads};

/// The occupancy of a sector.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Occupancy {
    /// The sector.
    pub sector_name: String,
    /// The length of a step in seconds.
    pub step_seconds: i64,
    /// The steps in the order of time. The first and the last may be cut; none is after the mark.
    pub steps: Vec<OccupancyStep>,
}

/// A step of occupancy.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OccupancyStep {
    /// Its begin.
    pub from: DateTime<Utc>,
    /// Its end, which belongs to it only at the mark.
    pub to: DateTime<Utc>,
    /// Flights inside on average: the seconds of visits in the step, divided by its length.
    pub mean: f64,
    /// The greatest number of flights inside at once.
    pub peak: i64,
    /// Visits that began in the step.
    pub entries: i64,
    /// Visits that ended in it.
    pub exits: i64,
    /// The share of time in which the sector was controlled, of that in which it is known. Null when nothing is
    /// known.
    pub controlled: Option<f64>,
    /// The share of time in which control is known.
    pub known: f64,
}

impl Reads {
    /// Reads the occupancy of a sector in steps that are aligned to UTC. The step must divide a day.
    ///
    /// # Errors
    /// [`ReadError::TooManySteps`] for more than 2,000 steps, [`ReadError::Unknown`] when the sector is not
    /// configured, which the caller knows, and was never stored; any other [`ReadError`].
    pub async fn occupancy(
        &self,
        sector: String,
        is_configured: bool,
        span: Asked,
        step: TimeDelta,
    ) -> Result<Read<Occupancy>, ReadError> {
        todo!("{sector} {is_configured} {span:?} {step}")
    }
}
