//! Day partitions are created before they are needed, and dropped when they are old, one per step.

mod beside;
mod flights;

use crate::support::{
    documents::{Feed, spread},
    feed_server::FeedServer,
    postgres::Database,
    replay::{recorded, replay},
    service::{PATIENCE, Service, Setup},
    sql::Client,
};

const DAYS: &str = "select substr(relname, 18) from pg_class \
    where relkind = 'r' and relname ~ '^flight_positions_' order by 1";
const DETACHING: &str = "select count(*) from pg_inherits where inhdetachpending";

/// The snapshots are of noon on 2025-01-01; thirty days before is noon on 2024-12-02.
fn document(number: i64) -> Feed {
    Feed::second(15 * number).pilots(spread(2))
}

fn add_day(client: &Client, day: &str, next: &str) {
    let name = format!("flight_positions_{}", day.replace('-', ""));
    client.run(&format!(
        "create table {name} partition of flight_positions \
         for values from ('{day} 00:00+00') to ('{next} 00:00+00')"
    ));
}

fn add_old_rows(client: &Client) {
    client.run(
        "insert into poll_cycles (started_at, outcome, stored, flights_written, \
             positions_written, controllers_written, transceivers_written, entered, crossed, \
             left_sector, slow, disconnected, rejected) \
         select at, 'success', false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
         from unnest(array['2024-12-02 11:59+00', '2024-12-02 12:01+00']::timestamptz[]) at; \
         insert into rejected_records (source, reason, detail, raw, seen_at) \
         select 'pilot', 'range', '', '', at \
         from unnest(array['2024-12-25 11:59+00', '2024-12-25 12:01+00']::timestamptz[]) at",
    );
}

fn wait_for_days(service: &mut Service, client: &Client, days: &[&str]) {
    service.wait_until("these days", PATIENCE, |_| client.column(DAYS) == days);
}

/// From the day before the mark to seven days after it.
const AHEAD: [&str; 9] = [
    "20241231", "20250101", "20250102", "20250103", "20250104", "20250105", "20250106", "20250107",
    "20250108",
];

fn with_ahead<'d>(old: &[&'d str]) -> Vec<&'d str> {
    old.iter().copied().chain(AHEAD).collect()
}

#[test]
fn what_is_old_is_dropped_one_day_a_cycle_and_the_rest_is_kept() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let client = database.client();
    for (day, next) in
        [("2024-11-30", "2024-12-01"), ("2024-12-01", "2024-12-02"), ("2024-12-02", "2024-12-03")]
    {
        add_day(&client, day, next);
    }
    // A partition that a crash left detached.
    client.run("create table flight_positions_20241110 (like flight_positions)");
    add_old_rows(&client);

    let mut service = Setup::serve(&database, &feed).start();
    for (number, old) in [
        &["20241130", "20241201", "20241202"][..],
        &["20241201", "20241202"],
        &["20241202"],
        &["20241202"],
    ]
    .iter()
    .enumerate()
    {
        service.take(&feed, &document(number as i64));
        wait_for_days(&mut service, &client, &with_ahead(old));
    }
    let run = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";
    service.wait_until("retention is done", PATIENCE, |it| it.metric(run) == 1.0);
    let moved = "sectorwatch_job_rows_total{job_name=\"retention\"}";
    assert_eq!(service.metric(moved), 3.0 + 2.0, "three days and two rows");
    let kept = "select count(*) from poll_cycles where started_at < '2025-01-01'";
    assert_eq!(client.count(kept), 1);
    assert_eq!(client.count("select count(*) from rejected_records"), 1);
}

#[test]
fn nothing_is_dropped_where_it_is_kept_for_ever_nor_by_a_replay() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let client = database.client();
    add_day(&client, "2020-01-01", "2020-01-02");
    add_old_rows(&client);

    let recording = recorded(&[document(0)]);
    let replayed = replay(&[&recording], &database, &[]);
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    assert_eq!(client.column(DAYS), ["20200101", "20250101"], "only the day that was needed");

    let mut service = Setup::serve(&database, &feed)
        .env("SECTORWATCH_RETENTION_POSITIONS", "0")
        .env("SECTORWATCH_RETENTION_LEDGER", "0")
        .env("SECTORWATCH_RETENTION_REJECTED", "0")
        .start();
    service.take(&feed, &document(1));
    let run = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";
    service.wait_until("retention is done", PATIENCE, |it| it.metric(run) == 1.0);
    assert_eq!(client.column(DAYS), with_ahead(&["20200101"]));
    let kept = "select count(*) from poll_cycles where started_at < '2025-01-01'";
    assert_eq!((client.count(kept), client.count("select count(*) from rejected_records")), (2, 2));
}

#[test]
fn a_reader_holds_up_retention_and_no_flight_and_the_next_run_finishes_it() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let client = database.client();
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_STATEMENT_TIMEOUT", "1s");
    let mut service = setup.start();
    service.take(&feed, &document(0));
    wait_for_days(&mut service, &client, &AHEAD);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));

    add_day(&client, "2024-11-30", "2024-12-01");
    let reader = database.client();
    reader.run("begin; select count(*) from flight_positions");
    let mut service = setup.start();
    service.take(&feed, &document(1));
    let failed = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"error\"}";
    service.wait_until("retention fails", PATIENCE, |it| it.metric(failed) == 1.0);
    assert_eq!(client.count(DETACHING), 1, "half done");
    drop(reader);
    service.take(&feed, &document(2));
    assert_eq!(client.count("select count(*) from flight_positions"), 6);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));

    let mut service = setup.start();
    service.take(&feed, &document(3));
    wait_for_days(&mut service, &client, &AHEAD);
    assert_eq!(client.count("select count(*) from flight_positions"), 8);
}

#[test]
fn new_days_are_attached_under_the_eyes_of_a_reader_and_nobody_queues() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let reader = database.client();
    reader.run("begin; select count(*) from flight_positions");
    let mut service = Setup::serve(&database, &feed).start();
    feed.publish(&document(0));
    let client = database.client();
    client.run("set lock_timeout = '100ms'");
    service.wait_until("the days", PATIENCE, |_| {
        // A reader waits for nothing.
        client.count("select count(*) from flight_positions");
        client.column(DAYS) == AHEAD
    });
    service.wait_until("a stored snapshot", PATIENCE, |it| it.cycles_of("success") == 1);
    drop(reader);
    assert_eq!(client.count("select count(*) from flight_positions"), 2);
}

#[test]
fn a_day_has_what_its_parent_has() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let client = database.client();
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &document(0));
    wait_for_days(&mut service, &client, &AHEAD);
    add_day(&client, "2026-01-01", "2026-01-02");
    let shape = |day: &str| {
        let table = format!("'flight_positions_{day}'::regclass");
        [
            format!(
                "select concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, \
                     atthasdef, attstorage) from pg_attribute where attrelid = {table} order by attnum"
            ),
            format!(
                "select concat_ws(' ', contype, pg_get_constraintdef(oid), coninhcount, conislocal) \
                 from pg_constraint where conrelid = {table} order by 1"
            ),
            format!(
                "select regexp_replace(pg_get_indexdef(indexrelid), '[0-9]{{8}}', '', 'g') \
                 from pg_index where indrelid = {table} order by 1"
            ),
        ]
        .map(|sql| client.column(&sql))
    };
    assert_eq!(shape("20250103"), shape("20260101"));
}

#[test]
fn rows_are_deleted_until_nothing_due_is_left_and_only_then_is_it_a_success() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let client = database.client();
    // More than one statement takes, and each so slow that the server ends the first.
    client.run(
        "insert into rejected_records (source, reason, detail, raw, seen_at) \
         select 'pilot', 'range', '', '', '2024-11-01'::timestamptz + n * interval '1 second' \
         from generate_series(1, 12000) n; \
         create function slowly() returns trigger language plpgsql as \
             $$ begin perform pg_sleep(0.0002); return old; end $$; \
         create trigger slowly before delete on rejected_records for each row execute function slowly()",
    );
    let left = "select count(*) from rejected_records";
    let of = |what: &str| format!("sectorwatch_job_{what}");
    let ok = of("runs_total{job_name=\"retention\",outcome=\"ok\"}");
    let failed = of("runs_total{job_name=\"retention\",outcome=\"error\"}");
    let behind = of("behind_seconds{job_name=\"retention\"}");
    let mut service = Setup::serve(&database, &feed)
        .env("SECTORWATCH_STATEMENT_TIMEOUT", "1s")
        .env("SECTORWATCH_FAULT_RETENTION_MS", "500")
        .start();
    let mut number = 0;
    let (mut most_behind, mut failures) = (0.0_f64, 0.0);
    while client.count(left) > 0 {
        assert!(number < 500, "{} rows are left", client.count(left));
        assert_eq!(service.metric(&ok), 0.0, "nothing was a success before");
        service.take(&feed, &document(number));
        number += 1;
        most_behind = most_behind.max(service.metric(&behind));
        failures = service.metric(&failed);
    }
    assert!(failures > 0.0, "the first statement was too slow");
    assert!(most_behind > 20.0 * 86_400.0, "{most_behind} s");
    service.take(&feed, &document(number));
    service.wait_until("retention is done", PATIENCE, |it| it.metric(&ok) >= 1.0);
    assert_eq!(service.metric(&behind), 0.0);
}
