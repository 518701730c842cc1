//! A walk while the service writes, retention deletes and a member is forgotten.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use sectorwatch_store::api::{Asked, FlightFilter, PageOf, VisitFilter};

use super::scene::{MARK, Scene, at};

#[test]
fn a_walk_has_no_row_twice_and_all_that_stay_and_none_after_its_mark() {
    let scene = Scene::new();
    let reads = scene.reads();
    let asked =
        Asked::of_a_list(Some(at("2026-01-02T00:00:00Z")), Some(at("2026-02-01T00:00:00Z")));
    let (mut flights, mut visits) = (PageOf::first(40), PageOf::first(120));
    let (mut of_flights, mut of_visits) = (Vec::new(), Vec::new());
    for round in 0.. {
        let read =
            scene.stored.run(reads.flights(FlightFilter::of(asked), flights)).expect("a page");
        assert_eq!(read.facts.bound, Some(at(MARK)));
        assert_eq!(read.facts.mark, Some(at(MARK) + TimeDelta::hours(round)));
        flights = PageOf { bound: read.facts.bound, after: read.data.next, ..flights };
        of_flights.extend(read.data.rows.iter().map(|row| row.id));
        let read = scene.stored.run(reads.visits(VisitFilter::of(asked), visits)).expect("a page");
        visits = PageOf { bound: read.facts.bound, after: read.data.next, ..visits };
        of_visits.extend(read.data.rows.iter().map(|row| row.id));
        let is_over = flights.after.is_none();
        assert_eq!(is_over, visits.after.is_none(), "both walks have as many pages");
        if is_over {
            break;
        }
        disturb(&scene, round);
    }
    assert!(of_flights.len() > 400 && of_visits.len() > 1_200);
    for (ids, table, time) in [
        (of_flights, "flights", "first_seen"),
        (of_visits, "flight_sector_occupancy", "entry_timestamp"),
    ] {
        let walked: BTreeSet<String> = ids.iter().map(i64::to_string).collect();
        assert_eq!(walked.len(), ids.len(), "{table}: twice");
        let time_is = format!("{time} >= '2026-01-02Z' and {time} <= '{MARK}'");
        let stay = format!("select id from {table} where {time_is} and id < 100000");
        let stay: BTreeSet<String> = scene.client.column(&stay).into_iter().collect();
        assert!(walked.is_superset(&stay), "{table}: {:?}", stay.difference(&walked));
        let late = format!("select id from {table} where {time} > '{MARK}'");
        let late: BTreeSet<String> = scene.client.column(&late).into_iter().collect();
        assert!(!late.is_empty() && walked.is_disjoint(&late), "{table}");
    }
    assert!(walked_are_fewer_than_at_first(&scene));
}

/// What happens between two pages: a cycle, retention of a day, and a member who is forgotten.
fn disturb(scene: &Scene, round: i64) {
    let mark = at(MARK) + TimeDelta::hours(round + 1);
    let cid = 1000 + round;
    scene.client.run(&format!(
        "begin; \
         update collector_state set mark = '{mark}'; \
         with new as (insert into flights (id, cid, callsign, logon_time, server, latitude, longitude, altitude, \
             slow_polls, first_seen, last_updated, last_seen) \
             values ({id}, 1, 'NEW', '{mark}', 'TEST', 1, 2, 3, 0, '{mark}', '{mark}', '{mark}') returning id) \
         insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon, \
             entry_altitude, airspace_revision) select id, 'NEW', 'S1', '{mark}', 1, 2, 3, 'abc' from new; \
         update flight_sector_occupancy set exit_timestamp = '{mark}', duration_seconds = 1, exit_lat = 1, exit_lon = 1, \
             exit_altitude = 1, exit_reason = 'left' \
             where id = (select min(id) from flight_sector_occupancy where exit_timestamp is null and id < 100000); \
         update flights set last_seen = '{mark}' where id = 598; \
         delete from flights where cid = {cid}; \
         delete from flights where last_seen < timestamptz '2026-01-02Z' + {round} * interval '8 hours'; \
         commit",
        id = 100_000 + round,
    ));
}

fn walked_are_fewer_than_at_first(scene: &Scene) -> bool {
    scene.client.count("select count(*) from flights where id < 100000") < 560
}
