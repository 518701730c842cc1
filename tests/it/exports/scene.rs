//! What is exported, and the rows that SQL finds for it.

use crate::api_v1::world::PERSONAL;
use crate::support::sql::Client;

/// Rows beside those of the API's tests.
pub const MORE: &str = include_str!("more.sql");
/// A span with all rows, but for those of one flight.
pub const SPAN: (&str, &str) = ("2025-01-06T00:00:00Z", "2025-01-10T12:00:00Z");
/// The route of exports, as a label.
pub const ROUTE: &str = "/api/v1/export/{table}.{format}";

/// A table, its columns, and its rows in a span, in order.
pub struct Exported {
    pub table: &'static str,
    pub has_places: bool,
    columns: &'static str,
    personal: Option<&'static str>,
    rows: &'static str,
}

pub const TABLES: [Exported; 6] = [
    Exported {
        table: "flights",
        has_places: true,
        columns: "id, callsign, logon_time, flight_rules, aircraft_short, aircraft_faa, departure, arrival, alternate, \
            route, planned_altitude, planned_altitude_ft, cruise_tas, deptime, enroute_time, fuel_time, revision_id, \
            assigned_transponder, server, pilot_rating, military_rating, latitude, longitude, altitude, groundspeed, \
            heading, transponder, qnh_mb, first_seen, last_updated, last_seen",
        personal: Some("cid, remarks"),
        rows: "flights where first_seen >= $from and first_seen < $to order by first_seen, id",
    },
    Exported {
        table: "visits",
        has_places: true,
        columns: "id, flight_id, callsign, sector_name, entry_timestamp, exit_timestamp, duration_seconds, entry_lat, \
            entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude, exit_reason, airspace_revision",
        personal: None,
        rows: "flight_sector_occupancy where entry_timestamp < $to and coalesce(exit_timestamp, 'infinity') > $from \
            order by entry_timestamp, id",
    },
    Exported {
        table: "positions",
        has_places: true,
        columns: "flight_id, callsign, observed_at, p.latitude, p.longitude, p.altitude, p.groundspeed, p.heading, \
            p.qnh_mb, p.transponder",
        personal: None,
        rows: "flight_positions p join flights f on f.id = flight_id \
            where observed_at >= $from and observed_at < $to \
            order by date_trunc('day', observed_at, 'UTC'), flight_id, observed_at",
    },
    Exported {
        table: "contacts",
        has_places: false,
        columns: "id, flight_id, state, controller_id, controller_callsign, frequency_hz, is_primary, from_timestamp, \
            to_timestamp",
        personal: None,
        rows: "flight_radio_intervals where from_timestamp < $to and coalesce(to_timestamp, 'infinity') > $from \
            order by from_timestamp, id",
    },
    Exported {
        table: "controllers",
        has_places: false,
        columns: "id, callsign, logon_time, facility, rating, frequency, visual_range, server, first_seen, \
            last_updated, last_seen",
        personal: Some("cid, text_atis"),
        rows: "controllers where least(logon_time, first_seen) < $to and last_seen > $from \
            order by least(logon_time, first_seen), callsign, id",
    },
    Exported {
        table: "movements",
        has_places: true,
        columns: "m.id, flight_id, callsign, icao, kind, at, earliest_at, m.latitude, m.longitude",
        personal: None,
        rows: "airport_movements m join flights f on f.id = flight_id where at >= $from and at < $to order by at, m.id",
    },
];

impl Exported {
    pub fn formats(&self) -> impl Iterator<Item = &'static str> {
        let geojson = self.has_places.then_some("geojson");
        ["csv", "ndjson", "parquet"].into_iter().chain(geojson)
    }

    /// The path of its file for [`SPAN`].
    pub fn path(&self, format: &str) -> String {
        path(self.table, format, SPAN)
    }

    /// Whether some columns are personal.
    pub fn is_personal(&self) -> bool {
        self.personal.is_some()
    }

    /// The rows in [`SPAN`] as PostgreSQL writes them in JSON, one a line.
    pub fn stored(&self, sql: &Client, personal: bool) -> String {
        let (from, to) = SPAN;
        let columns = match self.personal.filter(|_| personal) {
            Some(personal) => format!("{}, {personal}", self.columns),
            None => self.columns.to_owned(),
        };
        let rows = self.rows.replace("$from", &format!("timestamptz '{from}'"));
        let rows = rows.replace("$to", &format!("timestamptz '{to}'"));
        let lines = sql
            .column(&format!("select row_to_json(t)::text from (select {columns} from {rows}) t"));
        lines.join("\n")
    }
}

/// The path of a file.
pub fn path(table: &str, format: &str, (from, to): (&str, &str)) -> String {
    format!("/api/v1/export/{table}.{format}?from={from}&to={to}")
}

/// The header of a token with all scopes.
pub fn token() -> (&'static str, String) {
    ("Authorization", format!("Bearer {PERSONAL}"))
}
