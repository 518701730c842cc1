//! The cost of one cycle for the database: connections and statements.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, OUTSIDE, Pilot, inside, second, spread},
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

/// The maximum of statements in a cycle, whatever it writes.
const BUDGET: usize = 24;

#[test]
fn the_poller_and_its_jobs_hold_two_connections_at_most_and_none_between_cycles() {
    const CYCLES: i64 = 100;
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let of_ingest = |service: &Service, name: &str| {
        service.metric(&format!("sectorwatch_db_pool_{name}_connections{{pool=\"ingest\"}}"))
    };
    let mut highest: f64 = 0.0;
    for i in 0..CYCLES {
        service.take(&feed, &changing(35, i));
        if i == 0 {
            // Retention runs once after the first snapshot.
            at_rest(&mut service);
        }
        // Partitions and retention run at their own time, in which the two counts can differ.
        service.wait_until("rest", PATIENCE, |it| {
            of_ingest(it, "checked_out") == 0.0 && of_ingest(it, "unaccounted") == 0.0
        });
        // It covers the last 60 s, and a busy machine may need longer.
        highest = highest.max(of_ingest(&service, "checked_out_highwater"));
    }
    assert!((1.0..=2.0).contains(&highest), "{highest}");
    assert_eq!(service.cycles_of("success"), CYCLES as u64);
}

#[test]
fn statements_do_not_grow_with_the_number_of_flights() {
    let counts = [35, 500, 2000].map(|flights| {
        let statements = of_one_cycle(flights);
        let sent = statements.len();
        eprintln!("{sent} statements for {flights} flights");
        assert!(sent <= BUDGET, "{sent} for {flights}:\n{}", statements.join("\n"));
        sent
    });
    assert_eq!(counts, [counts[0]; 3]);
}

#[test]
fn a_session_prepares_each_statement_of_a_cycle_once() {
    const CYCLES: i64 = 12;
    // As many as the poller and the jobs use at a time.
    const SESSIONS: usize = 2;
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_REQUIRE_FLIGHT_PLAN", "false");
    let mut service = setup.start();
    let mark = database.mark();
    for i in 0..CYCLES {
        service.take(&feed, &changing(35, i));
    }
    let mut executed: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    for statement in database.statements_since(mark) {
        if statement.application_name.starts_with("sectorwatch:") && !is_probe(&statement.sql) {
            let (times, names) = executed.entry(statement.sql).or_default();
            *times += 1;
            names.extend(Some(statement.prepared).filter(|name| !name.is_empty()));
        }
    }
    // Statements of at least every other cycle.
    executed.retain(|_, (times, names)| *times >= CYCLES as usize / 2 - 1 && !names.is_empty());
    assert!(executed.len() >= 14, "{executed:#?}");
    executed.retain(|_, (_, names)| names.len() > SESSIONS);
    assert!(executed.is_empty(), "prepared anew: {executed:#?}");
}

/// The probe's statement, sent every few seconds in its own sessions.
fn is_probe(sql: &str) -> bool {
    sql.contains("server_version") || sql.contains("pg_stat_activity")
}

/// The statements of a cycle with every kind of event.
fn of_one_cycle(flights: usize) -> Vec<String> {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    // So that flights without a plan, which are written separately, are among them.
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_REQUIRE_FLIGHT_PLAN", "false");
    let mut service = setup.start();
    service.take(&feed, &changing(flights, 0));
    at_rest(&mut service);
    let mark = database.mark();
    service.take(&feed, &changing(flights, 1));
    at_rest(&mut service);
    let mut statements = database.service_statements_since(mark);
    // Polls that find nothing new also check for forgotten members; only that of the cycle counts.
    let mut asked = false;
    statements.retain(|sql| {
        match sql.starts_with("SELECT \"collector_state\".\"forget_revision\"") {
            true => !std::mem::replace(&mut asked, true),
            false => !is_probe(sql),
        }
    });

    let client = database.client();
    let cycle = "select concat_ws(' ', positions_written < flights_written, entered > 0, \
         crossed > 0, left_sector > 0, controllers_written, transceivers_written, rejected) \
         from poll_cycles order by id desc limit 1";
    assert_eq!(client.one(cycle), "t t t t 1 1 1");
    let landings = "select count(*) from airport_movements where kind = 'landing'";
    assert_eq!(client.count(landings), (flights as u64 + 3) / 7);
    let all = format!("poll_cycles where flights_written = {flights}");
    assert_eq!(client.count(&format!("select count(*) from {all}")), 2);
    statements
}

/// Waits until the jobs beside the cycles have finished.
fn at_rest(service: &mut Service) {
    let retained = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";
    service.wait_until("retention is done", PATIENCE, |it| it.metric(retained) >= 1.0);
    service.await_cycles("unchanged", 2);
}

/// The same flights; a seventh of them crosses, leaves, lands or takes off, enters or files a new plan from poll to poll.
fn changing(flights: usize, poll: i64) -> Feed {
    let is_odd = poll % 2 == 1;
    let pilots = spread(flights).enumerate().map(|(i, pilot)| match (i % 7, is_odd) {
        (0, true) => pilot.inside("SYD"),
        (1, true) => pilot.at(OUTSIDE.0, OUTSIDE.1),
        (2, true) => pilot.plan("YBBN", "YPPH"),
        (3, true) => pilot.inside("SYD").kt(10).alt(21),
        (3, false) => pilot.inside("SYD").kt(140).alt(1_500),
        (4, false) => pilot.kt(50),
        (5, _) => pilot.logon(&second(-poll)),
        (6, _) => pilot.logon(&second(-poll)).no_plan(),
        _ => pilot,
    });
    Feed::second(15 * poll)
        .pilots(pilots)
        .pilot(Pilot::new("BAD", 1).set("altitude", json!("high")))
        .controller(Controller::new("SY_APP", 7))
        .radio("SY_APP", if is_odd { 124_700_000 } else { 118_700_000 }, inside("SYD"))
}
