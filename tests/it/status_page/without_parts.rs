//! Without its database, its connections or its poller, the status still answers at once in every form, and
//! reports what is missing.

use std::time::{Duration, Instant};

use crate::support::{
    crowd::{Crowd, Manners, Visitor},
    feed_server::FeedServer,
    postgres::{Database, Server},
    schedule::{BEACON, traffic},
    service::{PATIENCE, Service, Setup},
};

const FORMS: [&str; 3] = ["json", "html", "text"];
/// How often each form is requested. The fastest answer counts, because the machine is busy with other tests.
const ANSWERS: usize = 50;
/// How much slower than in a service that lacks nothing, because the machine may be busier now. What waits for a part
/// that is missing takes a time limit longer, which is a second at least.
const TIMES_SLOWER: u32 = 5;

fn path(form: &str) -> String {
    format!("/api/status?always200=1&format={form}")
}

/// The time of the fastest answer in a form, each of which contains the words.
fn fastest(service: &Service, form: &str, words: &str) -> Duration {
    let path = path(form);
    let times = (0..ANSWERS).map(|_| {
        let asked = Instant::now();
        let answer = service.get(&path);
        let took = asked.elapsed();
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains(words), "{path}: no {words} in {}", answer.text());
        took
    });
    times.min().expect("a time")
}

/// The times of a service that lacks nothing, in each form.
struct Well([Duration; 3]);

impl Well {
    fn of(service: &Service) -> Self {
        Self(FORMS.map(|form| fastest(service, form, "")))
    }

    /// In each form, the answer comes at once and contains the words.
    fn says_at_once(&self, service: &Service, words: &str) {
        for (form, well) in FORMS.into_iter().zip(self.0) {
            let fastest = fastest(service, form, words);
            eprintln!("{words}: {form} in {fastest:?}, {well:?} when well");
            assert!(fastest < TIMES_SLOWER * well, "{form} took {fastest:?}, {well:?} when well");
        }
    }

    fn says(&self, service: &mut Service, words: &str) {
        service.wait_until(words, 2 * PATIENCE, |it| it.get(&path("text")).text().contains(words));
        self.says_at_once(service, words);
    }
}

#[test]
fn with_its_database_stopped() {
    let (server, feed) = (Server::own(&[]), FeedServer::start());
    let database = Database::migrated_on(server.clone());
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &traffic(0));
    let well = Well::of(&service);
    server.stop();
    // With flights that were never seen, which are looked up before the phase begins.
    feed.publish(&traffic(1));
    well.says(&mut service, "database_unreachable");
    assert_eq!(service.get("/api/status").status, 503);
    let status = service.status();
    assert_eq!(status["status"], "critical");
    assert_eq!(status["database"]["reachable"], false);
    let phases = status["phases"].as_array().expect("a list");
    let flights = phases.iter().find(|phase| phase["name"] == "flights").expect("a phase");
    assert_eq!(flights["outcome"], "error", "its last good run is not how it is");
    assert!(!status["aircraft"].as_array().expect("a list").is_empty(), "the last ones known");
    server.start();
    service.wait_until("well again", PATIENCE, |it| {
        !it.get("/api/status?format=text").text().contains("! pool_exhausted")
    });
}

#[test]
fn with_its_pool_exhausted() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_READ_POOL_SIZE", "1")
        .env("SECTORWATCH_ACQUIRE_TIMEOUT", "5m")
        .env("SECTORWATCH_STATEMENT_TIMEOUT", "10m")
        .env("SECTORWATCH_LEAK_THRESHOLD", "api=1s");
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    let well = Well::of(&service);
    let held = database.client();
    held.run("begin; lock table flights in access exclusive mode");
    let visitor = Visitor { path: format!("/api/flights/{BEACON}"), manners: Manners::Waits };
    let crowd = Crowd::of(setup.address(), vec![visitor; 3]);
    well.says(&mut service, "lease_overdue");
    // Page and text name the holder.
    well.says_at_once(&service, "crates/store/src/read.rs:");
    service.wait_until("exhausted for a minute", 3 * PATIENCE, |it| {
        it.get("/api/status?format=text").text().contains("! pool_exhausted")
    });
    well.says_at_once(&service, "pool_exhausted");
    // The poller continues: the status is degraded, and not an alarm for a system that restarts on 503.
    assert_eq!(service.get("/api/status?format=html").status, 200);
    held.run("rollback");
    crowd.end();
    service.wait_until("well again", PATIENCE, |it| it.get("/api/status").status == 200);
}

#[test]
fn with_its_poller_dead() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    // The supervisor's limit is longer than the status's 30 s.
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_FAULT_STALL_MS", "300000")
        .fault("cycle.collect=block:200000@2");
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    let well = Well::of(&service);
    feed.publish(&traffic(1));
    well.says(&mut service, "poller_heartbeat_lost");
    assert_eq!(service.get("/").status, 503);
    service.kill();
}
