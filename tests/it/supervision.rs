//! Pollers that panic, block, or lose the right to write.

use std::{thread, time::Instant};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::support::{
    documents::Feed,
    dump,
    feed_server::{FeedServer, MAIN},
    postgres::Database,
    replay::undisturbed,
    schedule::traffic,
    service::{PATIENCE, Service, Setup},
};

const RESTARTS: &str = "sectorwatch_poller_restarts_total";
/// Replaces half a minute; more than two beats of the heartbeat.
const STALL_MS: &str = "2500";

fn documents(count: i64) -> Vec<Feed> {
    (0..count).map(traffic).collect()
}

fn restarts(service: &Service, reason: &str) -> f64 {
    service.metric(&format!("{RESTARTS}{{reason=\"{reason}\"}}"))
}

fn cycles(service: &Service, outcome: &str) -> f64 {
    service.metric(&format!("sectorwatch_poll_cycles_total{{outcome=\"{outcome}\"}}"))
}

#[test]
fn a_panic_costs_one_cycle() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = Setup::serve(&database, &feed).fault("cycle.collect=panic@3");
    let mut service = setup.start();
    let documents = documents(6);
    service.take(&feed, &documents[0]);
    service.take(&feed, &documents[1]);
    feed.publish(&documents[2]);
    service.wait_until("the third snapshot stored", PATIENCE, |service| {
        assert_eq!(service.get("/livez").status, 200);
        service.cycles_of("success") == 3
    });
    assert_eq!(restarts(&service, "panic"), 1.0);
    assert_eq!(restarts(&service, "stall") + restarts(&service, "exit"), 0.0);
    assert_eq!(cycles(&service, "panic"), 1.0);
    assert_eq!(service.cycles_of("panic"), 1);
    let panics = "sectorwatch_panics_total{runtime=\"poller\"}";
    assert_eq!(service.metric(panics), 1.0);
    assert_eq!(service.status()["poller"]["restarts"]["panic"], 1);
    documents[3..].iter().for_each(|document| service.take(&feed, document));
    dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

/// A service with a poller that will be blocked at `fault`, with the third snapshot, after two stored ones.
struct Sleeper {
    feed: FeedServer,
    database: Database,
    service: Service,
    documents: Vec<Feed>,
}

impl Sleeper {
    fn start(fault: &str) -> Self {
        let (feed, database) = (FeedServer::start(), Database::migrated());
        let setup =
            Setup::serve(&database, &feed).env("SECTORWATCH_FAULT_STALL_MS", STALL_MS).fault(fault);
        let mut service = setup.start();
        let documents = documents(6);
        service.take(&feed, &documents[0]);
        service.take(&feed, &documents[1]);
        Self { feed, database, service, documents }
    }

    fn await_successor(&mut self) {
        self.service.wait_until("a successor", PATIENCE, |service| {
            assert_eq!(service.get("/livez").status, 200);
            restarts(service, "stall") == 1.0
        });
    }

    fn take_from(&mut self, first: usize) {
        for document in &self.documents[first..] {
            self.service.take(&self.feed, document);
        }
    }

    /// Everything that a poller writes.
    fn stored(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let counts = "select (select count(*) from poll_cycles),
            (select count(*) from rejected_records), (select mark from collector_state)";
        (self.database.dump(), self.database.dump_stations(), self.database.client().rows(counts))
    }

    /// Nothing is published meanwhile, so that any change comes from the blocked poller.
    fn assert_wakes_and_writes_nothing(&mut self) {
        let woken = |service: &Service| {
            let ended = "superseded poller ended without writing";
            !service.logged(ended).is_empty()
        };
        assert!(!woken(&self.service), "it still sleeps");
        let stored = self.stored();
        self.service.wait_until("it wakes", PATIENCE, woken);
        assert_eq!(self.stored(), stored);
        assert_eq!(cycles(&self.service, "superseded"), 0.0, "nor is it told");
    }

    /// All snapshots are stored exactly once.
    fn assert_whole(self) {
        let Self { database, service, documents, .. } = self;
        dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
}

#[test]
fn a_blocked_poller_is_superseded_and_may_not_write() {
    let mut sleeper = Sleeper::start("cycle.collect=block:7000@3");
    let before = sleeper.service.status()["poller"]["generation"].as_u64();
    sleeper.feed.publish(&sleeper.documents[2]);
    // It has the snapshot by now. Its successor finds nothing newer, so that only the generation keeps the
    // blocked poller from writing.
    sleeper.service.await_block();
    sleeper.feed.publish(&sleeper.documents[1]);
    sleeper.await_successor();
    sleeper.service.await_cycles("unchanged", 2);
    sleeper.assert_wakes_and_writes_nothing();
    let now = sleeper.service.status()["poller"]["generation"].as_u64();
    assert_eq!(now, before.map(|before| before + 1));
    sleeper.take_from(2);
    sleeper.assert_whole();
}

#[test]
fn a_poller_that_blocks_after_its_commit_writes_no_more() {
    let mut sleeper = Sleeper::start("flights.committed=block:7000@3");
    sleeper.feed.publish(&sleeper.documents[2]);
    sleeper.await_successor();
    sleeper.take_from(3);
    sleeper.assert_wakes_and_writes_nothing();
    sleeper.assert_whole();
}

#[test]
fn locks_of_a_blocked_poller_are_given_up_by_the_server() {
    // `idle_in_transaction_session_timeout` is 10 s, and the successor waits as long.
    let mut sleeper = Sleeper::start("flights.inside=block:16000@3");
    sleeper.feed.publish(&sleeper.documents[2]);
    sleeper.await_successor();
    sleeper.service.wait_until("stored", PATIENCE, |service| service.cycles_of("success") == 3);
    sleeper.take_from(3);
    sleeper.assert_wakes_and_writes_nothing();
    sleeper.assert_whole();
}

#[test]
fn without_the_writers_lock_nothing_is_written() {
    const LOCK: i64 = i64::from_be_bytes(*b"sectorwa");
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    let documents = documents(4);
    service.take(&feed, &documents[0]);
    service.take(&feed, &documents[1]);
    let before = service.status()["poller"]["generation"].as_u64();

    // The lock goes from the service's session to ours at once.
    let rival = database.client();
    let taking = thread::spawn(move || {
        rival.run(&format!("select pg_advisory_lock({LOCK})"));
        rival
    });
    let client = database.client();
    let of_the_lock = "from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())";
    let waiting = format!("select count(*) {of_the_lock} and not granted");
    let deadline = Instant::now() + PATIENCE;
    while client.count(&waiting) == 0 {
        assert!(Instant::now() < deadline, "the rival waits");
    }
    client.run(&format!("select pg_terminate_backend(pid) {of_the_lock} and granted"));
    let rival = taking.join().expect("the rival has the lock");

    let stored = database.dump();
    feed.publish(&documents[2]);
    service.await_cycles("flights_error", 3);
    assert_eq!(database.dump(), stored);
    assert_eq!(service.get("/livez").status, 200);
    assert_eq!(service.status()["poller"]["last_error"]["kind"], "locked_out");

    drop(rival);
    service.wait_until("the snapshot stored after all", PATIENCE, |service| {
        service.cycles_of("success") == 3
    });
    service.take(&feed, &documents[3]);
    let now = service.status()["poller"]["generation"].as_u64();
    assert_eq!(now, before.map(|before| before + 1));
    dump::assert_equal(&database.dump(), &undisturbed(&documents).dump());
}

/// Each of them beats once before it blocks, which does not reset the count.
#[test]
fn successors_that_are_all_lost_are_given_up() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let faults: Vec<_> = (3..12).map(|n| format!("cycle.fetch=block:600000@{n}")).collect();
    let mut service = Setup::serve(&database, &feed)
        // Much more than a thread needs to begin its first cycle.
        .env("SECTORWATCH_FAULT_STALL_MS", "5000")
        .fault(&faults.join(";"))
        .start();
    service.wait_until("it gives up", 2 * PATIENCE, |service| {
        service.status()["reasons"][0]["code"] == "poller_gave_up"
    });
    assert_eq!(restarts(&service, "stall"), 5.0);
    assert_eq!(service.logged("every successor of the poller is lost, too; giving up").len(), 1);
}

#[test]
fn a_background_task_that_panics_is_started_again_and_told() {
    for (task, times) in [
        ("check_database", 1),
        ("watch_pools", 1),
        ("watch", 2),
        ("housekeeping", 1),
        ("reload_airspace", 1),
        ("reload_tokens", 1),
        ("render_live", 1),
    ] {
        let (feed, database) = (FeedServer::start(), Database::migrated());
        // A panic keeps later faults from counting, so each acts at its own first time.
        let armed = vec![format!("task.{task}=panic"); times];
        let setup = Setup::serve(&database, &feed).fault(&armed.join(";"));
        let mut service = setup.env("SECTORWATCH_AUDIT_INTERVAL", "1s").start();
        let restarts = format!("sectorwatch_task_restarts_total{{task=\"{task}\"}}");
        let what = format!("{task} is started again");
        service.wait_until(&what, PATIENCE, |it| it.metric(&restarts) == times as f64);
        assert_eq!(service.metric("sectorwatch_task_restarts_total"), times as f64, "no other");
        service.take(&feed, &traffic(0));
        let status = service.status();
        let reasons = status["reasons"].as_array().expect("reasons").iter();
        let told: Vec<_> = reasons.filter(|reason| reason["code"] == "task_ended").collect();
        let [told] = told[..] else { panic!("{status}") };
        assert!(told["message"].as_str().expect("a message").contains(task), "{told}");
        assert_eq!(status["status"], "degraded", "{status}");
        assert!(!service.logged("a background task ended").is_empty());
        // The task works again.
        let audited = "sectorwatch_db_audit_last_success_timestamp_seconds";
        let now = chrono::Utc::now().timestamp() as f64;
        service.wait_until("audited", PATIENCE, |it| it.metric(audited) > now);
        let retained = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";
        service.wait_until("retention is done", PATIENCE, |it| it.metric(retained) == 1.0);
        assert_eq!(service.get("/readyz").status, 200);
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
}

#[test]
fn the_keeper_of_the_embedded_server_is_kept_itself() {
    let feed = FeedServer::start();
    feed.publish(&traffic(0));
    let setup = Setup::bare(&["serve"])
        .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
        .env("SECTORWATCH_TRANSCEIVERS_URL", "")
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "100ms")
        // In its blocking part, whose panic is passed on.
        .fault("embedded.look=panic@2");
    let mut service = setup.start();
    let restarts = "sectorwatch_task_restarts_total{task=\"keep_alive\"}";
    service.wait_until("it is started again", PATIENCE, |it| it.metric(restarts) == 1.0);
    let lock_file = std::fs::read_to_string(setup.data_dir().join("postgres/postmaster.pid"));
    let pid = lock_file.expect("the lock file").lines().next().and_then(|pid| pid.parse().ok());
    kill(Pid::from_raw(pid.expect("a process id")), Signal::SIGKILL).expect("kill");
    service.wait_until("revived", PATIENCE, |it| !it.logged("PostgreSQL runs again").is_empty());
    service.take(&feed, &traffic(1));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
