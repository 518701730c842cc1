//! The size of a row on disk, measured on rows that the service has stored, and the manual's sums.

use serde_json::json;

use super::{file, manual::Desk};
use crate::support::{
    documents::{Feed, Pilot, spread},
    postgres::{Database, Server},
    replay::{self, recorded},
    service::PATIENCE,
    sql::Client,
};

/// Flights that stay for well over an hour, so that their indexes have many pages.
const STAYING: usize = 60;
const SNAPSHOTS: i64 = 400;
/// Flights in two snapshots only, so that the table of flights has many rows.
const PASSING: usize = 3000;
/// The allowed difference from the manual's figures, which are from another run.
const TOLERANCE_PERCENT: f64 = 5.0;

/// In recorded feeds, a route has 85 characters on average, and remarks have 86.
fn filed(pilot: Pilot) -> Pilot {
    let plan = json!({
        "flight_rules": "I", "aircraft": "B738/M-SDE2E3FGHIRWXY/LB1", "aircraft_faa": "B738/L",
        "aircraft_short": "B738", "departure": "YSSY", "arrival": "YMML", "alternate": "YSCB",
        "cruise_tas": "450", "altitude": "FL350", "deptime": "1130", "enroute_time": "0130",
        "fuel_time": "0400", "remarks": "R".repeat(86), "route": "D".repeat(85), "revision_id": 1,
        "assigned_transponder": "1234",
    });
    pilot.set("flight_plan", plan)
}

fn stored() -> Database {
    let pilots: Vec<_> = spread(PASSING).map(filed).collect();
    let snapshot = |number: i64| {
        let count = if number < 2 { PASSING } else { STAYING };
        Feed::second(15 * number).pilots(pilots[..count].iter().cloned())
    };
    let documents: Vec<_> = (0..SNAPSHOTS).map(snapshot).collect();
    // Autovacuum would keep old versions of rows from being reused while it runs, which takes long
    // on a busy machine.
    let database = Database::on(Server::own(&[("autovacuum", "off")]));
    let ended =
        replay::setup(&[&recorded(&documents)], &database, &[]).spawn().finish(10 * PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    database
}

/// The bytes per row, with indexes. A partitioned table is the sum of its partitions.
fn bytes_each(client: &Client, table: &str) -> f64 {
    let bytes = client.count(&format!(
        "select sum(pg_total_relation_size(part)) from (select inhrelid as part from pg_inherits \
         where inhparent = '{table}'::regclass union all select '{table}'::regclass) parts \
         where pg_relation_size(part) > 0"
    ));
    bytes as f64 / client.count(&format!("select count(*) from {table}")) as f64
}

/// The figure in the row of the manual with this name.
fn written(row: &str) -> f64 {
    let manual = file("docs/operations.md");
    let line = manual.lines().find(|line| line.starts_with(&format!("| {row} |")));
    let line = line.unwrap_or_else(|| panic!("no row {row}"));
    line.split('|').nth(2).expect("a figure").trim().parse().expect("a number")
}

const ROWS: [(&str, &str); 4] = [
    ("a position", "flight_positions"),
    ("a flight", "flights"),
    ("a visit", "flight_sector_occupancy"),
    ("a stored snapshot", "poll_cycles"),
];

#[test]
fn rows_cost_what_the_manual_says() {
    let database = stored();
    let client = database.client();
    assert_eq!(
        client.count("select count(*) from flight_positions"),
        (2 * (PASSING - STAYING)) as u64 + 400 * STAYING as u64
    );
    let mut wrong = Vec::new();
    for (row, table) in ROWS {
        let (measured, written) = (bytes_each(&client, table), written(row));
        println!("{row}: {measured:.0} bytes, {written} in the manual");
        if (measured - written).abs() > written * TOLERANCE_PERCENT / 100.0 {
            wrong.push(format!("{row} costs {measured:.0} bytes, not {written}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    client.run("analyze");
    let shown = Desk::with(&[("DATABASE_URL", &database.url())]).run("widths");
    assert!(shown.contains("flight_positions") && shown.contains("flights"), "{shown}");
}

/// Formats a number like `1,234,567`.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn gigabytes(bytes: f64) -> String {
    let figure = bytes / 1e9;
    if figure < 10.0 { format!("{figure:.1} GB") } else { format!("{} GB", grouped(figure)) }
}

/// Recalculates the manual's sums from the manual's figures.
#[test]
fn the_sums_are_right() {
    let [position, flight, visit, snapshot] = ROWS.map(|(row, _)| written(row));
    let manual = file("docs/operations.md");
    for (name, flights) in [("a division", 60.0), ("the whole network", 1500.0)] {
        let positions_a_day = flights * 5760.0;
        let flights_a_day = flights * 16.0;
        let kept = 365.0 * flights_a_day * (flight + 3.0 * visit);
        let positions = |days: f64| days * (positions_a_day * position + 5760.0 * snapshot);
        let row = format!(
            "| {name} | {} | {} | {} | {} | {} | {} |",
            grouped(flights),
            grouped(positions_a_day),
            gigabytes(positions(30.0)),
            gigabytes(positions(365.0)),
            gigabytes(kept),
            gigabytes(positions(365.0) + kept),
        );
        assert!(manual.contains(&row), "the manual has not: {row}");
    }
}
