//! Every event is reported under the name of the session's owner. Each owner of each pool does
//! everything that can be done well or badly.

use std::time::Duration;

use sectorwatch_store::{
    LeakThresholds, Owner, PoolName,
    testing::{Connection, transaction},
};

use super::rig::{Rig, SIZE, execute, raw};
use crate::support::wait::{PATIENCE, until};

/// Longer than the leak threshold and several sweeps.
const LONG: &str = "select pg_sleep(0.9)";

/// One SQLSTATE of each class that a test can make the server report.
const CODES: [&str; 8] = ["08006", "22012", "23505", "40001", "42601", "53100", "57014", "P0001"];

fn rig() -> Rig {
    Rig::with(|settings| {
        let owners = PoolName::ALL.into_iter().flat_map(PoolName::owners);
        let each: Vec<_> = owners.map(|owner| format!("{}=300ms", owner.as_str())).collect();
        settings.leak_thresholds = LeakThresholds::read(&each.join(",")).expect("thresholds");
        settings.acquire_timeout = Duration::from_millis(500);
    })
}

async fn fails(lease: &mut Connection, code: &str) {
    let statement = format!("do $$ begin raise exception using errcode = '{code}'; end $$");
    assert!(execute(lease, &statement).await.is_err(), "{code}");
}

/// Work that succeeds, and statements that the server refuses.
async fn works(rig: &Rig, pool: PoolName, owner: Owner) {
    let scope = rig.store.pool(pool).scope(owner);
    for code in CODES {
        fails(&mut scope.acquire().await.expect("a session"), code).await;
    }
    let mut lease = scope.acquire().await.expect("a session");
    let committed = transaction(&mut lease, async |it| execute(it, "select 1").await).await;
    committed.expect("a transaction");
    let refused = transaction(&mut lease, async |it| execute(it, "select 1/0").await).await;
    assert!(refused.is_err());
    execute(&mut lease, LONG).await.expect("a slow statement");
}

/// Work that is dropped halfway, and leases that are never returned.
async fn misbehaves(rig: &Rig, pool: PoolName, owner: Owner) {
    let soon = Duration::from_millis(100);
    let scope = rig.store.pool(pool).scope(owner);
    let mut lease = scope.acquire().await.expect("a session");
    let _ = tokio::time::timeout(soon, execute(&mut lease, LONG)).await;
    drop(lease);
    let mut lease = scope.acquire().await.expect("a session");
    let cut = transaction(&mut lease, async |it| execute(it, LONG).await);
    let _ = tokio::time::timeout(soon, cut).await;
    drop(lease);
    let mut lease = scope.acquire().await.expect("a session");
    raw(&mut lease, "begin").await.expect("a raw begin");
    drop(lease);
    let mut all = Vec::new();
    for _ in 0..SIZE {
        all.push(scope.acquire().await.expect("a session"));
    }
    assert!(scope.acquire().await.is_err(), "there are no more");
    assert!(tokio::time::timeout(soon, scope.acquire()).await.is_err(), "nobody waits any more");
    all.into_iter().for_each(std::mem::forget);
}

/// The number of times that this pool was replaced.
fn rebuilds(rig: &Rig, pool: PoolName) -> f64 {
    rig.metric(&format!("db_pool_rebuilds_total{{pool=\"{}\"}}", pool.as_str()))
}

#[test]
fn every_owner_is_told_by_name() {
    let rig = rig();
    for pool in PoolName::ALL {
        for owner in pool.owners() {
            let (before, rebuilt) = (rig.counters(), rebuilds(&rig, pool));
            rig.run(async {
                let looked = async {
                    for _ in 0..30 {
                        // Scrapes regularly, so that some scrapes happen while a lease is held.
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        rig.page();
                    }
                };
                tokio::join!(works(&rig, pool, *owner), looked);
                misbehaves(&rig, pool, *owner).await;
            });
            let moved = rig.counters().moved_since(&before);
            let own = format!("owner=\"{}\"", owner.as_str());
            let others: Vec<_> = (moved.keys())
                .filter(|series| series.contains("owner=") && !series.contains(&own))
                .filter(|series| !series.contains("owner=\"audit\""))
                .collect();
            assert!(others.is_empty(), "{own}: {others:?}");
            let leaked: f64 = (moved.iter())
                .filter(|(series, _)| series.contains("leaks_total") && series.contains("outlived"))
                .map(|(_, count)| count)
                .sum();
            assert_eq!(leaked, f64::from(SIZE), "{own}: {moved:?}");
            until("another pool takes the place of the one that leaked", PATIENCE, || {
                rebuilds(&rig, pool) > rebuilt
            });
        }
    }
    rig.run(rig.store.drain(Duration::from_secs(1)));
    for pool in PoolName::ALL {
        rig.run(async {
            assert!(
                rig.store.pool(pool).scope(pool.owners()[0]).acquire().await.is_err(),
                "closed"
            );
        });
    }
    rig.page();
}
