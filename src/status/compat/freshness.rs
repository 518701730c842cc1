//! How fresh each table is: the last successful run of the phase that writes it.

use serde::Serialize;

use crate::status::{Live, StatusSnapshot, outcome::Phase, seconds_since, verdict::is_stale};
use sectorwatch_core::Time;

/// A value that does not exist here.
type Never = Option<()>;

#[derive(Debug, Serialize)]
pub(in crate::status) struct Freshness {
    overall_status: Option<&'static str>,
    overall_message: Option<String>,
    stale_tables: Vec<&'static str>,
    tables: Tables,
}

#[derive(Debug, Serialize)]
struct Tables {
    flights: Option<Table>,
    controllers: Option<Table>,
    transceivers: Option<Table>,
    flight_sector_occupancy: Option<Table>,
    flight_summaries: Never,
    flights_archive: Never,
    controllers_archive: Never,
}

#[derive(Debug, Serialize)]
struct Table {
    last_update: Time,
    age_seconds: u64,
    status: &'static str,
}

impl Table {
    fn new(at: Time, now: Time) -> Self {
        Self {
            last_update: at,
            age_seconds: seconds_since(at, now) as u64,
            status: if is_stale(at, now) { "stale" } else { "fresh" },
        }
    }
}

impl Freshness {
    pub fn of(snapshot: &StatusSnapshot, live: &Live, now: Time) -> Self {
        let written = |phase| snapshot.phases.get(&phase).and_then(|it| it.written_at());
        let table = |at: Option<Time>| at.map(|at| Table::new(at, now));
        let tables = Tables {
            flights: table(live.liveness.storing.stored_at),
            controllers: table(written(Phase::Controllers)),
            transceivers: table(written(Phase::Transceivers)),
            flight_sector_occupancy: table(written(Phase::Sectors)),
            flight_summaries: None,
            flights_archive: None,
            controllers_archive: None,
        };
        let stale_tables = tables.stale();
        let is_known = tables.flights.is_some();
        Self {
            overall_status: is_known.then_some(match stale_tables.is_empty() {
                true => "fresh",
                false => "degraded",
            }),
            overall_message: is_known.then(|| match stale_tables.as_slice() {
                [] => "All data is fresh".to_owned(),
                stale => format!("Stale data in {} tables: {}", stale.len(), stale.join(", ")),
            }),
            stale_tables,
            tables,
        }
    }
}

impl Tables {
    fn stale(&self) -> Vec<&'static str> {
        let tables = [
            ("flights", &self.flights),
            ("controllers", &self.controllers),
            ("transceivers", &self.transceivers),
            ("flight_sector_occupancy", &self.flight_sector_occupancy),
        ];
        let is_stale =
            |table: &Option<Table>| table.as_ref().is_some_and(|it| it.status == "stale");
        tables.into_iter().filter(|(_, table)| is_stale(table)).map(|(name, _)| name).collect()
    }
}
