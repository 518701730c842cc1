//! A database that is unreachable, full, closed or not ours: the cycle fails with its phase, and the service
//! stays up and recovers.

use std::time::Duration;

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::support::{
    documents::{Controller, Feed, Pilot, inside, spread},
    feed_server::{FeedServer, MAIN},
    postgres::{Database, Server},
    service::{PATIENCE, Service, Setup},
};

mod absent;
mod disk;

/// A flight from Sydney to Melbourne, one that joins, a controller, and radios.
pub fn document(number: i64) -> Feed {
    let sector = if number == 0 { "SYD" } else { "MEL" };
    let crossing = Pilot::new("QFA1", 1).inside(sector).kt(150);
    let feed = Feed::second(15 * number)
        .pilot(crossing)
        .controller(Controller::new("SY_APP", 9))
        // Another channel each time, so that there is something to write.
        .radio("QFA1", 118_700_000 + 25_000 * number as i32, inside(sector));
    match number {
        0 => feed,
        _ => feed.pilot(Pilot::new("QFA2", 2).inside("SYD").kt(100)),
    }
}

/// Short limits, so that the test is fast.
pub fn setup(database: &Database, feed: &FeedServer) -> Setup {
    // The server requires no password, and it must not be logged.
    let url = database.url().replacen('@', ":hunter2@", 1);
    Setup::serve(database, feed)
        .env("DATABASE_URL", &url)
        .env("SECTORWATCH_ACQUIRE_TIMEOUT", "700ms")
        .env("SECTORWATCH_STATEMENT_TIMEOUT", "1s")
}

pub fn start(setup: &Setup, feed: &FeedServer) -> Service {
    feed.publish(&document(0));
    let mut service = setup.start();
    service.wait_until("the first success", PATIENCE, |it| it.cycles_of("success") == 1);
    // Nothing is pending between two cycles then.
    service.await_cycles("unchanged", 1);
    service
}

/// What an undisturbed service stores of the first three documents.
pub fn undisturbed() -> String {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&setup(&database, &feed), &feed);
    service.take(&feed, &document(1));
    service.take(&feed, &document(2));
    database.dump()
}

fn assert_answers(service: &Service) {
    for page in ["/api/status?always200=1", "/metrics", "/livez"] {
        assert_eq!(service.get(page).status, 200, "{page}");
    }
}

/// The warnings of failed cycles: phase, kind and text.
fn failures(service: &Service) -> Vec<[String; 3]> {
    let text =
        |line: &serde_json::Value, field: &str| line[field].as_str().unwrap_or("").to_owned();
    assert!(!service.log().join("\n").contains("hunter2"));
    let lines = service.logged("cycles fail");
    let fields = |line| ["phase", "kind", "error"].map(|field| text(line, field));
    lines.iter().map(fields).collect()
}

/// When a blocked poller has reached the point at which the server is stopped.
enum Reached {
    /// Our transaction is open.
    Inside,
    /// This query returns `t`.
    Stored(&'static str),
    /// Only the fault point itself shows it.
    Blocked,
}

impl Reached {
    fn wait(&self, database: &Database, service: &mut Service) {
        let client = database.client();
        let query = match self {
            Reached::Blocked => return service.await_block(),
            Reached::Stored(query) => (*query).to_owned(),
            // Every transaction is open for a moment; this one is held.
            Reached::Inside => format!(
                "select count(*) > 0 from pg_stat_activity where state = 'idle in transaction' \
                 and state_change < clock_timestamp() - interval '0.4 s' \
                 and application_name like 'sectorwatch:%' and datname = '{}'",
                database.name()
            ),
        };
        service.wait_until("the point is reached", PATIENCE, |_| client.one(&query) == "t");
    }
}

#[test]
fn a_server_that_goes_in_any_phase_costs_nothing() {
    let expected = undisturbed();
    let server = Server::own(&[]);
    let mark = "select mark = '2025-01-01T12:00:15Z' from collector_state";
    let controllers = "select bool_or(last_seen = '2025-01-01T12:00:15Z') from controllers";
    let radios = "select bool_or(frequency_hz = 118725000) from transceivers";
    for (fault, phase, reached, is_kept) in [
        ("cycle.collect=block:3000@2", "flights", Reached::Blocked, false),
        ("flights.inside=block:3000@2", "flights", Reached::Inside, false),
        ("flights.committed=block:3000@2", "controllers", Reached::Stored(mark), true),
        ("controllers.committed=block:3000@2", "transceivers", Reached::Stored(controllers), true),
        ("transceivers.committed=block:3000@2", "contacts", Reached::Stored(radios), true),
        // The first time is the one at the start.
        ("sectors.inside=block:3000@3", "sectors", Reached::Inside, true),
    ] {
        let feed = FeedServer::start();
        let database = Database::migrated_on(server.clone());
        let mut service = start(&setup(&database, &feed).fault(fault), &feed);
        feed.publish(&document(1));
        reached.wait(&database, &mut service);
        server.stop();
        let outcome = format!("{phase}_error");
        service.wait_until(&outcome, PATIENCE, |it| it.cycles_of(&outcome) > 0);
        service.wait_until("it tries again", PATIENCE, |it| {
            it.cycles_of("flights_error") > u64::from(!is_kept)
        });
        assert_answers(&service);
        let failures = failures(&service);
        assert_eq!(failures[0][0], phase, "{fault}: {failures:?}");
        let status = service.status();
        assert_eq!(status["poller"]["last_error"]["phase"], "flights");

        server.start();
        let rows = database.client().count(
            "select count(*) from flight_positions where observed_at >= '2025-01-01T12:00:15Z'",
        );
        if is_kept {
            assert_eq!(rows, 2, "{fault}: committed before");
        }
        service.wait_until("the second document", PATIENCE, |it| {
            it.status()["poller"]["consecutive_failures"] == 0
        });
        service.take(&feed, &document(2));
        assert_eq!(database.dump(), expected, "{fault}");
        let pending = service.metric("sectorwatch_sector_transitions_pending");
        assert_eq!(pending, 0.0, "{fault}");
        assert_eq!(service.metric("sectorwatch_poller_restarts_total"), 0.0, "{fault}");
    }
}

#[test]
fn a_server_that_answers_nothing_is_waited_for() {
    let expected = undisturbed();
    let server = Server::own(&[]);
    let (database, feed) = (Database::migrated_on(server.clone()), FeedServer::start());
    let mut service = start(&setup(&database, &feed), &feed);
    server.freeze();
    feed.publish(&document(1));
    for _ in 0..5 {
        service.await_heartbeats(Duration::from_millis(500));
        assert_answers(&service);
    }
    assert_eq!(service.cycles_of("success"), 1);
    let restarts = service.metric("sectorwatch_poller_restarts_total");
    assert_eq!(restarts, 0.0, "a slow database is no blocked thread");
    server.thaw();
    service.wait_until("the second document", PATIENCE, |it| it.cycles_of("success") == 2);
    service.take(&feed, &document(2));
    assert_eq!(database.dump(), expected);
}

#[test]
fn a_server_without_room_or_right_is_tried_until_it_has() {
    for (closed, opened, says) in [
        ("connection limit 0", "connection limit -1", "too many connections"),
        (
            "set default_transaction_read_only = on",
            "reset default_transaction_read_only",
            "read-only transaction",
        ),
        ("nologin", "login", "is not permitted to log in"),
    ] {
        let (database, feed) = (Database::of_own_role(), FeedServer::start());
        let mut service = start(&setup(&database, &feed), &feed);
        let (superuser, role) = (database.client(), database.role());
        superuser.run(&format!("alter role {role} {closed}"));
        superuser.run(&format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = '{role}'"
        ));
        feed.publish(&document(1));
        service.await_cycles("flights_error", 3);
        assert_answers(&service);
        let failures = failures(&service);
        assert!(failures.iter().all(|it| it[0] == "flights"), "{failures:?}");
        assert!(failures.iter().any(|it| it[2].contains(says)), "{says}: {failures:?}");

        superuser.run(&format!("alter role {role} {opened}"));
        service.wait_until(says, PATIENCE, |it| it.cycles_of("success") == 2);
        let stored = superuser.count("select count(*) from flight_positions");
        assert_eq!(stored, 3, "{says}");
        service.take(&feed, &document(2));
    }
}

#[test]
fn an_embedded_server_that_died_is_started_again() {
    let feed = FeedServer::start();
    let setup = Setup::bare(&["serve"])
        .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
        .env("SECTORWATCH_POLL_INTERVAL", "100ms")
        .env("SECTORWATCH_ACQUIRE_TIMEOUT", "700ms");
    let mut service = start(&setup, &feed);
    let lock_file = setup.data_dir().join("postgres/postmaster.pid");
    let lock_file = std::fs::read_to_string(lock_file).expect("the server's lock file");
    let pid = lock_file.lines().next().and_then(|pid| pid.parse().ok());
    let pid = Pid::from_raw(pid.expect("its process id"));
    kill(pid, Signal::SIGKILL).expect("kill the server");
    service.await_cycles("unchanged", 1);
    feed.publish(&document(1));
    service.wait_until("the second document", PATIENCE, |it| it.cycles_of("success") == 2);
    assert_eq!(service.logged("starting it again").len(), 1);
    let flight = service.get("/api/flights/QFA1");
    assert_eq!((flight.status, flight.text().contains("MEL")), (200, true));
    let ended = service.terminate(PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}
