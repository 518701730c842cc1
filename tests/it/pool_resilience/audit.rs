//! The audit of a server that cannot be reached, or has two names: it says so, and accuses nobody.

use std::{thread, time::Duration};

use super::*;
use crate::support::{leaks::Series, proxy::Proxy, schedule::traffic};

const AUDITED_AT: &str = "sectorwatch_db_audit_last_success_timestamp_seconds";
const HEARTBEAT: &str = "sectorwatch_poller_heartbeat_timestamp_seconds";

/// Waits until an audit succeeds.
fn await_audit(service: &mut Service) {
    let before = service.metric(AUDITED_AT);
    service.wait_until("an audit", PATIENCE, |it| it.metric(AUDITED_AT) > before);
}

#[test]
fn without_the_database_the_time_of_the_last_audit_stands_still() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let proxy = Proxy::before(&database);
    let setup = crowded(&database, &feed).env("DATABASE_URL", &proxy.url_of(&database));
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    let ways: [[fn(&Proxy); 2]; 2] =
        [[Proxy::refuse, Proxy::listen], [Proxy::black_hole, Proxy::open]];
    for [close, open] in ways {
        await_audit(&mut service);
        close(&proxy);
        // One may have had its answer already.
        thread::sleep(Duration::from_millis(500));
        let (audited, beaten) = (service.metric(AUDITED_AT), service.metric(HEARTBEAT));
        thread::sleep(Duration::from_secs(4));
        assert_eq!(service.metric(AUDITED_AT), audited);
        assert!(service.metric(HEARTBEAT) > beaten, "the page is of now");
        open(&proxy);
        await_audit(&mut service);
    }
}

#[test]
fn a_session_of_the_audit_that_was_swallowed_is_given_up() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let proxy = Proxy::before(&database);
    let setup = crowded(&database, &feed).env("DATABASE_URL", &proxy.url_of(&database));
    let mut service = setup.start();
    await_audit(&mut service);
    proxy.swallow();
    await_audit(&mut service);
    await_audit(&mut service);
}

#[test]
fn a_server_with_two_names_has_no_orphans() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let proxy = Proxy::before(&database);
    let setup =
        crowded(&database, &feed).env("SECTORWATCH_READ_DATABASE_URL", &proxy.url_of(&database));
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    assert_whole(&mut service, setup.address(), &database);
    let sessions = database.sessions_like("sectorwatch:%");
    // Two of them must agree.
    (0..3).for_each(|_| await_audit(&mut service));
    assert_eq!(counters(&service).moved_since(&Counters::born()), Series::new());
    assert_eq!(database.sessions_like("sectorwatch:%"), sessions);
}
