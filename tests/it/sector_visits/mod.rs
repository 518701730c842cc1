//! The acceptance tests of the rules, row by row: what a flight does in the feed, and the resulting rows. Add
//! a row to the file of its topic. Every test runs the real binary on a real PostgreSQL.

mod end_to_end;
mod entry_and_exit;
mod integrity;
mod refused;
mod settings;

use crate::support::{
    documents::{Feed, OUTSIDE, Pilot},
    postgres::Database,
    replay::{recorded, replay},
};

/// Seconds between two polls.
const PERIOD: i64 = 15;

/// Documents 15 s apart from the states of each flight, such as `SYD 120 | MEL ? | -`: the sector (or `OUT`)
/// and the groundspeed, `?` for an unknown one, `-` for a flight that is not in the feed.
fn polls(flights: &[(&str, &str)]) -> Vec<Feed> {
    let paths: Vec<(&str, Vec<&str>)> =
        flights.iter().map(|(callsign, path)| (*callsign, path.split(" | ").collect())).collect();
    let count = paths.iter().map(|(_, path)| path.len()).max();
    let count = count.expect("a flight");
    let poll = |i: usize| {
        let seen = |(callsign, path): &(&str, Vec<&str>)| pilot(callsign, path.get(i)?);
        Feed::second(PERIOD * i as i64).pilots(paths.iter().filter_map(seen))
    };
    (0..count).map(poll).collect()
}

fn pilot(callsign: &str, seen: &str) -> Option<Pilot> {
    let (place, speed) = seen.split_once(' ')?;
    let pilot = Pilot::new(callsign, 1);
    let pilot = match place {
        "OUT" => pilot.at(OUTSIDE.0, OUTSIDE.1),
        sector => pilot.inside(sector),
    };
    Some(match speed {
        "?" => pilot.set("groundspeed", serde_json::Value::Null),
        knots => pilot.kt(knots.parse().expect("knots")),
    })
}

/// A database into which these documents were replayed without an error.
fn stored(documents: &[Feed]) -> Database {
    let database = Database::migrated();
    let ended = replay(&[&recorded(documents)], &database, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    database
}

/// All visits: callsign, sector, seconds of entry and exit after the start, reason of the exit.
fn visits(database: &Database) -> Vec<String> {
    database.client().column(
        "select format('%s %s %s-%s %s', callsign, sector_name, \
             extract(epoch from entry_timestamp - '2025-01-01 12:00Z')::float8, \
             extract(epoch from exit_timestamp - '2025-01-01 12:00Z')::float8, \
             coalesce(exit_reason, 'open')) \
         from flight_sector_occupancy order by callsign, entry_timestamp, sector_name",
    )
}

/// The count of a query.
fn count(database: &Database, from: &str) -> u64 {
    database.client().count(&format!("select count(*) from {from}"))
}
