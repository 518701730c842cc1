//! Which connections are one leg.

use super::{at_sydney, start};
use crate::support::{
    documents::{Feed, Pilot, START, second},
    feed_server::FeedServer,
    postgres::Database,
    sql::Client,
};

/// The legs: connections, and the seconds in which it began and ended.
fn legs(client: &Client) -> Vec<String> {
    client.column(&format!(
        "select concat_ws(' ', callsign, cardinality(flight_ids), leg_id = flight_ids[1],
             extract(epoch from started_at - timestamptz '{START}')::float8,
             extract(epoch from ended_at - timestamptz '{START}')::float8)
         from v_flight_legs order by callsign, cid, started_at"
    ))
}

/// A connection: when it was observed first and last, and how many miles further north it was then.
struct Connection {
    from: f64,
    to: f64,
    first_nm: f64,
    last_nm: f64,
    kt: Option<i32>,
}

/// A minute at 300 kt from the origin.
const FIRST: Connection =
    Connection { from: 0.0, to: 60.0, first_nm: 0.0, last_nm: 5.0, kt: Some(300) };

fn at(seconds: f64) -> String {
    format!("timestamptz '{START}' + interval '{seconds} s'")
}

impl Connection {
    /// Stores it as one of `QFA1`; returns its id.
    fn store(&self, client: &Client) -> String {
        let latitude = |nm: f64| nm / (3_440.065 * std::f64::consts::PI / 180.0);
        let (first, last) = (latitude(self.first_nm), latitude(self.last_nm));
        let kt = self.kt.map_or("null".to_owned(), |kt| kt.to_string());
        client.one(&format!(
            "insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, groundspeed, \
                 slow_polls, first_seen, last_updated, last_seen, first_observed, first_latitude, first_longitude) \
             select 1, 'QFA1', timestamptz '{START}' + count(*) * interval '1 s', 'TEST', {last}, 0, 5000, {kt}, \
                 0, {from}, {to}, {to}, {from}, {first}, 0 from flights returning id",
            from = at(self.from),
            to = at(self.to),
        ))
    }
}

/// Whether two connections, and what is done to the rows after them, are one leg.
fn is_one(earlier: &Connection, later: &Connection, then: &str) -> bool {
    let database = Database::migrated();
    let client = database.client();
    earlier.store(&client);
    later.store(&client);
    client.run(then);
    legs(&client).len() == 1
}

/// A connection that begins so much later, where the first one ended.
fn after(gap: f64) -> Connection {
    let from = FIRST.to + gap;
    Connection { from, to: from + 60.0, first_nm: 5.0, last_nm: 10.0, kt: Some(300) }
}

#[test]
fn connections_are_one_leg_within_half_an_hour() {
    assert!(is_one(&FIRST, &after(1_800.0), ""));
    assert!(!is_one(&FIRST, &after(1_800.001), ""));
    assert!(is_one(&FIRST, &after(0.0), ""));
}

#[test]
fn a_landing_ends_a_leg_unless_the_flight_took_off_again() {
    let moved = |kinds: &str| {
        format!(
            "insert into airport_movements (flight_id, icao, kind, at, latitude, longitude) \
             select (select min(id) from flights), 'YSSY', kind, timestamptz '{START}' + n * interval '15 s', 0, 0 \
             from unnest('{{{kinds}}}'::text[]) with ordinality _ (kind, n)"
        )
    };
    for (kinds, expected) in [
        ("landing", false),
        ("takeoff", true),
        ("go_around", true),
        ("touch_and_go", true),
        ("takeoff,landing", false),
        ("landing,takeoff", true),
        ("landing,go_around", true),
    ] {
        assert_eq!(is_one(&FIRST, &after(60.0), &moved(kinds)), expected, "{kinds}");
    }
    // At one time, the landing was first.
    let at_once =
        format!("{}; update airport_movements set at = '{START}'", moved("takeoff,landing"));
    assert!(is_one(&FIRST, &after(60.0), &at_once));
    // Who lands in the later connection has flown there in this leg.
    let later = moved("landing").replace("min(id)", "max(id)");
    assert!(is_one(&FIRST, &after(60.0), &later));
}

#[test]
fn the_next_connection_is_where_the_aircraft_can_be() {
    // 300 kt in 600 s are 50 NM, times 1.2, and 30 NM more.
    let at_nm = |nm: f64| Connection { first_nm: 5.0 + nm, ..after(600.0) };
    assert!(is_one(&FIRST, &at_nm(89.99), ""));
    assert!(!is_one(&FIRST, &at_nm(90.01), ""));
    assert!(is_one(&FIRST, &at_nm(-89.99), ""));
    // It is the latest position that counts, of the earlier one, and the first of the later one.
    assert!(!is_one(&Connection { last_nm: 0.0, ..FIRST }, &at_nm(89.99), ""));
    assert!(is_one(&FIRST, &Connection { last_nm: 500.0, ..at_nm(0.0) }, ""));
    // An unknown groundspeed is none.
    let unknown = || Connection { kt: None, ..FIRST };
    assert!(is_one(&unknown(), &at_nm(29.99), ""));
    assert!(!is_one(&unknown(), &at_nm(30.01), ""));
}

#[test]
fn connections_that_overlap_have_no_gap() {
    let overlapping = |nm: f64| Connection { first_nm: 5.0 + nm, ..after(-30.0) };
    assert!(is_one(&FIRST, &overlapping(29.99), ""));
    assert!(!is_one(&FIRST, &overlapping(30.01), ""));
    let database = Database::migrated();
    let client = database.client();
    Connection { to: 500.0, ..FIRST }.store(&client);
    overlapping(0.0).store(&client);
    assert_eq!(legs(&client), ["QFA1 2 t 0 500"], "it ends with the last observation of both");
}

#[test]
fn a_leg_has_its_connections_in_order_and_the_plan_of_those_that_have_one() {
    let database = Database::migrated();
    let client = database.client();
    // Stored last, begun first.
    let ids = [after(600.0).store(&client), after(2_000.0).store(&client), FIRST.store(&client)];
    client.run(&format!(
        "update flights set departure = 'YSSY', arrival = 'YMML' where id = {}; \
         update flights set departure = ' ', arrival = '' where id in ({}, {})",
        ids[0], ids[1], ids[2]
    ));
    let leg = "select concat_ws(' ', flight_ids, leg_id, cid, callsign, departure, arrival) from v_flight_legs";
    let [second, third, first] = &ids;
    assert_eq!(client.one(leg), format!("{{{first},{second},{third}}} {first} 1 QFA1 YSSY YMML"));
    client.run(&format!(
        "update flights set departure = 'YBBN', arrival = 'YPPH' where id = {third}"
    ));
    let expected = format!("{{{first},{second},{third}}} {first} 1 QFA1 YSSY YPPH");
    assert_eq!(client.one(leg), expected);
    client.run(&format!("update flights set callsign = 'QFA2' where id = {second}"));
    assert_eq!(legs(&client).len(), 3, "the gap is too long without it");
    client.run("update flights set callsign = 'QFA1', cid = 7 where callsign = 'QFA2'");
    assert_eq!(legs(&client).len(), 3);
}

/// Neither their landings nor where they began are known.
#[test]
fn flights_of_older_versions_are_legs_of_their_own() {
    let older = "update flights set first_observed = null, first_latitude = null, first_longitude = null \
                 where id = (select max(id) from flights)";
    assert!(is_one(&FIRST, &after(60.0), ""));
    assert!(!is_one(&FIRST, &after(60.0), older));
    // A flight that was there already when this version came, and then lost its connection.
    assert!(is_one(&FIRST, &after(60.0), &older.replace("max", "min")));
}

#[test]
fn a_pilot_who_loses_the_connection_flies_on_in_the_same_leg() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    service.take(&feed, &at_sydney(0, 0, 21));
    service.take(&feed, &at_sydney(15, 140, 900));
    let back = |from: i64, at: i64, kt, alt| {
        let pilot = Pilot::new("QFA1", 1).inside("SYD").kt(kt).alt(alt);
        Feed::second(at).pilot(pilot.logon(&second(from)))
    };
    service.take(&feed, &back(1_790, 1_800, 140, 900));
    service.take(&feed, &back(1_790, 1_815, 20, 21));
    service.take(&feed, &back(1_900, 1_905, 0, 21));
    let client = database.client();
    assert_eq!(legs(&client), ["QFA1 2 t 0 1815", "QFA1 1 t 1905 1905"]);
    let first = "select concat_ws(' ', first_latitude, first_longitude, first_observed = last_updated) \
                 from flights order by id";
    assert_eq!(client.column(first), ["-33.95 151.18 f", "-33.95 151.18 f", "-33.95 151.18 t"]);
    let plan = "select distinct concat_ws(' ', departure, arrival) from v_flight_legs";
    assert_eq!(client.one(plan), "YSSY YMML");
}

#[test]
fn distances_are_those_of_the_service() {
    let database = Database::migrated();
    let client = database.client();
    for (from, to) in [
        ((-33.946111, 151.177222), (-37.673333, 144.843333)),
        ((60.0, 179.0), (60.0, -179.0)),
        ((0.0, 0.0), (0.0, 180.0)),
        ((90.0, 12.0), (0.0, -77.0)),
        ((-33.9, 151.2), (-33.9, 151.2)),
    ] {
        let ours = sectorwatch_core::distance::great_circle_nm(from, to);
        let sql = format!("select great_circle_nm({}, {}, {}, {})", from.0, from.1, to.0, to.1);
        let theirs: f64 = client.one(&sql).parse().expect("a number");
        assert!((ours - theirs).abs() < 1e-6, "{from:?} {to:?}: {ours} {theirs}");
    }
}
