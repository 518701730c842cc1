//! With many rows, a read of a day reads few pages, and no partition of another day.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
};

use chrono::TimeDelta;
use sectorwatch_store::api::{
    CoverageBy, FlightFilter, MovementFilter, PageOf, PositionFilter, Reader, VisitFilter,
};

use super::scene::span;
use crate::support::{postgres::Database, store::Stored};

/// 20,000 flights in 100 days, each with a visit, five intervals and a landing; one of them was inside for two days.
/// Positions are those of four days.
const MANY: &str = "\
    insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, first_seen, \
        last_updated, last_seen) \
    select n, 'QFA' || n, at, 'TEST', -34, 151, 5000, 0, at, at + interval '75 minutes', at + interval '75 minutes' \
    from generate_series(1, 20000) n, lateral (select timestamptz '2025-01-01Z' + n * interval '432 s' as at) _; \
    insert into flight_radio_intervals (flight_id, state, from_timestamp, to_timestamp) \
    select id, (array['contact', 'none', 'unknown'])[1 + part % 3], first_seen + part * interval '15 minutes', \
        first_seen + (part + 1) * interval '15 minutes' \
    from flights, generate_series(0, 4) part order by id, part; \
    insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon, \
        entry_altitude, airspace_revision, exit_timestamp, duration_seconds, exit_lat, exit_lon, exit_altitude, \
        exit_reason) \
    select id, callsign, 'S' || id % 20, first_seen, -34, 151, 5000, repeat('a', 64), first_seen + \
        case id when 9000 then interval '2 days' else interval '20 minutes' end, 1200, -34, 151, 5000, 'left' \
    from flights order by id; \
    insert into airport_movements (flight_id, icao, kind, at, latitude, longitude) \
    select id, 'YSSY', 'landing', last_seen, -34, 151 from flights order by id; \
    update collector_state set mark = '2025-04-12Z', contacts_mark = '2025-04-12Z'; \
    create table flight_positions_20250201 partition of flight_positions for values from ('2025-02-01Z') to ('2025-02-02Z'); \
    create table flight_positions_20250202 partition of flight_positions for values from ('2025-02-02Z') to ('2025-02-03Z'); \
    create table flight_positions_20250203 partition of flight_positions for values from ('2025-02-03Z') to ('2025-02-04Z'); \
    create table flight_positions_20250204 partition of flight_positions for values from ('2025-02-04Z') to ('2025-02-05Z'); \
    insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude) \
    select id, first_seen + part * interval '1 minute', -34, 151, 5000 from flights, generate_series(0, 20) part \
    where first_seen >= '2025-02-01 00:00Z' and first_seen < '2025-02-04 23:00Z'";

/// The server writes each plan to its log, with what was read.
const EXPLAINED: [&str; 5] = [
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_buffers = on",
    "auto_explain.log_timing = off",
];

struct Plans {
    database: Database,
    stored: Stored,
}

impl Plans {
    fn new() -> Self {
        let database = Database::migrated();
        database.client().run(MANY);
        database.client().run("vacuum analyze");
        for setting in EXPLAINED {
            database.client().run(&format!("alter database {} set {setting}", database.name()));
        }
        let stored = Stored::at(&database.url());
        Self { database, stored }
    }

    /// The plans of the statements of a read, and how many pages they read or found in memory.
    fn of<T>(&self, read: impl Future<Output = T>) -> (T, String, u64) {
        let path = self.database.server().log_path();
        let before = std::fs::metadata(path).expect("the log").len();
        let answer = self.stored.run(read);
        let mut log = File::open(path).expect("the log");
        log.seek(SeekFrom::Start(before)).expect("seek");
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes).expect("read");
        let (mut plans, mut pages, mut inside, mut is_first) = (String::new(), 0, false, false);
        for line in String::from_utf8_lossy(&bytes).lines() {
            if !line.starts_with('\t') {
                inside = line.starts_with(&format!("<{}>", self.database.name()))
                    && line.contains(" plan:");
                is_first = inside;
                continue;
            }
            if inside {
                plans.push_str(line);
                plans.push('\n');
                if let (true, Some((_, buffers))) = (is_first, line.split_once("Buffers: shared "))
                {
                    let read = buffers.split(' ').filter_map(|it| {
                        let (what, pages) = it.split_once('=')?;
                        ["hit", "read"]
                            .contains(&what)
                            .then(|| pages.parse::<u64>().expect("pages"))
                    });
                    pages += read.sum::<u64>();
                    is_first = false;
                }
            }
        }
        assert!(plans.contains("Query Text"), "{plans}");
        (answer, plans, pages)
    }
}

const FROM: &str = "2025-02-02T06:00:00Z";
const TO: &str = "2025-02-03T06:00:00Z";

#[test]
fn a_day_is_found_by_indexes_and_no_other_partition_is_read() {
    let plans = Plans::new();
    let (api, export) =
        (plans.stored.store.reads(Reader::Api), plans.stored.store.reads(Reader::Export));
    let day = span(FROM, TO);
    let of_day = |plan: &str| {
        assert!(plan.contains("flight_positions_20250202"), "{plan}");
        ["20250201", "20250204"].iter().for_each(|other| assert!(!plan.contains(other), "{plan}"));
    };
    let filter = PositionFilter { span: day, callsign: None, cid: None };
    let (read, plan, _) = plans.of(export.count_positions(filter.clone(), 100_000));
    of_day(&plan);
    let count = read.expect("a count").data;
    assert!(count > 4_000, "{count}");
    let (read, plan, pages) = plans.of(export.positions(filter, PageOf::first(5_000)));
    of_day(&plan);
    assert_eq!(read.expect("positions").data.rows.len() as u64, count);
    assert!(pages < 800, "{pages}\n{plan}");
    let id = plans.database.client().one("select id from flights where first_seen = '2025-02-03Z'");
    let (track, plan, _) = plans.of(api.track(id.parse().expect("an id")));
    assert_eq!(track.expect("a track").data.points.len(), 21);
    ["20250201", "20250204"]
        .iter()
        .for_each(|other| assert!(!plan.contains(&format!("flight_positions_{other} ")), "{plan}"));

    let (read, plan, pages) = plans.of(api.flights(FlightFilter::of(day), PageOf::first(100)));
    assert_eq!(read.expect("flights").data.rows.len(), 100);
    assert!(pages < 60, "{pages}\n{plan}");
    // The two days of the longest visit are looked through, and not the history before them.
    let (read, plan, pages) = plans.of(api.visits(VisitFilter::of(day), PageOf::first(100)));
    assert_eq!(read.expect("visits").data.rows.len(), 100);
    assert!(pages < 200, "{pages}\n{plan}");
    let (read, plan, pages) = plans.of(api.movements(MovementFilter::of(day), PageOf::first(100)));
    assert_eq!(read.expect("movements").data.rows.len(), 100);
    assert!(pages < 400, "{pages}\n{plan}");
    let (read, plan, pages) =
        plans.of(api.occupancy("S3".to_owned(), true, day, TimeDelta::minutes(15)));
    assert_eq!(read.expect("occupancy").data.steps.len(), 96);
    assert!(pages < 300, "{pages}\n{plan}");
    for by in [CoverageBy::Sector, CoverageBy::Hour, CoverageBy::Facility] {
        let (read, plan, pages) = plans.of(api.coverage(by, "UTC".to_owned(), day));
        assert!(!read.expect("coverage").data.groups.is_empty());
        // The table of intervals has a thousand pages.
        assert!(pages < 900, "{by:?}: {pages}\n{plan}");
    }
}
