//! The whole service with a server that refuses connections without TLS.

use std::time::Duration;

use sectorwatch_store::{Owner, PoolName, Secret};

use super::rig::Rig;
use crate::{
    pool_leaks::rig::{self as store, execute},
    support::{
        feed_server::FeedServer,
        schedule::traffic,
        service::{PATIENCE, Setup},
        wait::until_ok,
    },
};

#[test]
fn cycles_history_and_audit_go_over_tls() {
    let (rig, feed) = (Rig::with_tls("127.0.73.39"), FeedServer::start());
    let url = rig.here(&format!("sslmode=verify-full&channel_binding=require&{}", rig.trusted()));
    let setup = Setup::serve(&rig.database, &feed)
        .env("DATABASE_URL", &url)
        .env("SECTORWATCH_READ_DATABASE_URL", &url)
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s");
    let mut service = setup.start();
    for second in 0..3 {
        service.take(&feed, &traffic(second));
    }
    assert_eq!(service.get("/api/flights/NOBODY").status, 404);
    service.wait_until("an audit", PATIENCE, |service| {
        service.metric("sectorwatch_db_audit_last_success_timestamp_seconds") > 0.0
    });
    let sessions = |condition: &str| {
        rig.server.client().count(&format!(
            "select count(*) from pg_stat_activity join pg_stat_ssl using (pid)
             where application_name like 'sectorwatch:%' and {condition}"
        ))
    };
    assert!(sessions("ssl") >= 3, "ingest, read and the writer's lock");
    assert_eq!(sessions("not ssl"), 0);
    assert_eq!(service.metric("sectorwatch_db_pool_leaks_total"), 0.0);
    let ended = service.terminate(PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn a_statement_is_cancelled_over_tls() {
    let rig = Rig::with_tls("127.0.73.40");
    let url = Secret::new(rig.here(&format!("sslmode=verify-full&{}", rig.trusted())));
    let store = store::Rig::with(|settings| {
        (settings.url, settings.read_url) = (url.clone(), url);
    });
    store.run(async {
        let scope = store.store.pool(PoolName::Read).scope(Owner::Api);
        let mut lease = scope.acquire().await.expect("a session");
        let sleeping = execute(&mut lease, "select pg_sleep(60)");
        tokio::time::timeout(Duration::from_millis(500), sleeping).await.expect_err("it sleeps");
    });
    // The server would notice a closed connection by itself. This message shows that it was asked
    // to cancel.
    let cancelled = "canceling statement due to user request";
    until_ok(PATIENCE, || {
        let log = rig.log();
        if log.contains(cancelled) { Ok(()) } else { Err(format!("{cancelled}: {log}")) }
    });
}
