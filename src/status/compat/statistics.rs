//! Numbers of rows, from PostgreSQL's estimates. Nothing is counted.

use serde::Serialize;

use crate::status::{Live, StatusSnapshot, TableReport};
use sectorwatch_core::Time;

/// A value that does not exist here.
type Never = Option<()>;

#[derive(Debug, Serialize)]
pub(in crate::status) struct Statistics {
    flights_count: Option<u64>,
    controllers_count: Option<u64>,
    transceivers_count: Option<u64>,
    flight_summaries_count: Never,
    flights_archive_count: Never,
    sector_occupancy_count: Option<u64>,
    recent_flights: Option<u64>,
    controller_summaries_count: Never,
    controllers_archive_count: Never,
    /// True except for `recent_flights`.
    estimate: bool,
    as_of: Option<Time>,
}

impl Statistics {
    pub fn of(snapshot: &StatusSnapshot, live: &Live) -> Self {
        let table = |name| live.tables.iter().find(|table| table.name == name);
        let rows = |name| table(name).and_then(TableReport::rows);
        Self {
            flights_count: rows("flights"),
            controllers_count: rows("controllers"),
            transceivers_count: rows("transceivers"),
            flight_summaries_count: None,
            flights_archive_count: None,
            sector_occupancy_count: rows("flight_sector_occupancy"),
            recent_flights: snapshot.airspace.seen_lately,
            controller_summaries_count: None,
            controllers_archive_count: None,
            estimate: true,
            as_of: table("flights").map(|table| table.as_of),
        }
    }
}
