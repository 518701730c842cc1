//! With many rows, a question about a flight or a day reads few pages.

use crate::support::{postgres::Database, sql::Client};

/// 20,000 flights in 100 days, each with a visit and five intervals, and 100,000 spans of 20 sectors.
const MANY: &str = "\
    insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, first_seen, \
        last_updated, last_seen) \
    select n, 'QFA' || n, at, 'TEST', -34, 151, 5000, 0, at, at + interval '75 minutes', \
        at + interval '75 minutes' \
    from generate_series(1, 20000) n, lateral (select timestamptz '2025-01-01Z' + n * interval '432 s' as at) _; \
    insert into flight_radio_intervals (flight_id, state, from_timestamp, to_timestamp) \
    select id, (array['contact', 'none', 'unknown'])[1 + part % 3], first_seen + part * interval '15 minutes', \
        first_seen + (part + 1) * interval '15 minutes' \
    from flights, generate_series(0, 4) part order by id, part; \
    insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon, \
        entry_altitude, airspace_revision, exit_timestamp, duration_seconds, exit_lat, exit_lon, exit_altitude, \
        exit_reason) \
    select id, callsign, 'S' || id % 20, first_seen, -34, 151, 5000, repeat('a', 64), \
        first_seen + interval '20 minutes', 1200, -34, 151, 5000, 'left' from flights order by id; \
    insert into sector_control (sector_name, state, from_timestamp, to_timestamp, airspace_revision) \
    select 'S' || n % 20, 'uncontrolled', at, at + interval '1728 s', 'abc' \
    from generate_series(1, 100000) n, \
        lateral (select timestamptz '2025-01-01Z' + n / 20 * interval '1728 s' as at) _; \
    analyze flights, flight_radio_intervals, flight_sector_occupancy, sector_control";

/// The plan, and how many pages were read or found in memory.
fn explained(client: &Client, sql: &str) -> (String, u64) {
    let explain = format!("explain (analyze, buffers, costs off, timing off, summary off) {sql}");
    let plan = client.column(&explain).join("\n");
    let line = plan.lines().find_map(|it| it.trim().strip_prefix("Buffers: shared "));
    let pages = line.expect("buffers").split(' ').filter_map(|it| {
        let (what, pages) = it.split_once('=')?;
        ["hit", "read"].contains(&what).then(|| pages.parse::<u64>().expect("pages"))
    });
    let pages = pages.sum();
    (plan, pages)
}

#[test]
fn a_flight_and_a_day_are_found_by_indexes() {
    let database = Database::migrated();
    let client = database.client();
    client.run(MANY);
    let pages = |table: &str| client.count(&format!("select pg_relation_size('{table}') / 8192"));
    let (radio, control) = (pages("flight_radio_intervals"), pages("sector_control"));
    assert!(radio > 500 && control > 500, "{radio} {control}");
    let id = client.one("select id from flights where cid = 15000");
    for sql in [
        format!("select * from radio_coverage({id}, '2025-01-01Z', '2026-01-01Z')"),
        format!("select * from v_visit_coverage where flight_id = {id}"),
        format!("select * from v_visit_control where flight_id = {id}"),
    ] {
        let (plan, read) = explained(&client, &sql);
        assert!(read < 60, "{read} pages of {radio} and {control}\n{plan}");
    }
    let day = "entry_timestamp >= '2025-02-01Z' and entry_timestamp < '2025-02-02Z'";
    let day = format!(
        "select sum(contact_seconds), count(controllers) \
         from v_visit_coverage join v_visit_control using (visit_id) where {day}"
    );
    let (plan, read) = explained(&client, &day);
    assert!(read < 10_000, "{read} pages for 200 visits\n{plan}");
    for table in ["flight_radio_intervals", "sector_control"] {
        assert!(!plan.contains(&format!("Seq Scan on {table}")), "{plan}");
    }
    // Who is deleted is looked for in both.
    for table in ["flight_radio_intervals", "sector_control"] {
        let unname = format!("update {table} set controller_id = null where controller_id = 7");
        let (plan, read) = explained(&client, &unname);
        assert!(read < 10, "{read}\n{plan}");
    }
}
