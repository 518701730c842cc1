//! Leaks that only the server knows of.

use std::time::Duration;

use sectorwatch_store::{Owner, PoolName};

use super::rig::{Rig, SIZE, execute};
use crate::support::{
    sql::Client,
    wait::{PATIENCE, until_ok},
};

fn backends(rig: &Rig, state: &str) -> f64 {
    rig.metric(&format!("db_server_backends{{state=\"{state}\"}}"))
}

/// Opens a session with this application name.
fn named(rig: &Rig, application_name: &str) -> Client {
    let client = rig.database.client();
    client.run(&format!("set application_name = '{application_name}'"));
    client
}

fn wait_for(rig: &Rig, state: &str, count: f64) {
    until_ok(PATIENCE, || match backends(rig, state) {
        seen if seen == count => Ok(()),
        seen => Err(format!("{count} backends {state}, not {seen}:\n{}", rig.page())),
    });
}

#[test]
fn l8_an_advisory_lock_that_was_left_behind() {
    let rig = Rig::new();
    rig.expect_whole();
    let before = rig.counters();
    rig.run(async {
        let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        execute(&mut lease, "select pg_advisory_lock(4711)").await.expect("a lock");
    });
    rig.expect_moved(
        &before,
        &["sectorwatch_db_pool_leaks_total{kind=\"open_transaction\",owner=\"api\",pool=\"read\"}"],
    );
    let held = "select count(*) from pg_locks where locktype = 'advisory' and objid = 4711";
    assert_eq!(rig.database.client().count(held), 0, "its session was ended");
    rig.expect_whole();
}

#[test]
fn l11_a_session_of_ours_that_nobody_here_has() {
    let rig = Rig::new();
    rig.expect_whole();
    let before = rig.counters();
    let orphan = named(&rig, &rig.name);
    rig.expect_moved(&before, &[
        "sectorwatch_db_pool_leaks_total{kind=\"orphan_backend\",owner=\"other\",pool=\"ingest\"}",
    ]);
    assert!(orphan.try_rows("select 1").is_err(), "it was ended");
    wait_for(&rig, "orphan", 0.0);
    rig.expect_whole();
}

#[test]
fn an_orphan_is_counted_once_though_an_audit_fails_meanwhile() {
    let rig = Rig::with(|settings| settings.pool_self_heal = false);
    rig.expect_whole();
    let before = rig.counters();
    let _orphan = named(&rig, &rig.name);
    let leak =
        "sectorwatch_db_pool_leaks_total{kind=\"orphan_backend\",owner=\"other\",pool=\"ingest\"}";
    rig.expect_moved(&before, &[leak]);
    let audit = format!(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity \
         where application_name = '{}' and query like '%pg_total_relation_size%'",
        rig.name
    );
    assert_eq!(rig.database.client().count(&audit), 1, "the session of the audit");
    rig.await_audits(1);
    rig.expect_moved(&before, &[leak]);
}

#[test]
fn every_session_of_ours_has_its_state() {
    let rig = Rig::new();
    rig.expect_whole();
    let lock = rig.run(rig.store.lock_writer(Duration::ZERO)).expect("the writer's lock");
    let predecessor = named(&rig, "sectorwatch:stored:ffffffff");
    rig.run(async {
        let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        execute(&mut lease, "select pg_advisory_lock(4712)").await.expect("a lock in use");
        tokio::task::block_in_place(|| {
            wait_for(&rig, "leased", 1.0);
            wait_for(&rig, "predecessor", 1.0);
            wait_for(&rig, "system", 2.0);
            wait_for(&rig, "pooled_idle", f64::from(2 * SIZE - 1));
            rig.await_audits(2);
        });
        execute(&mut lease, "select pg_advisory_unlock(4712)").await.expect("its end");
    });
    for state in ["orphan", "idle_in_transaction_unleased", "active_unleased"] {
        assert_eq!(backends(&rig, state), 0.0, "{state}");
    }
    assert!(lock.is_held(), "the writer's own session was not taken for a leak");
    predecessor.run("select 'a predecessor is told, and left alone'");
}
