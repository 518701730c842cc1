//! The probe: a separate session for each server.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::{
    feed_server::FeedServer,
    postgres::Database,
    proxy::Proxy,
    schedule::traffic,
    service::{PATIENCE, Service, Setup},
    store::Stored,
};

fn codes(status: &Value) -> Vec<String> {
    let reasons = status["reasons"].as_array().expect("reasons");
    reasons.iter().filter_map(|it| it["code"].as_str().map(str::to_owned)).collect()
}

fn says(service: &mut Service, code: &str) {
    service.wait_until(code, Duration::from_secs(60), |it| {
        codes(&it.status()).iter().any(|found| found == code)
    });
}

#[test]
fn one_server_is_told_once() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &traffic(0));
    let status = service.status();
    assert_eq!(status["database"]["reachable"], true);
    assert_eq!(status.get("read_database"), Some(&Value::Null));
    let page = service.get("/metrics").text();
    let health = page.lines().filter(|line| line.contains("owner=\"health\""));
    let families = health.filter(|line| line.starts_with("sectorwatch_db_pool_"));
    assert_eq!(families.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(service.metric("sectorwatch_db_queries_total{outcome=\"ok\",owner=\"health\"}") >= 1.0);
}

#[test]
fn a_reader_that_is_down_makes_the_service_degraded_and_no_worse() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let proxy = Proxy::before(&database);
    let mut service = Setup::serve(&database, &feed)
        .env("SECTORWATCH_READ_DATABASE_URL", &proxy.url_of(&database))
        .start();
    service.take(&feed, &traffic(0));
    service.wait_until("the reader answers", PATIENCE, |it| {
        it.status()["read_database"]["reachable"] == true
    });
    let fields = |status: &Value, section: &str| -> Vec<String> {
        status[section].as_object().expect("a section").keys().cloned().collect()
    };
    let status = service.status();
    assert_eq!(fields(&status, "read_database"), fields(&status, "database"));

    proxy.refuse();
    says(&mut service, "reader_unreachable");
    service.take(&feed, &traffic(1));
    let status = service.status();
    let reasons = status["reasons"].as_array().expect("reasons");
    let told = reasons.iter().find(|it| it["code"] == "reader_unreachable");
    assert!(told.is_some(), "{reasons:?}");
    assert_ne!(status["status"], "critical", "{reasons:?}");
    assert_eq!(status["database"]["reachable"], true);
    assert_eq!(status["read_database"]["reachable"], false);
    let ready = service.get("/readyz");
    assert_eq!(ready.status, 200);
    assert!(ready.text().contains("history is read from"), "{}", ready.text());

    proxy.listen();
    service.wait_until("told no more", PATIENCE, |it| {
        !codes(&it.status()).contains(&"reader_unreachable".to_owned())
    });
    assert_eq!(service.get("/readyz").text(), "ready\n");
}

#[test]
fn a_service_starts_while_its_reader_is_down() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let nobody = crate::support::http::free_address();
    let mut service = Setup::serve(&database, &feed)
        .env("SECTORWATCH_READ_DATABASE_URL", &format!("postgres://nobody@{nobody}/nothing"))
        .start();
    service.take(&feed, &traffic(0));
    assert_eq!(service.status()["read_database"]["reachable"], false);
}

#[test]
fn a_crowd_that_has_all_of_the_readers_pool_leaves_the_service_ready() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed)
        .env("SECTORWATCH_READ_POOL_SIZE", "1")
        .env("SECTORWATCH_ACQUIRE_TIMEOUT", "1s")
        .env("SECTORWATCH_STATEMENT_TIMEOUT", "4s")
        .start();
    service.take(&feed, &traffic(0));
    // Histories wait for the visits. The poller does not need them while the feed does not change.
    let blocker = database.client();
    blocker.run("begin; lock table flight_sector_occupancy in access exclusive mode");
    let address = service.address();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(40) {
        let asking: Vec<_> = (0..6)
            .map(|_| thread::spawn(move || crate::support::http::get(address, "/api/flights/QFA1")))
            .collect();
        asking.into_iter().for_each(|it| drop(it.join()));
        let status = service.status();
        assert_eq!(status["database"]["reachable"], true);
        assert!(!codes(&status).contains(&"database_unreachable".to_owned()));
        assert_eq!(service.get("/readyz").status, 200, "{}", status["reasons"]);
    }
    blocker.run("rollback");
}

#[test]
fn a_session_of_the_probe_that_died_or_hangs_is_replaced() {
    let database = Database::migrated();
    let proxy = Proxy::before(&database);
    // Its limit is shorter than that of other sessions.
    let stored = Stored::with(&proxy.url_of(&database), |settings| {
        settings.statement_timeout = Duration::from_secs(60);
    });
    let mut probe = stored.store.probe();
    stored.run(async {
        probe.check().await.expect("an answer");
        database.client().run(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where application_name like 'sectorwatch:stored:%' and datname = current_database()",
        );
        probe.check().await.expect("an answer of another session");
        proxy.swallow();
        let begun = Instant::now();
        probe.check().await.expect("an answer of a third session");
        assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    });
    let deadline = "db_queries_total{outcome=\"deadline\",owner=\"health\"}";
    assert_eq!(stored.metric(deadline), 1.0);
}
