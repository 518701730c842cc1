//! The tables with data of a member, and what is printed about it.

use super::*;
use crate::support::{feed_server::FeedServer, service::PATIENCE};

/// Tables that cannot contain data of a member, with the reason.
const IMPERSONAL: [(&str, &str); 4] = [
    ("__diesel_schema_migrations", "versions"),
    ("collector_state", "one row of the service itself"),
    ("forgotten_members", "digests, whose key is elsewhere"),
    ("poll_cycles", "counts"),
];
/// The others, in alphabetical order.
const PERSONAL: [&str; 10] = [
    "airport_movements",
    "controllers",
    "flight_positions",
    "flight_radio_intervals",
    "flight_sector_occupancy",
    "flights",
    "pending_transitions",
    "rejected_records",
    "sector_control",
    "transceivers",
];

/// Each pilot took off, and was in contact with the forgotten controller, then with another one.
fn add_contacts(client: &Client) {
    client.run(
        "delete from flight_radio_intervals; delete from sector_control; \
         insert into flight_radio_intervals (flight_id, state, controller_id, controller_callsign, frequency_hz, \
             is_primary, from_timestamp, to_timestamp) \
         select f.id, 'contact', c.id, c.callsign, 124700000, true, \
             f.first_seen + (c.callsign = 'ML_TWR')::integer * interval '1 minute', \
             case c.callsign when 'SY_TWR' then f.first_seen + interval '1 minute' end \
         from flights f, controllers c; \
         insert into sector_control (sector_name, state, controller_id, controller_callsign, owner_rank, \
             from_timestamp, airspace_revision) \
         select case callsign when 'SY_TWR' then 'SYD' else 'MEL' end, 'controlled', id, callsign, 0, \
             first_seen, 'abc' from controllers; \
         insert into airport_movements (flight_id, icao, kind, at, latitude, longitude) \
         select id, 'YSSY', 'takeoff', last_updated, latitude, longitude from flights",
    );
}

/// A new table must be added to one of the lists, and to `forget` if necessary.
#[test]
fn every_table_that_holds_something_of_a_member_is_known() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let client = database.client();
    let tables = client.column(
        "select table_name::text from information_schema.tables where table_schema = 'public' \
         and table_type = 'BASE TABLE' and table_name not like 'flight_positions_%' order by 1",
    );
    let mut listed: Vec<_> = IMPERSONAL.iter().map(|it| it.0).chain(PERSONAL).collect();
    listed.sort_unstable();
    assert_eq!(tables, listed);

    let mut service = serve(&database, &feed).start();
    service.take(&feed, &world(0));
    service.take(&feed, &world(15));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    client.run(
        "insert into pending_transitions (flight_id, kind, sector_name, observed_at, latitude, longitude, \
             altitude, exit_reason) \
         select id, 'left', 'SYD', last_updated, latitude, longitude, altitude, 'left' from flights \
             where callsign = 'QFA1'; \
         insert into rejected_records (source, reason, detail, cid, callsign, raw, seen_at) values \
             ('pilot', 'schema', 'cid', null, 'ODD', '{\"cid\": \"7654321\", \"callsign\": \"ODD\"}', now()), \
             ('transition', 'other', 'refused', null, 'qfa1', 'left SYD', now()), \
             ('pilot', 'schema', 'cid', null, 'KEPT', '{\"cid\": \"76543210\"}', now()), \
             ('transition', 'other', 'refused', null, 'QFA2', 'left MEL', now())",
    );
    add_contacts(&client);
    assert_eq!(found(&client), PERSONAL, "the test fills every table");
    let rows = || {
        let count = |table: &&str| client.count(&format!("select count(*) from {table}"));
        PERSONAL.iter().map(count).collect::<Vec<_>>()
    };
    let before = rows();

    let dry = forget(&database, &["--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}", dry.stderr);
    assert_eq!(rows(), before, "nothing is changed");
    assert_eq!(client.count("select count(*) from forgotten_members"), 0);
    let done = forget(&database, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    for line in [
        "rejected_records: 3\n",
        "transceivers: 2\n",
        "pending_transitions: 1\n",
        "airport_movements: 1\n",
        "flight_sector_occupancy: 1\n",
        "flight_positions: 2\n",
        "flights: 1\n",
        "controllers: 1\n",
        "flight_radio_intervals: 2\n",
        "flight_radio_intervals, kept without the controller: 1\n",
        "sector_control, kept without the controller: 1\n",
        "14 rows",
    ] {
        assert!(done.stdout.contains(line), "{line} in {}", done.stdout);
        assert!(dry.stdout.contains(line), "{line} in {}", dry.stdout);
    }
    assert_eq!(found(&client), [""; 0]);
    let of_others = "select concat_ws(' ', (select string_agg(callsign, ',') from flights), \
        (select string_agg(callsign, ',') from controllers), (select count(*) from flight_positions), \
        (select count(*) from flight_sector_occupancy), (select count(*) from transceivers), \
        (select string_agg(callsign, ',' order by callsign) from rejected_records))";
    assert_eq!(client.one(of_others), "QFA2 ML_TWR 2 1 2 KEPT,QFA2,QFA4");
    let contacts = "select string_agg(concat_ws(' ', state, controller_id is null, controller_callsign, \
        frequency_hz), ', ' order by from_timestamp) from flight_radio_intervals";
    assert_eq!(client.one(contacts), "contact t 124700000, contact f ML_TWR 124700000");
    let control = "select string_agg(concat_ws(' ', sector_name, state, controller_id is null, \
        controller_callsign, owner_rank), ', ' order by sector_name) from sector_control";
    assert_eq!(client.one(control), "MEL controlled f ML_TWR 0, SYD controlled t 0");
    let again = forget(&database, &[]);
    assert!(again.stdout.contains("\n0 rows deleted"), "{}", again.stdout);
    assert_eq!(client.count("select count(*) from forgotten_members"), 1);
}
