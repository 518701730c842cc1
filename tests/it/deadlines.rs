//! A server that never answers one session, because a backend stands still or the network swallows
//! everything. Other sessions work.

mod limits;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sectorwatch_store::{
    Owner, PgError, PoolName, StoreError,
    testing::{Connection, savepoint, transaction},
};

use crate::support::{
    feed_server::FeedServer,
    postgres::{Database, Server},
    proxy::Proxy,
    schedule::traffic,
    service::{PATIENCE, Setup},
    store::{STATEMENT, Stored, execute, identity},
    wait::until,
};

/// A statement is late this long after its limit. The machine may be busy.
const LATE: Duration = Duration::from_secs(2);
const BUSY: Duration = Duration::from_secs(8);

const QUERIES: &str = "db_queries_total{outcome=\"deadline\",owner=\"api\"}";
const CLOSED: &str = "db_pool_connections_closed_total{pool=\"read\",reason=\"deadline\"}";

/// Takes the time from before the session was leased: the limit is that of the oldest request without an
/// answer, and what closes the statement before, or makes the session ready, may be that.
fn is_late<T, E: Into<StoreError>>(result: Result<T, E>, begun: Instant) {
    let took = begun.elapsed();
    let kind = result.err().map(|error| error.into().kind());
    assert_eq!(kind, Some("deadline"), "after {took:?}");
    assert!(took >= STATEMENT + LATE && took < STATEMENT + LATE + BUSY, "{took:?}");
}

/// Lets a lease work, then cuts its network while more work continues.
fn swallowed(work: impl AsyncFn(&mut Connection, &Proxy) -> Result<(), PgError>) {
    let database = Database::migrated();
    let proxy = Proxy::before(&database);
    let stored = Stored::at(&proxy.url_of(&database));
    stored.runtime.spawn(stored.store.clone().watch(Duration::from_secs(1)));
    let again = async |proxy: Option<&Proxy>| {
        let begun = Instant::now();
        let scope = stored.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        execute(&mut lease, "select 1").await.expect("an answer");
        match proxy {
            Some(proxy) => {
                is_late(work(&mut lease, proxy).await, begun);
                assert!(execute(&mut lease, "select 1").await.is_err(), "it is not used again");
            }
            None => drop(execute(&mut lease, "select 2").await.expect("another session")),
        }
    };
    stored.run(again(Some(&proxy)));
    assert!(stored.metric(QUERIES) >= 1.0);
    // The pool closes it on a task of its own.
    until("it is closed", PATIENCE, || stored.metric(CLOSED) >= 1.0);
    assert_eq!(stored.metric(CLOSED), 1.0);
    stored.run(again(None));
    stored.await_audits(2);
    assert_eq!(stored.leaks(), 0.0, "{}", stored.page());
}

#[test]
fn a_statement_whose_way_is_swallowed() {
    swallowed(async |lease, proxy| {
        proxy.swallow();
        execute(lease, "select 3").await.map(drop)
    });
}

#[test]
fn a_begin_and_a_commit_whose_way_is_swallowed() {
    swallowed(async |lease, proxy| {
        proxy.swallow();
        transaction(lease, async |_| Ok(())).await
    });
    swallowed(async |lease, proxy| {
        transaction(lease, async |it| {
            execute(it, "select pg_current_xact_id()").await?;
            proxy.swallow();
            Ok(())
        })
        .await
    });
}

#[test]
fn a_savepoint_whose_way_is_swallowed() {
    swallowed(async |lease, proxy| {
        transaction(lease, async |it| {
            savepoint(it, async |it| {
                execute(it, "select 4").await?;
                proxy.swallow();
                Ok(())
            })
            .await
        })
        .await
    });
}

/// Nobody here ever learns the process id of such a session, which the server keeps.
#[test]
fn a_session_whose_way_is_swallowed_while_it_is_opened() {
    let database = Database::migrated();
    let proxy = Proxy::before(&database);
    // Otherwise it would wait for the answer to its wish for TLS, and say nothing of itself.
    let stored = Stored::at(&format!("{}?sslmode=disable", proxy.url_of(&database)));
    proxy.deafen();
    let store = stored.store.clone();
    let acquiring = stored
        .runtime
        .spawn(async move { store.pool(PoolName::Read).scope(Owner::Api).acquire().await.is_ok() });
    let known = || database.sessions_like(&stored.name);
    until("the server has it", PATIENCE, || known() == 1);
    proxy.swallow();
    let _ = stored.run(acquiring);
    stored.runtime.spawn(stored.store.clone().watch(Duration::from_secs(1)));
    stored.await_audits(3);
    assert_eq!(stored.metric("db_server_backends{state=\"given_up\"}"), 1.0);
    assert_eq!(stored.leaks(), 0.0, "{}", stored.page());
}

#[test]
fn a_transaction_with_a_limit_of_its_own_has_that() {
    let database = Database::migrated();
    let stored = Stored::at(&database.url());
    stored.run(async {
        let scope = stored.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        let slept = transaction(&mut lease, async |it| {
            it.allow(Duration::from_secs(20)).await?;
            execute(it, "select pg_sleep(3)").await
        });
        slept.await.expect("longer than the session's own limit, and 2 s");
        let begun = Instant::now();
        let refused = execute(&mut lease, "select pg_sleep(3)").await.map_err(|it| it.kind());
        assert_eq!(refused, Err("query"), "the server's limit is the session's again");
        assert!(begun.elapsed() < LATE);
    });
    assert_eq!(stored.metric(QUERIES), 0.0);
}

/// Continues the processes when the test ends in any way.
struct Stopped(Vec<i32>);

impl Stopped {
    fn new(pids: Vec<i32>) -> Self {
        let this = Self(pids);
        this.signal(Signal::SIGSTOP);
        this
    }

    fn signal(&self, signal: Signal) {
        for pid in &self.0 {
            let _ = kill(Pid::from_raw(*pid), signal);
        }
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.signal(Signal::SIGCONT);
    }
}

#[test]
fn a_backend_that_stands_still_on_a_socket_of_the_file_system() {
    let server = Server::own(&[]);
    let database = Database::migrated_on(server.clone());
    let stored = Stored::at(&database.url());
    stored.runtime.spawn(stored.store.clone().watch(Duration::from_secs(1)));
    let stopped = stored.run(async {
        let begun = Instant::now();
        let scope = stored.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        let stopped = Stopped::new(vec![lease.pid().expect("an id")]);
        is_late(execute(&mut lease, "select 1").await, begun);
        stopped
    });
    assert_eq!((stored.metric(QUERIES), stored.metric(CLOSED)), (1.0, 1.0));
    stored.await_audits(3);
    assert_eq!(stored.leaks(), 0.0, "its backend is still there, and is no leak");
    assert_eq!(stored.metric("db_server_backends{state=\"given_up\"}"), 1.0);
    drop(stopped);
    stored.run(async {
        let scope = stored.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        execute(&mut lease, "select 1").await.expect("an answer");
    });
}

#[test]
fn the_sessions_of_single_tasks_have_a_deadline_too() {
    let database = Database::migrated();
    let proxy = Arc::new(Proxy::before(&database));
    let stored = Stored::at(&proxy.url_of(&database));
    let store = &stored.store;
    let deadlines = |owner: &str| {
        stored.metric(&format!("db_queries_total{{outcome=\"deadline\",owner=\"{owner}\"}}"))
    };

    let begun = Instant::now();
    let lock = stored.run(store.lock_writer(Duration::ZERO)).expect("the writer's lock");
    proxy.swallow();
    is_late(stored.run(store.migrate(&lock, Duration::ZERO)), begun);
    assert!(!lock.is_held());
    drop(lock);
    assert_eq!(deadlines("writer"), 1.0);
    // What the server still holds for the session that was given up.
    let held = "select count(pg_terminate_backend(pid)) from pg_locks \
                where locktype = 'advisory' and pid <> pg_backend_pid() and database = \
                    (select oid from pg_database where datname = current_database())";
    database.client().run(held);
    let begun = Instant::now();
    let lock = stored.run(store.lock_writer(PATIENCE)).expect("the writer's lock");
    proxy.swallow();
    is_late(stored.run(store.next_generation(&lock, &identity(), "none")), begun);
    assert_eq!(deadlines("writer"), 2.0);

    let begun = Instant::now();
    stored.run(store.restore()).expect("what is stored");
    proxy.swallow();
    is_late(stored.run(store.restore()), begun);
    assert_eq!(deadlines("restore"), 1.0);

    stored.runtime.spawn(store.clone().watch(Duration::from_secs(1)));
    stored.await_audits(1);
    proxy.swallow();
    until("the audit waits no more", PATIENCE, || deadlines("audit") >= 1.0);
    stored.await_audits(2);
    assert_eq!(stored.leaks(), 0.0, "{}", stored.page());
}

#[test]
fn a_cycle_that_meets_backends_that_stand_still_fails_by_its_phase_and_the_next_one_stores() {
    let (server, feed) = (Server::own(&[]), FeedServer::start());
    let database = Database::migrated_on(server);
    let mut service = Setup::serve(&database, &feed)
        .env("SECTORWATCH_STATEMENT_TIMEOUT", "1s")
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
        .start();
    service.take(&feed, &traffic(0));
    service.await_cycles("unchanged", 1);
    // Housekeeping follows the first stored snapshot. Stopped within a transaction, it would keep its locks.
    let retained = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";
    service.wait_until("housekeeping is done", PATIENCE, |it| it.metric(retained) >= 1.0);
    // Those of the pool only, without the writer's lock, the probe and the audit.
    let pooled = "select pid from pg_stat_activity activity \
                  where application_name like 'sectorwatch:%' and datname = current_database() \
                      and query !~ 'server_version|pg_stat_activity|pg_total_relation_size' \
                      and not exists (select from pg_locks \
                          where pg_locks.pid = activity.pid and locktype = 'advisory')";
    let pids = database.client().column(pooled);
    let pids: Vec<i32> = pids.iter().filter_map(|pid| pid.parse().ok()).collect();
    assert!(!pids.is_empty());
    let stopped = Stopped::new(pids);
    let begun = Instant::now();
    feed.publish(&traffic(1));
    service.wait_until("stored by another session", PATIENCE, |it| it.cycles_of("success") == 2);
    let took = begun.elapsed();
    assert!(took >= Duration::from_secs(3), "{took:?}");
    let deadlines = service.metric("sectorwatch_db_queries_total{outcome=\"deadline\"}");
    assert!(deadlines >= 1.0, "{deadlines}");
    let closed = "sectorwatch_db_pool_connections_closed_total{reason=\"deadline\"}";
    assert!(service.metric(closed) >= 1.0);
    assert!(service.cycles_of("flights_error") >= 1);
    let failed = service.logged("cycles fail");
    assert!(failed.iter().any(|line| line.to_string().contains("flights")), "{failed:?}");
    service.await_audits(2);
    assert_eq!(service.metric("sectorwatch_db_pool_leaks_total"), 0.0);
    drop(stopped);
    service.take(&feed, &traffic(2));
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
