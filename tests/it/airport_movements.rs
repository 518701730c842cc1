//! Movements at airports, from the feed to rows of `airport_movements`, and the legs of flights.

mod failures;
mod legs;
mod metric;
mod restarts;
mod settings;

use crate::support::{
    documents::{Feed, Pilot, START},
    feed_server::FeedServer,
    postgres::Database,
    service::{Service, Setup},
};

/// The worked examples by number: groundspeed and altitude within a mile of Sydney, 21 ft high, every 15 seconds; and
/// the movement, with the seconds of its observation and of the one before.
const EXAMPLES: [(&[(i32, i32)], &str); 5] = [
    (&[(0, 21), (140, 25), (150, 400)], "takeoff YSSY 30 15"),
    (&[(250, 1_200), (145, 300), (60, 21), (25, 21)], "landing YSSY 30 15"),
    (&[(0, 21), (140, 25), (150, 340), (150, 315), (160, 800), (170, 1_100)], "takeoff YSSY 30 15"),
    (
        &[(200, 1_500), (140, 300), (130, 60), (140, 70), (150, 600), (160, 1_100)],
        "touch_and_go YSSY 30 15",
    ),
    (&[(200, 1_500), (140, 300), (130, 120), (160, 600), (170, 1_100)], "go_around YSSY 30 15"),
];

/// The flights of the examples at once: `QFA1` is the first.
pub fn examples() -> Vec<Feed> {
    let longest = EXAMPLES.iter().map(|(rows, _)| rows.len()).max().expect("examples");
    let document = |number: usize| {
        let pilots = (1..).zip(EXAMPLES).filter_map(|(cid, (rows, _))| {
            let (kt, alt) = *rows.get(number)?;
            Some(Pilot::new(&format!("QFA{cid}"), cid).inside("SYD").kt(kt).alt(alt))
        });
        Feed::second(15 * number as i64).pilots(pilots)
    };
    (0..longest).map(document).collect()
}

fn expected() -> Vec<String> {
    let expected = (1..).zip(EXAMPLES);
    expected.map(|(cid, (_, movement))| format!("QFA{cid} {movement}")).collect()
}

/// The rows by flight: callsign, kind, airport, and the seconds of the movement and of the observation before.
pub fn movements(database: &Database) -> Vec<String> {
    let seconds = |column| format!("extract(epoch from {column} - timestamptz '{START}')::int");
    database.client().column(&format!(
        "select concat_ws(' ', f.callsign, m.kind, m.icao, {}, coalesce({}::text, '-'))
         from airport_movements m join flights f on f.id = m.flight_id order by f.callsign, m.id",
        seconds("m.at"),
        seconds("m.earliest_at"),
    ))
}

pub fn start(database: &Database, feed: &FeedServer) -> Service {
    Setup::serve(database, feed).start()
}

/// One document with a flight at Sydney.
pub fn at_sydney(second: i64, kt: i32, alt: i32) -> Feed {
    Feed::second(second).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(kt).alt(alt))
}

#[test]
fn the_worked_examples() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    examples().iter().for_each(|document| service.take(&feed, document));
    assert_eq!(movements(&database), expected());
    let client = database.client();
    let at = "select string_agg(kind, ' ' order by id) from airport_movements";
    let told = "takeoff takeoff landing go_around touch_and_go";
    assert_eq!(client.one(at), told, "as they became known");
    let places = "select distinct concat_ws(' ', latitude, longitude) from airport_movements";
    assert_eq!(client.column(places), ["-33.95 151.18"]);
}

#[test]
fn movements_of_one_snapshot_are_stored_by_time_and_a_landing_before_a_takeoff() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    // What becomes known at once: a take-off, a landing of an earlier time, and one of the same time.
    let rows = [
        [(0, 21), (0, 21), (140, 900)],
        [(200, 1_500), (130, 100), (20, 21)],
        [(200, 1_500), (200, 1_500), (20, 21)],
    ];
    for number in 0..3 {
        let pilots = (1..).zip(rows).map(|(cid, rows)| {
            let (kt, alt) = rows[number];
            Pilot::new(&format!("QFA{cid}"), cid).inside("SYD").kt(kt).alt(alt)
        });
        service.take(&feed, &Feed::second(15 * number as i64).pilots(pilots));
    }
    let stored = "select f.callsign || ' ' || m.kind from airport_movements m \
                  join flights f on f.id = m.flight_id order by m.id";
    let stored = database.client().column(stored);
    assert_eq!(stored, ["QFA2 landing", "QFA3 landing", "QFA1 takeoff"]);
}

/// A take-off and a landing in one cycle are one statement more than none; the row of a flight is written once.
#[test]
fn a_movement_costs_one_statement_and_a_flight_at_rest_none() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    service.take(&feed, &at_sydney(0, 0, 21));
    service.await_cycles("unchanged", 1);
    let mark = database.mark();
    service.take(&feed, &at_sydney(15, 0, 21));
    let of_flights = |statements: Vec<String>| {
        let is_update = |sql: &&String| sql.to_uppercase().starts_with("UPDATE \"FLIGHTS\"");
        let is_insert = |sql: &&String| sql.contains("INSERT INTO \"airport_movements\"");
        let count = |is: &dyn Fn(&&String) -> bool| statements.iter().filter(|sql| is(sql)).count();
        (count(&is_update), count(&is_insert))
    };
    assert_eq!(of_flights(database.service_statements_since(mark)), (1, 0));
    let mark = database.mark();
    service.take(&feed, &at_sydney(30, 140, 900));
    assert_eq!(of_flights(database.service_statements_since(mark)), (1, 1));
    let mark = database.mark();
    service.await_cycles("unchanged", 2);
    assert_eq!(of_flights(database.service_statements_since(mark)), (0, 0));
}
