//! Everything at a mark, as `live` shows it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::web::v1::sectors::{SectorRow, joined};
use sectorwatch_core::{Time, airspace::Airspace};
use sectorwatch_store::api::{
    EndedVisit, Live, LiveController, LiveCounts, LiveFlight, LiveSector, Read,
};

/// Everything at the mark.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LiveNow {
    /// By how many seconds the mark is older than the newest publication that was fetched. Null on a standby.
    pub behind_seconds: Option<f64>,
    /// Flights that were observed at the mark or have an open visit, by id.
    pub flights: Vec<LiveFlight>,
    /// Sectors by name: those of the airspace in force, and those that hold flights still.
    pub sectors: Vec<LiveSector>,
    /// Controllers online, by callsign.
    pub controllers: Vec<LiveController>,
    /// How many there are.
    pub counts: LiveCounts,
}

/// What was read at a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The mark; `None` before the first snapshot was stored.
    pub mark: Option<Time>,
    /// `collector_state.data_version`.
    pub data_version: i64,
    /// Everything.
    pub now: LiveNow,
}

impl Picture {
    /// Makes a picture of what was read, with the visits of the picture before that are over. `fetched` is when the
    /// newest publication was published that was fetched.
    pub fn of(
        read: Read<Live>,
        airspace: &Airspace,
        fetched: Option<Time>,
    ) -> (Self, Vec<EndedVisit>) {
        let Live { flights, sectors, controllers, counts, ended } = read.data;
        let mark = read.facts.mark;
        let sectors = joined(airspace, sectors).into_iter().map(short).collect();
        let behind_seconds = Some(behind_seconds(fetched, mark));
        let now = LiveNow { behind_seconds, flights, sectors, controllers, counts };
        (Self { mark, data_version: read.facts.data_version, now }, ended)
    }

    /// The open visits, by id.
    pub fn visits(&self) -> impl Iterator<Item = i64> {
        self.now.flights.iter().filter_map(|flight| flight.visit_id)
    }

    /// The mark in microseconds, which is the id of its event.
    pub fn id(&self) -> Option<i64> {
        self.mark.map(|mark| mark.timestamp_micros())
    }
}

fn short(row: SectorRow) -> LiveSector {
    let SectorRow { sector_name, occupancy, control, .. } = row;
    LiveSector { sector_name, occupancy, control }
}

/// 0 where everything that was fetched is stored.
pub fn behind_seconds(fetched: Option<Time>, mark: Option<Time>) -> f64 {
    match (fetched, mark) {
        (Some(fetched), Some(mark)) if fetched > mark => (fetched - mark).as_seconds_f64(),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_mark_is_behind_what_was_fetched_and_not_stored() {
        let at = |seconds| Some(Time::UNIX_EPOCH + TimeDelta::milliseconds(seconds));
        for (fetched, mark, seconds) in [
            (at(15_000), at(15_000), 0.0),
            (at(15_000), at(30_000), 0.0),
            (at(45_500), at(15_000), 30.5),
            (None, at(15_000), 0.0),
            (at(15_000), None, 0.0),
        ] {
            assert_eq!(behind_seconds(fetched, mark), seconds, "{fetched:?} {mark:?}");
        }
    }
}
