//! Absence is counted in observed time: the examples of the rules, live, replayed, and restarted at every
//! point.

use serde_json::json;

use crate::support::{
    documents::{Feed, OUTSIDE, Pilot, second},
    feed_server::FeedServer,
    postgres::Database,
    replay::{recorded, replay},
    service::{PATIENCE, Setup},
    wait::until,
};

/// `snapshots | visits`. A flight is in SYD all the time; `a` is the second of a snapshot in which it is present,
/// `-a` of one in which it is not, `!a` of one that refuses its record, `a..b` are all of them a quarter of a minute
/// apart. A visit is `entry-exit reason`.
const EXAMPLES: [&str; 10] = [
    "0 -15..285 300 | 0-0 disconnected, 300- open",
    "0 240 | 0- open",
    "0 -240..480 | 0-0 disconnected",
    "0 901 | 0-0 unobserved, 901- open",
    "0 900 1800 | 0- open",
    "0 -60 -961 976 | 0-0 unobserved, 976- open",
    "0 15 -75 -975 -990 | 0- open",
    "0 !15..600 615 | 0- open",
    "0..90 -105..375 | 0- open",
    "0 !240 !480 !720 -960..1185 !1198 -1200..1485 1500 | 0-0 disconnected, 1500- open",
];

fn example(line: &str) -> (Vec<Feed>, Vec<String>) {
    let (script, visits) = line.split_once(" | ").expect("two columns");
    let snapshots = script.split(' ').flat_map(|word| {
        let (how, seconds) = word.split_at(usize::from(!word.starts_with(char::is_numeric)));
        let (first, last) = seconds.split_once("..").unwrap_or((seconds, seconds));
        let parse = |text: &str| text.parse::<i64>().expect("seconds");
        let all = (parse(first)..=parse(last)).step_by(15);
        all.map(move |second| {
            let (feed, pilot) = (Feed::second(second), Pilot::new("QFA1", 1).inside("SYD"));
            // So that the snapshot is not refused as a whole.
            let feed = feed.pilot(Pilot::new("BEACON", 2).at(OUTSIDE.0, OUTSIDE.1));
            match (how, second % 2) {
                ("-", _) => feed,
                ("!", 0) => feed.pilot(pilot.set("altitude", json!("high"))),
                ("!", _) => feed.pilot(pilot.set("latitude", json!(91)).without("callsign")),
                (_, _) => feed.pilot(pilot),
            }
        })
    });
    (snapshots.collect(), visits.split(", ").map(str::to_owned).collect())
}

fn visits(database: &Database) -> Vec<String> {
    let since = |column: &str| {
        format!("extract(epoch from {column} - timestamptz '{}')::float8", second(0))
    };
    database.client().column(&format!(
        "select format('%s-%s %s', {}, {}, coalesce(exit_reason, 'open'))
         from flight_sector_occupancy order by entry_timestamp",
        since("entry_timestamp"),
        since("exit_timestamp"),
    ))
}

#[test]
fn the_examples_hold_replayed() {
    for line in EXAMPLES {
        let (documents, expected) = example(line);
        let database = Database::migrated();
        let ended = replay(&[&recorded(&documents)], &database, &[]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(visits(&database), expected, "{line}");
        let ledger = "select format('%s disconnected, %s unobserved', sum(disconnected), sum(unobserved)) \
             from poll_cycles";
        let of = |reason: &str| expected.iter().filter(|visit| visit.ends_with(reason)).count();
        let counted =
            format!("{} disconnected, {} unobserved", of("disconnected"), of("unobserved"));
        assert_eq!(database.client().one(ledger), counted, "{line}");
    }
}

#[test]
fn the_examples_hold_restarted_at_every_point() {
    for line in EXAMPLES {
        let (documents, expected) = example(line);
        // And once in the middle: the first write of a flight after a start differs.
        for life in [1, documents.len().div_ceil(2)] {
            let database = Database::migrated();
            for documents in documents.chunks(life) {
                let ended = replay(&[&recorded(documents)], &database, &[]);
                assert_eq!(ended.code, Some(0), "{}", ended.stderr);
            }
            assert_eq!(visits(&database), expected, "{line}, {life} snapshots a life");
        }
    }
}

#[test]
fn the_examples_hold_live() {
    for line in EXAMPLES {
        let (documents, expected) = example(line);
        let (feed, database) = (FeedServer::start(), Database::migrated());
        let mut service = Setup::serve(&database, &feed).start();
        documents.iter().for_each(|document| service.take(&feed, document));
        let moved = |kind: &str| {
            service.metric(&format!("sectorwatch_sector_transitions_total{{kind=\"{kind}\"}}"))
        };
        for kind in ["disconnected", "unobserved"] {
            let visits = expected.iter().filter(|visit| visit.ends_with(kind)).count();
            assert_eq!(moved(kind), visits as f64, "{line}: {kind}");
        }
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
        assert_eq!(visits(&database), expected, "{line}");
    }
}

/// What is read of these tables by whoever, one row after the other.
const READ_THROUGH: &str = "select sum(seq_tup_read)::bigint from pg_stat_user_tables
     where relname in ('flights', 'flight_sector_occupancy')";

const STORED: u64 = 200_000;

/// Many flights that ended, each with a visit. Written in a session that ends, so that its reads are counted.
fn store_years(database: &Database) {
    let client = database.client();
    // On a busy machine, autovacuum would be quicker than the counting below, which then reads an index alone.
    for table in ["flights", "flight_sector_occupancy"] {
        client.run(&format!("alter table {table} set (autovacuum_enabled = false)"));
    }
    // All of yesterday, so that their age does not exclude them; and never analysed.
    client.run(&format!(
        "insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls,
             first_seen, last_updated, last_seen, departure, arrival)
         select 800000 + i % 5000, 'OLD' || i % 7, mark - interval '20 hours' + interval '1 ms' * i, 'TEST',
             -34, 151, 5000, 0, mark - interval '19 hours', mark - interval '2 hours', mark - interval '2 hours',
             'YSSY', 'YMML'
         from collector_state, generate_series(1, {STORED}) i"
    ));
    client.run(
        "insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, exit_timestamp,
             duration_seconds, entry_lat, entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude,
             exit_reason, airspace_revision)
         select id, callsign, 'SYD', first_seen, last_seen, 0, -34, 151, -34, 151, 5000, 5000, 'left', 'abc'
         from flights where callsign like 'OLD%'",
    );
    let stored = client.count("select count(*) from flights");
    assert_eq!(stored, STORED + 2);
}

#[test]
fn neither_a_restart_nor_a_failed_phase_reads_through_the_flights_of_years() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let client = database.client();
    let mut service = Setup::serve(&database, &feed).start();
    let seen = |number: i64, callsign: &str| {
        Feed::second(15 * number).pilot(Pilot::new(callsign, 1).inside("SYD"))
    };
    service.take(&feed, &seen(0, "QFA1").pilot(Pilot::new("QFA2", 2).kt(0)));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    store_years(&database);
    let read = || {
        // The statistics of a session arrive after its end, or with a delay.
        std::thread::sleep(std::time::Duration::from_secs(2));
        database.client().count(READ_THROUGH)
    };
    // What filled the tables read all flights twice, in a session whose statistics can be late by any time.
    until("the statistics of the filling", PATIENCE, || {
        database.client().count(READ_THROUGH) >= 2 * STORED
    });
    let before = read();
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &seen(1, "QFA1").pilot(Pilot::new("QFA2", 2).kt(0).no_plan()));
    service.take(&feed, &seen(2, "QFA1").pilot(Pilot::new("QFA2", 2).kt(80).no_plan()));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let rows = read() - before;
    assert!(rows < STORED / 10, "{rows} rows were read one after the other");

    // The same when memory is restored after a failed flights phase.
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &seen(3, "QFA1").pilot(Pilot::new("QFA2", 2).kt(80).no_plan()));
    let before = read();
    client.run(
        "create function refuse() returns trigger language plpgsql as $$ begin
             raise exception 'refused by the test' using errcode = '53100'; end $$;
         create trigger refuse before update on collector_state for each row execute function refuse()",
    );
    feed.publish(&seen(4, "QFA1").pilot(Pilot::new("QFA2", 2).kt(80).no_plan()));
    service.await_cycles("flights_error", 3);
    client.run("drop function refuse() cascade");
    service.wait_until("stored after all", PATIENCE, |it| it.cycles_of("success") == 2);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let rows = read() - before;
    assert!(rows < STORED / 10, "after a failed phase {rows} rows were read one after the other");
    // It was restored: one flight continues, the other needs no plan.
    let open = "select string_agg(callsign, ' ' order by callsign) from flight_sector_occupancy \
         where exit_timestamp is null";
    assert_eq!(client.one(open), "QFA1 QFA2");
}
