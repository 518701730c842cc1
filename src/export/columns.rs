//! The columns of each table, as the API names its members.

use sectorwatch_export::{Column, Shape, Table};
use sectorwatch_store::api::{Connection, Contact, Flight, Movement, Personal, Position, Visit};

/// Flights, each at its latest position. Personal columns are there only if they are asked for.
pub fn flights(personal: bool) -> Table<Flight> {
    let mut columns = vec![
        Column::of("id", |row: &Flight| row.id),
        Column::text("callsign", |row| &row.callsign),
        Column::of("logon_time", |row| row.logon_time),
        Column::text_or_null("flight_rules", |row| row.flight_rules.as_deref()),
        Column::text_or_null("aircraft_short", |row| row.aircraft_short.as_deref()),
        Column::text_or_null("aircraft_faa", |row| row.aircraft_faa.as_deref()),
        Column::text_or_null("departure", |row| row.departure.as_deref()),
        Column::text_or_null("arrival", |row| row.arrival.as_deref()),
        Column::text_or_null("alternate", |row| row.alternate.as_deref()),
        Column::text_or_null("route", |row| row.route.as_deref()),
        Column::text_or_null("planned_altitude", |row| row.planned_altitude.as_deref()),
        Column::of("planned_altitude_ft", |row| row.planned_altitude_ft),
        Column::text_or_null("cruise_tas", |row| row.cruise_tas.as_deref()),
        Column::text_or_null("deptime", |row| row.deptime.as_deref()),
        Column::text_or_null("enroute_time", |row| row.enroute_time.as_deref()),
        Column::text_or_null("fuel_time", |row| row.fuel_time.as_deref()),
        Column::of("revision_id", |row| row.revision_id),
        Column::text_or_null("assigned_transponder", |row| row.assigned_transponder.as_deref()),
        Column::text("server", |row| &row.server),
        Column::of("pilot_rating", |row| row.pilot_rating),
        Column::of("military_rating", |row| row.military_rating),
        Column::of("latitude", |row| row.latitude),
        Column::of("longitude", |row| row.longitude),
        Column::of("altitude", |row| row.altitude),
        Column::of("groundspeed", |row| row.groundspeed),
        Column::of("heading", |row| row.heading),
        Column::text_or_null("transponder", |row| row.transponder.as_deref()),
        Column::of("qnh_mb", |row| row.qnh_mb),
        Column::of("first_seen", |row| row.first_seen),
        Column::of("last_updated", |row| row.last_updated),
        Column::of("last_seen", |row| row.last_seen),
    ];
    if personal {
        columns.push(Column::of("cid", |row| of_person(&row.cid).copied()));
        columns.push(Column::text_or_null("remarks", |row| text_of_person(&row.remarks)));
    }
    Table::of(columns).with_points(|row| (row.longitude, row.latitude))
}

/// Visits: a line from the entry to the exit, or a point while a visit lasts.
pub fn visits() -> Table<Visit> {
    let columns = vec![
        Column::of("id", |row: &Visit| row.id),
        Column::of("flight_id", |row| row.flight_id),
        Column::text("callsign", |row| &row.callsign),
        Column::text("sector_name", |row| &row.sector_name),
        Column::of("entry_timestamp", |row| row.entry_timestamp),
        Column::of("exit_timestamp", |row| row.exit_timestamp),
        Column::of("duration_seconds", |row| row.duration_seconds),
        Column::of("entry_lat", |row| row.entry_lat),
        Column::of("entry_lon", |row| row.entry_lon),
        Column::of("exit_lat", |row| row.exit_lat),
        Column::of("exit_lon", |row| row.exit_lon),
        Column::of("entry_altitude", |row| row.entry_altitude),
        Column::of("exit_altitude", |row| row.exit_altitude),
        Column::text_or_null("exit_reason", |row| row.exit_reason.as_deref()),
        Column::text("airspace_revision", |row| &row.airspace_revision),
    ];
    Table::of(columns).with_shapes(|row| {
        let entry = (row.entry_lon, row.entry_lat);
        match (row.exit_lon, row.exit_lat) {
            (Some(longitude), Some(latitude)) => Shape::Line(entry, (longitude, latitude)),
            _ => Shape::Point(entry),
        }
    })
}

/// Observed positions.
pub fn positions() -> Table<Position> {
    let columns = vec![
        Column::of("flight_id", |row: &Position| row.flight_id),
        Column::text("callsign", |row| &row.callsign),
        Column::of("observed_at", |row| row.observed_at),
        Column::of("latitude", |row| row.latitude),
        Column::of("longitude", |row| row.longitude),
        Column::of("altitude", |row| row.altitude),
        Column::of("groundspeed", |row| row.groundspeed),
        Column::of("heading", |row| row.heading),
        Column::of("qnh_mb", |row| row.qnh_mb),
        Column::text_or_null("transponder", |row| row.transponder.as_deref()),
    ];
    Table::of(columns).with_points(|row| (row.longitude, row.latitude))
}

/// Contact by radio.
pub fn contacts() -> Table<Contact> {
    Table::of(vec![
        Column::of("id", |row: &Contact| row.id),
        Column::of("flight_id", |row| row.flight_id),
        Column::text("state", |row| &row.state),
        Column::of("controller_id", |row| row.controller_id),
        Column::text_or_null("controller_callsign", |row| row.controller_callsign.as_deref()),
        Column::of("frequency_hz", |row| row.frequency_hz),
        Column::of("is_primary", |row| row.is_primary),
        Column::of("from_timestamp", |row| row.from_timestamp),
        Column::of("to_timestamp", |row| row.to_timestamp),
    ])
}

/// Connections of controllers. Personal columns are there only if they are asked for.
pub fn controllers(personal: bool) -> Table<Connection> {
    let mut columns = vec![
        Column::of("id", |row: &Connection| row.id),
        Column::text("callsign", |row| &row.callsign),
        Column::of("logon_time", |row| row.logon_time),
        Column::of("facility", |row| row.facility),
        Column::of("rating", |row| row.rating),
        Column::text("frequency", |row| &row.frequency),
        Column::of("visual_range", |row| row.visual_range),
        Column::text("server", |row| &row.server),
        Column::of("first_seen", |row| row.first_seen),
        Column::of("last_updated", |row| row.last_updated),
        Column::of("last_seen", |row| row.last_seen),
    ];
    if personal {
        columns.push(Column::of("cid", |row| of_person(&row.cid).copied()));
        columns.push(Column::text_or_null("text_atis", |row| text_of_person(&row.text_atis)));
    }
    Table::of(columns)
}

/// Movements at airports.
pub fn movements() -> Table<Movement> {
    let columns = vec![
        Column::of("id", |row: &Movement| row.id),
        Column::of("flight_id", |row| row.flight_id),
        Column::text("callsign", |row| &row.callsign),
        Column::text("icao", |row| &row.icao),
        Column::text("kind", |row| &row.kind),
        Column::of("at", |row| row.at),
        Column::of("earliest_at", |row| row.earliest_at),
        Column::of("latitude", |row| row.latitude),
        Column::of("longitude", |row| row.longitude),
    ];
    Table::of(columns).with_points(|row| (row.longitude, row.latitude))
}

/// A personal value, if it was read and is not null.
fn of_person<T>(value: &Personal<T>) -> Option<&T> {
    value.get().flatten()
}

fn text_of_person(value: &Personal<String>) -> Option<&str> {
    of_person(value).map(String::as_str)
}
