//! `reset-mark` repairs a mark that is ahead of the clock.

use super::{mark_ahead::ahead, *};
use crate::support::{
    documents::{Controller, second},
    feed_server::FeedServer,
    postgres::Database,
    replay::{recorded, replay},
    service::{Ended, PATIENCE, Setup},
};

fn reset(database: &Database, to: &str) -> Ended {
    let setup = Setup::bare(&["reset-mark", "--to", to]);
    setup.env("DATABASE_URL", &database.url()).run()
}

fn visits(database: &Database) -> Vec<String> {
    database.client().column(
        "select format('%s %s %s %s %s', callsign, sector_name, exit_timestamp is null, \
             exit_timestamp = entry_timestamp and duration_seconds = 0 and exit_lat = entry_lat \
                 and exit_lon = entry_lon and exit_altitude = entry_altitude, exit_reason) \
         from flight_sector_occupancy order by entry_timestamp, callsign",
    )
}

/// One flight that stays, and one that begins in the snapshot from the future.
fn traffic(from_now: TimeDelta, is_late: bool) -> Feed {
    let late = Pilot::new("QFA2", 2).inside("MEL").kt(120);
    published(from_now).pilots(is_late.then_some(late))
}

#[test]
fn collection_goes_on_from_the_time_that_is_given() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    // Less than the longest gap, so that the gap does not end the visit of the flight that stays.
    let documents = [traffic(TimeDelta::minutes(-2), false), traffic(TimeDelta::minutes(11), true)];
    let replayed = replay(&[&recorded(&documents)], &database, &[]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    let client = database.client();
    let dumped = |client: &crate::support::sql::Client| {
        let of = |table: &str| client.count(&format!("select count(*) from {table}"));
        ["flights", "flight_positions", "flight_sector_occupancy", "poll_cycles"].map(of)
    };
    let rows = dumped(&client);

    let to = written(Utc::now() - TimeDelta::minutes(1));
    let ended = reset(&database, &to);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for line in [
        "queued transitions applied: 0, refused: 0",
        "flights lowered to it: 2",
        "open visits that began after it, closed as unobserved: 1",
        "controllers lowered to it: 0",
    ] {
        assert!(ended.stdout.contains(line), "{line} in {}", ended.stdout);
    }
    assert_eq!(dumped(&client), rows, "nothing of these is deleted");
    assert_eq!(client.one(&format!("select mark = '{to}' from collector_state")), "t");
    let later = format!("flights where last_updated > '{to}' or last_seen > '{to}'");
    assert_eq!(client.count(&format!("select count(*) from {later}")), 0);
    assert_eq!(visits(&database), ["QFA1 SYD t  ", "QFA2 MEL f t unobserved"]);
    let again = reset(&database, &to);
    assert!(again.stdout.contains("flights lowered to it: 0"), "{}", again.stdout);
    assert!(again.stdout.contains("closed as unobserved: 0"), "{}", again.stdout);

    let mut service = Setup::serve(&database, &feed).start();
    for _ in 0..3 {
        service.take(&feed, &traffic(TimeDelta::zero(), true));
    }
    assert_eq!(service.status()["status"], "ok", "{}", service.status()["reasons"]);
    assert_eq!(service.cycles_of("mark_ahead"), 0);
    let all = visits(&database);
    let expected = ["QFA1 SYD t  ", "QFA2 MEL t  ", "QFA2 MEL f t unobserved"];
    assert_eq!(all, expected, "one visit goes on, and one begins anew");
}

#[test]
fn a_mark_of_days_ahead_is_set_back_and_the_service_is_well() {
    let (database, _) = ahead();
    let feed = FeedServer::start();
    let ended = reset(&database, &written(Utc::now() - TimeDelta::seconds(30)));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &published(TimeDelta::zero()));
    service.take(&feed, &published(TimeDelta::zero()));
    assert_eq!(service.status()["status"], "ok", "{}", service.status()["reasons"]);
    assert_eq!(visits(&database), ["QFA1 SYD t  ", "QFA1 SYD f t unobserved"]);
    let positions = "select count(*) from flight_positions";
    assert_eq!(database.client().count(positions), 3, "those of the future are kept");
}

#[test]
fn it_refuses_while_a_writer_runs_and_times_that_are_none() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_INSTANCE", "the-holder");
    let mut service = setup.start();
    service.take(&feed, &published(TimeDelta::zero()));
    let mark = database.client().one("select mark from collector_state");
    let refused = reset(&database, &second(0));
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains("the-holder"), "{}", refused.stderr);
    for to in ["yesterday", "2026-01-01T00:00:00", &written(Utc::now() + TimeDelta::hours(1))] {
        assert_eq!(reset(&database, to).code, Some(2), "{to}");
    }
    assert_eq!(database.client().one("select mark from collector_state"), mark);
    service.take(&feed, &published(TimeDelta::zero()));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn what_is_queued_is_applied_first() {
    let (database, documents) = (Database::migrated(), [traffic(TimeDelta::minutes(-2), true)]);
    let client = database.client();
    client.run(
        "create function refuse() returns trigger language plpgsql as $$ begin \
             raise exception 'refused by the test' using errcode = '53100'; end $$; \
         create trigger refuse before insert on flight_sector_occupancy \
             for each row execute function refuse()",
    );
    let replayed = replay(&[&recorded(&documents)], &database, &[]);
    assert_eq!(replayed.code, Some(1), "{}", replayed.stderr);
    let stuck = reset(&database, &second(0));
    assert_eq!(stuck.code, Some(1), "{}", stuck.stdout);
    assert!(stuck.stderr.contains("the mark is as it was"), "{}", stuck.stderr);
    assert_eq!(client.one("select mark > '2025-02-01' from collector_state"), "t");
    client.run("drop function refuse() cascade");
    let ended = reset(&database, &second(0));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("transitions applied: 2"), "{}", ended.stdout);
    assert_eq!(client.count("select count(*) from pending_transitions"), 0);
    assert_eq!(visits(&database), ["QFA1 SYD f t unobserved", "QFA2 MEL f t unobserved"]);
}

#[test]
fn the_embedded_server_s_mark_can_be_set_too() {
    let recording = recorded(&[published(TimeDelta::days(2))]);
    let stored = embedded(&recording);
    let data_dir = stored.data_dir().to_str().expect("UTF-8").to_owned();
    let ended = stored.run();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let to = second(0);
    let reset = Setup::bare(&["reset-mark", "--to", &to, "--data-dir", &data_dir]);
    let ended = reset.run();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("flights lowered to it: 1"), "{}", ended.stdout);
    assert!(ended.stdout.contains("-> 2025-01-01T12:00:00+00:00"), "{}", ended.stdout);
}

fn embedded(recording: &std::path::Path) -> Setup {
    let path = recording.to_str().expect("UTF-8");
    Setup::bare(&["replay", "--allow-future", path])
}

/// Observed time of snapshots after the new mark does not count as absence.
#[test]
fn absence_is_counted_from_the_time_that_is_given() {
    let database = Database::migrated();
    let seen = |at| Feed::second(at).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(120));
    let absent = [60, 120, 180, 240].map(Feed::second);
    let lives = [[&[seen(0)], &absent[..]].concat(), vec![Feed::second(60), seen(120)]];
    for documents in lives {
        let replayed = replay(&[&recorded(&documents)], &database, &[]);
        assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
        if documents.len() > 2 {
            assert_eq!(reset(&database, &second(0)).code, Some(0));
        }
    }
    let client = database.client();
    assert_eq!(client.one("select mark = '2025-01-01 12:02Z' from collector_state"), "t");
    let visits =
        "select format('%s %s', count(*), count(exit_reason)) from flight_sector_occupancy";
    assert_eq!(client.one(visits), "1 0", "absent for one minute, and not for five");
}

/// The intervals of one table, in seconds after the start.
fn spans(client: &crate::support::sql::Client, table: &str) -> String {
    let at = |column| format!("extract(epoch from {column} - '{}')::integer", second(0));
    let (from, to) = (at("from_timestamp"), at("to_timestamp"));
    client.one(&format!(
        "select string_agg(concat_ws('-', {from}, coalesce({to}::text, '')), ', ' order by from_timestamp) \
         from {table}"
    ))
}

#[test]
fn contact_and_control_end_at_the_time_that_is_given() {
    let database = Database::migrated();
    let client = database.client();
    let pilot = Pilot::new("QFA1", 1).inside("SYD").kt(120);
    let staffed = |at| {
        let document = Feed::second(at).pilot(pilot.clone());
        document.controller(Controller::new("SY_TWR", 11))
    };
    let replayed = replay(&[&recorded(&[staffed(0), staffed(60), staffed(120)])], &database, &[]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    // Newer than the time, older, and none.
    for (contacts_mark, left) in [("120", "60"), ("30", "30"), ("null", "")] {
        client.run(&format!(
            "update collector_state set mark = '{0}', contacts_mark = '{1}'::timestamptz + {contacts_mark} * interval '1 s'; \
             update controllers set last_seen = '{0}', last_updated = '{0}'; \
             delete from flight_radio_intervals; delete from sector_control; \
             create temporary table parts as select '{1}'::timestamptz + s[1] * interval '1 s' as begun, \
                 '{1}'::timestamptz + s[2] * interval '1 s' as ended \
             from (values (array[0, 15]), (array[15, 60]), (array[60, 61]), (array[61, null])) t (s); \
             insert into flight_radio_intervals (flight_id, state, from_timestamp, to_timestamp) \
             select id, 'none', begun, ended from flights, parts; \
             update parts set ended = '{0}' where ended = '{2}'; \
             insert into sector_control (sector_name, state, from_timestamp, to_timestamp, airspace_revision) \
             select 'SYD', 'unknown', begun, ended, '' from parts; \
             insert into sector_control (sector_name, state, from_timestamp, airspace_revision) \
             values ('MEL', 'unknown', '{1}'::timestamptz + interval '1 s', ''); \
             drop table parts",
            second(120),
            second(0),
            second(60)
        ));
        let ended = reset(&database, &second(60));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        for line in [
            "controllers lowered to it: 1\n",
            "contact and control, ended at it: 2\n",
            "deleted, since it began at it or later: 4 of contact and control",
        ] {
            assert!(ended.stdout.contains(line), "{line} in {}", ended.stdout);
        }
        assert_eq!(spans(&client, "flight_radio_intervals"), "0-15, 15-60");
        assert_eq!(spans(&client, "sector_control"), "0-15, 1-60, 15-60");
        let mark = format!("extract(epoch from contacts_mark - '{}')::integer", second(0));
        assert_eq!(client.one(&format!("select {mark} from collector_state")), left);
        let lowered = format!("last_seen = '{0}' and last_updated = '{0}'", second(60));
        assert_eq!(client.count(&format!("select count(*) from controllers where {lowered}")), 1);
    }
}

/// What was observed later was never observed, and where the flight was then is not known.
#[test]
fn movements_after_the_time_that_is_given_are_deleted() {
    let database = Database::migrated();
    let client = database.client();
    let at =
        |at, kt, alt| Feed::second(at).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(kt).alt(alt));
    let documents = [at(0, 0, 21), at(15, 140, 900), at(30, 140, 1_500), at(45, 20, 21)];
    let replayed = replay(&[&recorded(&documents)], &database, &[]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    let kinds = "select coalesce(string_agg(kind, ' ' order by at), '-') from airport_movements";
    assert_eq!(client.one(kinds), "takeoff landing");
    let ended = reset(&database, &second(15));
    assert!(ended.stdout.contains("since they were after it: 1"), "{}", ended.stdout);
    assert_eq!(client.one(kinds), "takeoff");
    assert_eq!(client.count("select count(airport_state) from flights"), 0);
    // First seen on the ground, it has not landed.
    let replayed = replay(&[&recorded(&[at(45, 20, 21), at(60, 140, 900)])], &database, &[]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    assert_eq!(client.one(kinds), "takeoff takeoff");
    assert_eq!(reset(&database, &second(-60)).code, Some(0));
    assert_eq!(client.one(kinds), "-");
    let first = format!("select first_observed = '{}' from flights", second(-60));
    assert_eq!(client.one(&first), "t", "not later than the last observation");
}
