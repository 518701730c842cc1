//! SIGTERM and SIGINT: running work is finished, and nothing is left behind.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    embedded::servers_in,
    support::{
        feed_server::{Answer, FeedServer, MAIN},
        http,
        postgres::Database,
        schedule::{BEACON, traffic},
        service::{PATIENCE, Service, Setup},
        stub::Stub,
        wait::until,
    },
};

/// For a shutdown without anything to wait for.
const AT_ONCE: Duration = Duration::from_secs(5);
const SESSIONS: &str = "sectorwatch:%";

/// The states of the poller in the log.
fn states(service: &Service) -> Vec<String> {
    let page = service.get("/metrics").text();
    let lines =
        page.lines().filter_map(|line| line.strip_prefix("sectorwatch_poller_state{state=\""));
    lines.filter_map(|line| Some(line.strip_suffix("\"} 1")?.to_owned())).collect()
}

#[test]
fn the_cycle_in_flight_is_finished() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let (feed, database) = (FeedServer::start(), Database::migrated());
        let mut service = Setup::serve(&database, &feed).fault("shutdown.http=block:1000").start();
        service.take(&feed, &traffic(0));
        let retained = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";
        service.wait_until("no job runs", PATIENCE, |it| it.metric(retained) == 1.0);

        // The flights transaction waits in its middle, with rows written.
        let ours = database.client();
        ours.run("begin; lock table flight_positions in share mode");
        feed.publish(&traffic(1));
        let waiting = format!(
            "select count(*) from pg_stat_activity where datname = '{}'
             and application_name like '{SESSIONS}' and wait_event_type = 'Lock'",
            database.name()
        );
        let client = database.client();
        until("the cycle waits", PATIENCE, || client.count(&waiting) == 1);
        service.signal(signal);
        until("503 from the first moment", Duration::from_secs(1), || {
            service.get("/readyz").status == 503
        });
        assert_eq!(service.get("/livez").status, 200);
        let still_waiting =
            format!("{waiting} and clock_timestamp() > query_start + interval '1 s'");
        until("it is given time", PATIENCE, || client.count(&still_waiting) == 1);
        assert!(service.ended().is_none(), "it waits for its cycle");
        assert_eq!(states(&service), ["stopping"], "and says so");
        assert_eq!(client.count(&waiting), 1, "its transaction was not cut");

        ours.run("commit");
        let mut seen = Vec::new();
        until("the poller has stopped", PATIENCE, || {
            seen.extend(states(&service));
            seen.ends_with(&["stopped".to_owned()])
        });
        seen.dedup();
        assert!(seen.iter().all(|state| state.starts_with("stop")), "nothing else: {seen:?}");
        let ended = service.finish(AT_ONCE);
        assert_eq!(ended.code, Some(0), "{signal}: {}", ended.stderr);
        let positions = format!(
            "select count(*) from flight_positions p join flights f on f.id = p.flight_id
             where f.callsign = '{BEACON}'"
        );
        assert_eq!(client.count(&positions), 2, "the cycle was stored");
        assert_eq!(client.count("select count(*) from pending_transitions"), 0);
        let cycles = "select count(*) from poll_cycles where outcome = 'success'";
        assert_eq!(client.count(cycles), 2, "all of it");
        until("no session left", Duration::from_secs(1), || database.sessions_like(SESSIONS) == 0);
    }
}

#[test]
fn a_feed_that_hangs_and_a_client_that_stays_hold_nothing_up() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = Setup::serve(&database, &feed);
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    let mut client = TcpStream::connect(setup.address()).expect("connect");
    let request = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.write_all(request).expect("ask");
    assert!(client.read(&mut [0; 500]).expect("an answer") > 0);

    let asked = feed.requests(MAIN).len();
    feed.answer(MAIN, Answer::ok("{").hanging());
    service.wait_until("a fetch hangs", PATIENCE, |_| feed.requests(MAIN).len() > asked + 1);
    let ended = service.terminate(AT_ONCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    drop(client);
}

#[test]
fn a_start_that_waits_is_given_up() {
    let database = Database::migrated();
    let feed = FeedServer::start();
    let rival = database.client();
    let lock = i64::from_be_bytes(*b"sectorwa");
    let name = "set application_name = 'sectorwatch:rival:0badcafe'";
    rival.run(&format!("{name}; select pg_advisory_lock({lock})"));
    let service = Setup::serve(&database, &feed).spawn();
    until("it waits for the lock", PATIENCE, || database.sessions_like(SESSIONS) > 0);
    let tries = format!(
        "select count(*) from pg_stat_activity where datname = '{}' \
         and application_name like '{SESSIONS}' and query like '%pg_try_advisory_lock%'",
        database.name()
    );
    let client = database.client();
    until("it tries to take the lock", PATIENCE, || client.count(&tries) > 0);
    let ended = service.terminate(AT_ONCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);

    // A server that accepts the connection and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("its address");
    let url = format!("postgres://nobody@{address}/none");
    let setup = Setup::serve(&database, &feed)
        .env("DATABASE_URL", &url)
        .env("SECTORWATCH_ACQUIRE_TIMEOUT", "30s");
    let service = setup.spawn();
    let _connection = silent.accept().expect("it connects");
    let ended = service.terminate(AT_ONCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn the_embedded_server_stops_too() {
    let feed = FeedServer::start();
    feed.publish(&traffic(0));
    let setup = Setup::bare(&["serve"])
        .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
        .env("SECTORWATCH_TRANSCEIVERS_URL", "")
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "100ms");
    let mut service = setup.start();
    service.wait_until("a snapshot stored", PATIENCE, |s| s.cycles_of("success") == 1);
    assert!(!servers_in(setup.data_dir()).is_empty());
    let ended = service.terminate(2 * AT_ONCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(servers_in(setup.data_dir()), []);

    // Also at the very beginning of a start.
    let service = setup.spawn();
    until("a server", PATIENCE, || !servers_in(setup.data_dir()).is_empty());
    let ended = service.terminate(2 * AT_ONCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(servers_in(setup.data_dir()), []);
    assert!(http::get(setup.address(), "/livez").is_err());
}

#[test]
fn a_hang_up_does_not_end_the_service() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    for number in 0..3 {
        service.signal(Signal::SIGHUP);
        service.take(&feed, &traffic(number));
    }
    assert_eq!(service.terminate(AT_ONCE).code, Some(0));
}

/// The time after which a stopping service is killed.
const LONGEST_STOP: Duration = Duration::from_secs(22);

#[test]
fn an_embedded_server_that_does_not_start_holds_nothing_up() {
    // A program that acts as `postgres` for any request, such as that for its version.
    for what in ["initdb", "server", "postgres"] {
        let stub = Stub::new();
        stub.hang(what);
        let setup = Setup::bare(&["serve"])
            .env("PG_BIN_DIR", stub.dir().to_str().expect("UTF-8"))
            .env("SECTORWATCH_FEED_URL", "http://127.0.0.1:1");
        let service = setup.spawn();
        until("it hangs", PATIENCE, || stub.is_hanging());
        let ended = service.terminate(LONGEST_STOP);
        assert_eq!(ended.code, Some(0), "{what}: {}", ended.stderr);
        assert_eq!(servers_in(setup.data_dir()), [], "{what}");
    }
}

#[test]
fn an_embedded_server_that_is_not_revived_holds_nothing_up() {
    let (feed, stub) = (FeedServer::start(), Stub::new());
    feed.publish(&traffic(0));
    let setup = Setup::bare(&["serve"])
        .env("PG_BIN_DIR", stub.dir().to_str().expect("UTF-8"))
        .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
        .env("SECTORWATCH_TRANSCEIVERS_URL", "")
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "100ms");
    let mut service = setup.start();
    service.wait_until("a snapshot stored", PATIENCE, |s| s.cycles_of("success") == 1);
    stub.hang("server");
    let pid = fs::read_to_string(setup.data_dir().join("postgres/postmaster.pid"));
    let pid = pid.expect("the lock file").lines().next().and_then(|pid| pid.parse().ok());
    kill(Pid::from_raw(pid.expect("a process id")), Signal::SIGKILL).expect("kill");
    service.wait_until("a revival", PATIENCE, |s| !s.logged("starting it again").is_empty());
    until("it hangs", PATIENCE, || stub.is_hanging());
    let ended = service.terminate(LONGEST_STOP);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(servers_in(setup.data_dir()), []);
}
