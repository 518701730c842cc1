//! The size of a row on disk, measured on rows that the service has stored, and the manual's sums.

mod measured;

use super::{file, manual::Desk};
use crate::support::sql::Client;
use measured::{PASSING, SNAPSHOTS, STAYING};

/// The allowed difference from the manual's figures, which are from another run.
const TOLERANCE_PERCENT: f64 = 5.0;

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

const ROWS: [(&str, &str); 8] = [
    ("a position", "flight_positions"),
    ("a flight", "flights"),
    ("a visit", "flight_sector_occupancy"),
    ("an interval of contact", "flight_radio_intervals"),
    ("a movement", "airport_movements"),
    ("a controller's session", "controllers"),
    ("an interval of control", "sector_control"),
    ("a stored snapshot", "poll_cycles"),
];

#[test]
fn rows_cost_what_the_manual_says() {
    let database = measured::stored();
    let client = database.client();
    assert_eq!(
        client.count("select count(*) from flight_positions"),
        (2 * (PASSING - STAYING)) as u64 + SNAPSHOTS.unsigned_abs() * STAYING as u64
    );
    let mut wrong = Vec::new();
    for (row, table) in ROWS {
        let (measured, written) = (bytes_each(&client, table), written(row));
        // Few rows would be the size of their pages.
        let rows = client.count(&format!("select count(*) from {table}"));
        assert!(rows >= 400, "{rows} rows of {table}");
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
    let [position, flight, visit, contact, movement, controller, control, snapshot] =
        ROWS.map(|(row, _)| written(row));
    // What the manual assumes to belong to a flight.
    let whole = flight + 3.0 * visit + 8.0 * contact + 2.0 * movement;
    let whole = whole + 0.1 * (controller + 4.0 * control);
    let manual = file("docs/operations.md");
    for (name, flights) in [("a division", 60.0), ("the whole network", 1500.0)] {
        let positions_a_day = flights * 5760.0;
        let flights_a_day = flights * 16.0;
        let kept = 365.0 * flights_a_day * whole;
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
