//! Walks while rows are inserted, deleted by retention and erased: no row twice, and all that stay.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};

use serde_json::Value;

use super::world::{MARK, World};
use crate::support::{service::PATIENCE, wait};

/// 400 flights with a visit each, which stay; two begin at a time.
const STAYING: &str = "
    insert into flights (id, cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, first_seen,
        last_updated, last_seen)
    select 2000 + n, 1987800, 'STAY' || n, t, 'TEST', -33.9, 151.2, 9000, 0, t, t, t
    from generate_series(1, 400) n, lateral (select timestamptz '2025-01-09 13:00Z' + n / 2 * interval '5 minutes' as t) at;
    insert into flight_sector_occupancy (id, flight_id, callsign, sector_name, entry_timestamp, exit_timestamp,
        duration_seconds, entry_lat, entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude, exit_reason,
        airspace_revision)
    select f.id * 10, f.id, f.callsign, 'MEL', f.first_seen, f.first_seen + interval '1 minute', 60, -34, 151, -34, 150,
        9000, 8000, 'left', 'abc'
    from flights f where f.id between 2001 and 2400;
    -- Ids that are generated do not meet those that are given.
    select setval(pg_get_serial_sequence('flights', 'id'), 100000),
        setval(pg_get_serial_sequence('flight_sector_occupancy', 'id'), 100000)";

/// A cycle: the mark moves on, and flights come at any time of the last day and after the mark before.
const COME: &str = "
    begin;
    insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, first_seen,
        last_updated, last_seen)
    select 1987900 + n % 3, 'COME' || n, t, 'TEST', -33.9, 151.2, 9000, 0, t, t, t
    from collector_state, generate_series(1, 20) n,
        lateral (select mark + interval '15 seconds' - random() * (n / 10) * interval '20 hours' as t) at;
    insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon,
        entry_altitude, airspace_revision)
    select f.id, f.callsign, 'BNE', f.first_seen, -34, 151, 9000, 'abc' from flights f
    where f.callsign like 'COME%' and not exists (select from flight_sector_occupancy v where v.flight_id = f.id);
    update collector_state set mark = mark + interval '15 seconds';
    commit";

/// Retention deletes the oldest of them, and a member is forgotten.
const GO: &str = "
    begin;
    delete from flights where id in (
        select id from flights where callsign like 'COME%' order by first_seen limit 5);
    delete from flights where cid = 1987900 + (random() * 2)::integer and callsign like 'COME%' and random() < 0.3;
    commit";

pub fn rows_that_stay_are_in_every_walk_once(world: &World) {
    world.sql.run(STAYING);
    let (is_over, cycles) = (AtomicBool::new(false), AtomicU32::new(0));
    let client = world.database.client();
    thread::scope(|scope| {
        let _ends = Ends(&is_over);
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                client.run(COME);
                client.run(GO);
                cycles.fetch_add(1, Ordering::Relaxed);
            }
        });
        for (list, time) in [("flights", "first_seen"), ("visits", "entry_timestamp")] {
            let before = cycles.load(Ordering::Relaxed);
            let first = format!("/api/v1/{list}?from=2025-01-09T13:00:00Z&limit=9");
            // On a busy machine, all pages could be read before rows come and go.
            let walked = walk(world, &first, |page| {
                let come = || cycles.load(Ordering::Relaxed) >= before + page.min(3);
                wait::until("rows come and go", PATIENCE, come);
            });
            is_whole(&walked, list, time);
        }
    });
    world.sql.run("delete from flights where callsign like 'COME%' or callsign like 'STAY%'");
    world.sql.run(&format!("update collector_state set mark = '{MARK}'"));
}

/// Tells the cycles to end, also when an assertion fails: the scope waits for them.
struct Ends<'o>(&'o AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The rows of all pages, and the mark of the first one.
struct Walked {
    rows: Vec<Value>,
    mark: String,
}

/// Walks through all pages. `after` is told how many were read.
fn walk(world: &World, first: &str, after: impl Fn(u32)) -> Walked {
    let mut walked = Walked { rows: Vec::new(), mark: String::new() };
    let (mut path, mut pages) = (Some(first.to_owned()), 0);
    while let Some(page) = path {
        let mut body = world.get(&page).json();
        if walked.mark.is_empty() {
            walked.mark = body["mark"].as_str().expect("a mark").to_owned();
        }
        walked.rows.append(body["data"].as_array_mut().unwrap_or_else(|| panic!("{page}")));
        path = body["next"].as_str().map(str::to_owned);
        pages += 1;
        after(pages);
    }
    walked
}

fn is_whole(walked: &Walked, list: &str, time: &str) {
    let keys: Vec<(&str, i64)> = walked
        .rows
        .iter()
        .map(|row| (row[time].as_str().expect("a time"), row["id"].as_i64().expect("an id")))
        .collect();
    // As texts, whole seconds would come after fractions of the same second.
    let in_order = |(a, b): (&(&str, i64), &(&str, i64))| {
        let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().expect("a time");
        (at(a.0), a.1) < (at(b.0), b.1)
    };
    assert!(keys.iter().zip(&keys[1..]).all(in_order), "{list}: a key twice, or out of order");
    let came = walked
        .rows
        .iter()
        .filter(|row| row["callsign"].as_str().is_some_and(|it| it.starts_with("COME")));
    assert!(came.count() > 0, "{list}: rows that came are seen");
    assert!(keys.iter().all(|(at, _)| *at < &*walked.mark), "{list}: nothing of later cycles");
    let stayed: BTreeSet<&str> =
        walked.rows.iter().filter_map(|row| row["callsign"].as_str()).collect();
    let missing = (1..=400).map(|n| format!("STAY{n}")).filter(|it| !stayed.contains(&**it));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new(), "{list}");
}
