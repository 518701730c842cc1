//! A session that a replaced pool was still opening is not kept.

use std::time::Duration;

use sectorwatch_store::{Owner, PoolName};

use crate::support::{
    postgres::Database,
    proxy::Proxy,
    store::{Stored, execute},
    wait::{PATIENCE, until},
};

/// Longer than the detection of a lost session takes.
const SLOW: Duration = Duration::from_secs(8);

#[test]
fn a_session_that_arrives_after_its_pool_was_replaced_is_not_kept() {
    let database = Database::migrated();
    let proxy = Proxy::before(&database);
    let stored = Stored::with(&proxy.url_of(&database), |settings| {
        settings.acquire_timeout = Duration::from_secs(30);
    });
    let pool = stored.store.pool(PoolName::Read);
    stored.run(pool.lose_one());
    stored.runtime.spawn(stored.store.clone().watch(Duration::from_secs(60)));
    // The audit opens its session before connections become slow.
    until("an audit", PATIENCE, || stored.metric("db_audit_duration_seconds_count") >= 1.0);
    proxy.slow(SLOW);
    let replaced = || stored.metric("db_pool_rebuilds_total{pool=\"read\"}");
    assert_eq!(replaced(), 0.0, "not before a session is being opened");
    stored.run(async {
        let scope = pool.scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session of the new pool");
        assert_eq!(replaced(), 1.0);
        execute(&mut lease, "select 1").await.expect("an answer");
    });
    // Two sessions remain: one of the new pool and one of the audit. The lost session is ended.
    until("the old pool has no session", PATIENCE, || database.sessions_like(&stored.name) <= 2);
}
