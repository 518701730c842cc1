//! Somebody who is no sectorwatch holds the writer's lock.

use serde_json::Value;

use super::*;
use crate::support::{service::Service, sql::Client};

fn told(service: &Service) -> Option<Value> {
    let status = service.status();
    let reasons = status["reasons"].as_array().expect("reasons").clone();
    reasons.into_iter().find(|reason| reason["code"] == "writer_locked_out")
}

/// It is told with its process id and its name, and `/readyz` says no.
fn is_told(service: &Service, stranger: &Client) -> bool {
    let pid = stranger.one("select pg_backend_pid()");
    let Some(reason) = told(service) else { return false };
    let message = reason["message"].as_str().unwrap_or_default();
    assert!(message.contains(&pid) && message.contains("psql"), "{message}");
    service.status()["status"] == "critical" && service.get("/readyz").status == 503
}

fn lock() -> String {
    format!("set application_name = 'psql'; select pg_advisory_lock({WRITER})")
}

#[test]
fn it_is_named_at_the_start_and_the_service_takes_over_when_it_is_gone() {
    for database in [Database::fresh(), Database::migrated()] {
        let feed = FeedServer::start();
        let stranger = database.client();
        stranger.run(&lock());
        feed.publish(&traffic(0));
        let mut service = Setup::serve(&database, &feed).spawn();
        service.wait_until("the stranger is named", PATIENCE, |service| {
            service.try_get("/readyz").is_some() && is_told(service, &stranger)
        });
        // Longer than a predecessor is waited for.
        thread::sleep(Duration::from_secs(11));
        assert_eq!(service.ended(), None, "it gave up");
        assert!(is_told(&service, &stranger));
        drop(stranger);
        service.wait_until("it writes", PATIENCE, |service| service.cycles_of("success") > 0);
        service.wait_until("ready", PATIENCE, |it| it.get("/readyz").status == 200);
        assert_eq!(told(&service), None);
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
}

#[test]
fn one_that_takes_a_lock_that_was_lost_is_named_too() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &traffic(0));
    let stranger = database.client();
    // In one statement, so that the service is not sooner.
    stranger.run(&format!(
        "set application_name = 'psql'; \
         select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted \
             and database = (select oid from pg_database where datname = current_database()); \
         select pg_advisory_lock({WRITER})"
    ));
    service.wait_until("the stranger is named", PATIENCE, |service| is_told(service, &stranger));
    stranger.run(&format!("select pg_advisory_unlock({WRITER})"));
    service.take(&feed, &traffic(1));
    assert_eq!(told(&service), None);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn a_sectorwatch_of_another_role_is_a_stranger() {
    let (database, feed) = (Database::of_own_role(), FeedServer::start());
    let stranger = database.client();
    stranger.run(&format!(
        "set application_name = 'sectorwatch:psql:0badcafe'; select pg_advisory_lock({WRITER})"
    ));
    let mut service = Setup::serve(&database, &feed).spawn();
    service.wait_until("the stranger is named", PATIENCE, |service| {
        service.try_get("/readyz").is_some() && is_told(service, &stranger)
    });
    let message = told(&service).expect("a reason")["message"].to_string();
    assert!(message.contains("role sectorwatch,"), "{message}");
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
