//! Sessions that are returned dirty are closed, counted, and cancelled on the server.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use sectorwatch_store::{
    Owner, PgError, PoolName,
    testing::{self, transaction},
};

use super::rig::{Rig, SIZE, execute, raw};
use crate::support::wait::until;

fn leak(kind: &str) -> String {
    format!("sectorwatch_db_pool_leaks_total{{kind=\"{kind}\",owner=\"api\",pool=\"read\"}}")
}

fn closed(reason: &str) -> String {
    format!("sectorwatch_db_pool_connections_closed_total{{pool=\"read\",reason=\"{reason}\"}}")
}

const CANCELLED_TRANSACTION: &str = "sectorwatch_db_cancelled_transactions_total{owner=\"api\"}";
const CANCELLED_QUERY: &str = "sectorwatch_db_cancelled_queries_total{owner=\"api\"}";

/// Does something bad with a lease, and checks that later users are not disturbed and that exactly
/// these counters move.
fn after(what: impl AsyncFn(&mut testing::Connection) + Send, wanted: &[&str]) {
    let rig = Rig::new();
    rig.expect_whole();
    // A transaction of this owner creates its counters.
    rig.run(async {
        let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        let committed = transaction(&mut lease, async |it| execute(it, "select 1").await).await;
        committed.expect("a transaction");
    });
    let before = rig.counters();
    let log = logged(|| {
        rig.run(async {
            let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
            let mut lease = scope.acquire().await.expect("a session");
            what(&mut lease).await;
        });
    });
    let leaks = wanted.iter().filter(|series| series.contains("leaks_total")).count();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("a session leaked")).collect();
    assert_eq!(lines.len(), leaks, "each once: {log}");
    for part in [
        "place=tests/it/pool_leaks/dirty_sessions.rs:",
        "owner=\"api\"",
        "backend_pid=",
        "held_ms=",
    ] {
        assert!(lines.iter().all(|line| line.contains(part)), "{part}: {lines:?}");
    }
    let begun = Instant::now();
    rig.run(async {
        let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
        for _ in 0..2 * SIZE {
            let mut lease = scope.acquire().await.expect("a session");
            let xid = "select 1 / (pg_current_xact_id_if_assigned() is null)::int";
            execute(&mut lease, xid).await.expect("no transaction of another");
        }
    });
    assert!(begun.elapsed() < Duration::from_millis(500), "waited for another's statement");
    // The server does not continue the statement.
    let running = || {
        rig.database.client().count(&format!(
            "select count(*) from pg_stat_activity where application_name = '{}' \
             and state <> 'idle' and query like '%pg_sleep%'",
            rig.name
        ))
    };
    let what = "the server works no more for a session that was closed";
    until(what, Duration::from_secs(2), || running() == 0);
    rig.expect_moved(&before, wanted);
    rig.expect_whole();
}

/// The log that this thread writes during the work.
fn logged(work: impl FnOnce()) -> String {
    let written = Arc::new(Mutex::new(Vec::new()));
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || Lines(writer.clone()))
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = written.lock().expect("the log").clone();
    String::from_utf8(bytes).expect("UTF-8")
}

struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn dropped(work: impl Future<Output = ()>) {
    let cut = tokio::time::timeout(Duration::from_millis(200), work).await;
    assert!(cut.is_err(), "it was to be cut");
}

#[test]
fn l5_a_transaction_whose_future_was_dropped() {
    let wanted = [&*closed("in_transaction"), CANCELLED_TRANSACTION];
    after(
        async |lease| {
            dropped(async {
                let _ = transaction(lease, async |it| {
                    execute(it, "select pg_current_xact_id()").await?;
                    std::future::pending::<Result<(), PgError>>().await
                })
                .await;
            })
            .await;
        },
        &wanted,
    );
    after(
        async |lease| {
            dropped(async {
                let slow =
                    async |it: &mut testing::Connection| execute(it, "select pg_sleep(15)").await;
                let _ = transaction(lease, slow).await;
            })
            .await;
        },
        &wanted,
    );
}

#[test]
fn l6_a_statement_whose_future_was_dropped() {
    after(
        async |lease| {
            dropped(async {
                let _ = execute(lease, "select pg_sleep(15)").await;
            })
            .await;
        },
        &[&closed("query_in_flight"), &leak("query_in_flight"), CANCELLED_QUERY],
    );
}

#[test]
fn l7_a_raw_begin() {
    after(
        async |lease| raw(lease, "begin; select pg_current_xact_id()").await.expect("a raw begin"),
        &[&closed("in_transaction"), &leak("open_transaction")],
    );
}

#[test]
fn a_panic_with_a_session_in_hand() {
    let rig = Rig::new();
    rig.expect_whole();
    let before = rig.counters();
    let pool = rig.store.pool(PoolName::Read).clone();
    let panicked = rig.run(async {
        tokio::spawn(async move {
            let scope = pool.scope(Owner::Api);
            let _lease = scope.acquire().await.expect("a session");
            panic!("injected");
        })
        .await
    });
    assert!(panicked.is_err_and(|error| error.is_panic()));
    rig.expect_moved(&before, &[&closed("panic")]);
    rig.expect_whole();
}
