//! The rows of the tables and those of the model, as lines of text.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    model::{Model, Point},
    record::Key,
};
use crate::support::postgres::Database;

/// The lines of each table, by the name of the table.
pub type Tables = BTreeMap<&'static str, Vec<String>>;

const LATEST: &str = "latitude, longitude, altitude, groundspeed, heading, transponder, qnh_mb";
const FIELDS: [&str; 7] =
    ["latitude", "longitude", "altitude", "groundspeed", "heading", "transponder", "qnh_mb"];
const PLAN: [&str; 5] = ["departure", "arrival", "route", "aircraft_short", "deptime"];
const KEY: &str = "f.cid, f.callsign, micros(f.logon_time)";

/// The rows that `replay` has stored.
pub fn stored(database: &Database) -> Tables {
    let client = database.client();
    // The function exists only in this session, so that nothing remains in the database.
    client.run(
        "create function pg_temp.micros(timestamptz) returns bigint language sql
         as 'select (extract(epoch from $1) * 1000000)::bigint'",
    );
    let plan = PLAN.join(", ");
    let queries = [
        ("mark", "select micros(mark) from collector_state".to_owned()),
        ("pending", "select id from pending_transitions".to_owned()),
        (
            "flights",
            format!(
                "select {KEY}, micros(first_seen), micros(last_seen), micros(last_updated),
                 -- Outside, the count means nothing.
                 case when o.id is null then 0 else slow_polls end, {LATEST}, {plan} from flights f
                 left join flight_sector_occupancy o on o.flight_id = f.id and o.exit_timestamp is null"
            ),
        ),
        (
            "positions",
            format!(
                "select {KEY}, micros(observed_at), {} from flight_positions p
                 join flights f on f.id = p.flight_id",
                FIELDS.map(|field| format!("p.{field}")).join(", ")
            ),
        ),
        (
            "visits",
            format!(
                "select {KEY}, sector_name, micros(entry_timestamp), entry_lat, entry_lon, entry_altitude,
                 micros(exit_timestamp), exit_lat, exit_lon, exit_altitude, exit_reason, duration_seconds
                 from flight_sector_occupancy o join flights f on f.id = o.flight_id"
            ),
        ),
        (
            "controllers",
            format!(
                "select {KEY}, micros(first_seen), micros(last_seen), micros(last_updated), facility,
                 rating, frequency, text_atis from controllers f"
            ),
        ),
        (
            "cycles",
            "select micros(feed_update_timestamp), flights_written, positions_written, rejected,
             entered, crossed, left_sector, slow, disconnected, unobserved, airspace_changed from poll_cycles where stored"
                .to_owned(),
        ),
    ];
    let lines = |sql: String| {
        let rows = client.rows(&sql.replace("micros(", "pg_temp.micros("));
        let rows = rows.into_iter().map(|row| {
            let columns = row.into_iter().map(|column| column.unwrap_or("null".to_owned()));
            columns.collect::<Vec<_>>().join(" | ")
        });
        sorted(rows)
    };
    queries.into_iter().map(|(name, sql)| (name, lines(sql))).collect()
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<_> = lines.collect();
    lines.sort();
    lines
}

/// The rows that must be stored.
pub fn expected(model: &Model) -> Tables {
    let flights = model.flights.iter().map(|(key, flight)| {
        let times = [flight.first_seen, flight.last_seen, flight.observed_at, flight.slow_polls];
        let plan = &flight.latest["flight_plan"];
        let mut columns = vec![keyed(key)];
        columns.extend(times.map(|time| time.to_string()));
        columns.push(latest(&flight.latest));
        columns.extend(PLAN.map(|field| text(&plan[field])));
        columns.join(" | ")
    });
    let positions = model.positions.iter().map(|((key, observed_at), record)| {
        format!("{} | {observed_at} | {}", keyed(key), latest(record))
    });
    let visits = model.visits.iter().map(|visit| {
        let exit = visit.exit.as_ref().map(|(exit, reason)| {
            let seconds = (exit.0 - visit.entry.0) / 1_000_000;
            format!("{} | {reason} | {seconds}", point(exit))
        });
        let exit = exit.unwrap_or_else(|| ["null"; 6].join(" | "));
        let (key, entry) = (keyed(&visit.key), point(&visit.entry));
        format!("{key} | {} | {entry} | {exit}", visit.sector)
    });
    let controllers = model.controllers.iter().map(|(key, controller)| {
        let times = [controller.first_seen, controller.last_seen, controller.last_updated];
        let mut columns = vec![keyed(key)];
        columns.extend(times.map(|time| time.to_string()));
        let fields = ["facility", "rating", "frequency", "text_atis"];
        columns.extend(fields.map(|field| text(&controller.latest[field])));
        columns.join(" | ")
    });
    let cycles = model.cycles.iter().map(|cycle| {
        let kinds = [
            "entered",
            "crossed",
            "left",
            "slow",
            "disconnected",
            "unobserved",
            "airspace_changed",
        ];
        let counts = kinds.map(|kind| cycle.transitions.get(kind).copied().unwrap_or(0));
        let counts = counts.map(|count| count.to_string()).join(" | ");
        let (time, rejected) = (cycle.published, cycle.rejected);
        format!("{time} | {} | {} | {rejected} | {counts}", cycle.flights, cycle.positions)
    });
    BTreeMap::from([
        ("mark", sorted(model.mark.iter().map(ToString::to_string))),
        ("pending", Vec::new()),
        ("flights", sorted(flights)),
        ("positions", sorted(positions)),
        ("visits", sorted(visits)),
        ("controllers", sorted(controllers)),
        ("cycles", sorted(cycles)),
    ])
}

fn keyed((cid, callsign, logon): &Key) -> String {
    format!("{cid} | {callsign} | {logon}")
}

fn point((time, record): &Point) -> String {
    let place = ["latitude", "longitude", "altitude"].map(|field| text(&record[field]));
    format!("{time} | {}", place.join(" | "))
}

fn latest(record: &Value) -> String {
    let column = |field: &str| match field {
        "heading" => (record[field].as_i64().expect("a number") % 360).to_string(),
        _ => text(&record[field]),
    };
    FIELDS.map(column).join(" | ")
}

/// A value in the format of PostgreSQL.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().map(text).collect::<Vec<_>>().join("\n"),
        Value::Number(number) if number.is_f64() => number.as_f64().expect("a number").to_string(),
        other => other.to_string(),
    }
}
