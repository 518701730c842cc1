//! Leases that are not returned, and one that is returned late.

use sectorwatch_store::{LeakThresholds, Owner, PoolName, operation, testing};

use super::rig::{Rig, execute};

const OUTLIVED: &str =
    "sectorwatch_db_pool_leaks_total{kind=\"outlived_scope\",owner=\"flights\",pool=\"ingest\"}";
const FORGOTTEN: &str =
    "sectorwatch_db_pool_leaks_total{kind=\"forgotten\",owner=\"api\",pool=\"read\"}";
const REBUILT: &str = "sectorwatch_db_pool_rebuilds_total{pool=\"ingest\"}";
const REBUILT_READ: &str = "sectorwatch_db_pool_rebuilds_total{pool=\"read\"}";
const SUSPECT: &str = "sectorwatch_db_pool_leak_suspects_total{owner=\"api\",pool=\"read\"}";
const RETURNED: &str =
    "sectorwatch_db_pool_leak_suspects_returned_total{owner=\"api\",pool=\"read\"}";

#[test]
fn l1_a_forgotten_lease_outlived_its_scope() {
    let rig = Rig::new();
    rig.expect_whole();
    let before = rig.counters();
    rig.run(async {
        let scope = rig.store.pool(PoolName::Ingest).scope(Owner::Flights);
        std::mem::forget(scope.acquire().await.expect("a session"));
    });
    let seen = rig.counters().moved_since(&before);
    assert_eq!(seen.get(OUTLIVED), Some(&1.0), "at the scope's end, and not at some later look");
    rig.expect_moved(&before, &[OUTLIVED, REBUILT]);
    rig.expect_whole();
}

#[test]
fn l1_a_lease_forgotten_with_its_scope_is_told_once_its_operation_is_over() {
    let rig = Rig::new();
    rig.expect_whole();
    let before = rig.counters();
    rig.run(async {
        let pool = rig.store.pool(PoolName::Read).clone();
        let (go_on, went_on) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(operation(async move {
            let pool: &'static testing::Pool = Box::leak(Box::new(pool));
            let scope = Box::leak(Box::new(pool.scope(Owner::Api)));
            std::mem::forget(scope.acquire().await.expect("a session"));
            let _ = went_on.await;
        }));
        // Several sweeps look for leaks between two audits.
        tokio::task::block_in_place(|| rig.await_audits(1));
        assert_eq!(rig.counters().moved_since(&before).len(), 0, "its operation goes on");
        let _ = go_on.send(());
        task.await.expect("the operation");
    });
    rig.expect_moved(&before, &[FORGOTTEN, REBUILT_READ]);
    rig.expect_whole();
}

#[test]
fn l2_a_lease_in_a_static_outlived_its_scope_and_may_come_back_late() {
    let rig = Rig::new();
    rig.expect_whole();
    let before = rig.counters();
    let kept = rig.run(async {
        let scope = rig.store.pool(PoolName::Ingest).scope(Owner::Flights);
        testing::keep(scope.acquire().await.expect("a session"))
    });
    rig.expect_moved(&before, &[OUTLIVED, REBUILT]);
    rig.expect_whole();
    testing::give_back(kept);
    rig.expect_moved(&before, &[OUTLIVED, REBUILT]);
    rig.expect_whole();
}

#[test]
fn without_self_healing_a_leak_is_told_and_the_pool_left_alone() {
    let rig = Rig::with(|settings| settings.pool_self_heal = false);
    rig.expect_whole();
    let before = rig.counters();
    let kept = rig.run(async {
        let scope = rig.store.pool(PoolName::Ingest).scope(Owner::Flights);
        testing::keep(scope.acquire().await.expect("a session"))
    });
    rig.expect_moved(&before, &[OUTLIVED]);
    testing::give_back(kept);
    rig.expect_whole();
}

#[test]
fn l3_a_lease_held_for_long_is_suspected_once_and_then_comes_back() {
    let rig = Rig::with(|settings| {
        settings.leak_thresholds = LeakThresholds::read("api=300ms").expect("a threshold");
    });
    rig.expect_whole();
    let before = rig.counters();
    rig.run(async {
        let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        execute(&mut lease, "select pg_sleep(1.2)").await.expect("a slow statement");
        let seen = rig.counters().moved_since(&before);
        assert_eq!(seen, [(SUSPECT.to_owned(), 1.0)].into(), "after several looks");
        let figures = rig.store.pool_figures(PoolName::Read);
        assert_eq!(figures.suspects, 1);
        assert!(
            rig.page()
                .contains("sectorwatch_db_pool_leases_overdue{owner=\"api\",pool=\"read\"} 1")
        );
    });
    rig.expect_moved(&before, &[SUSPECT, RETURNED]);
    rig.expect_whole();
}
