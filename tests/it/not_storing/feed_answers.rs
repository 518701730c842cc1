//! The feed answers, but nothing is stored; and cycles that hang.

use std::time::Duration;

use super::*;
use crate::support::{
    feed_server::{Answer, FeedServer, MAIN},
    postgres::Database,
    service::{PATIENCE, Setup},
};

/// Replaces 75 s and 60 s.
const PATIENCE_MS: &str = "1500";

fn setup(database: &Database, feed: &FeedServer) -> Setup {
    Setup::serve(database, feed).env("SECTORWATCH_FAULT_PATIENCE_MS", PATIENCE_MS)
}

#[test]
fn whatever_the_feed_answers_with_what_is_not_stored_is_told() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = setup(&database, &feed).start();
    let mut stored = published(TimeDelta::zero());
    service.take(&feed, &stored);
    let stored_at = service.metric("sectorwatch_poll_last_stored_timestamp_seconds");
    // What it answers, once this is stored.
    type Answers = fn(&Feed) -> Answer;
    let cases: [(&str, Answers, &str); 4] = [
        ("no JSON", |_| Answer::ok("<html>Sorry</html>"), "decode_error"),
        ("another document", |_| Answer::ok("{}"), "decode_error"),
        (
            "a clock of ours that is slow",
            |_| Answer::ok(published(TimeDelta::minutes(6)).json()),
            "decode_error",
        ),
        ("never anything new", |it| Answer::ok(it.json()).header("ETag", "\"a\""), "unchanged"),
    ];
    for (what, answer, outcome) in cases {
        feed.answer(MAIN, answer(&stored));
        service.wait_until(what, PATIENCE, |it| reason(it, "not_storing").is_some());
        let reason = reason(&service, "not_storing").expect("it lasts");
        assert_eq!(reason["alert"], "SectorwatchPollStalled", "{what}");
        let message = reason["message"].as_str().expect("a text");
        assert!(message.contains("The mark is 20"), "{what}: {message}");
        assert!(message.contains(outcome), "{what}: {message}");
        assert_eq!(service.get("/api/status").status, 503, "{what}");
        assert_eq!(service.get("/readyz").status, 200, "{what}");
        stored = published(TimeDelta::zero());
        service.take(&feed, &stored);
        assert_eq!(service.status()["status"], "ok", "{what}: {}", service.status()["reasons"]);
    }
    assert!(service.metric("sectorwatch_poll_last_stored_timestamp_seconds") > stored_at);
    // A feed that does not answer is reported as such, and is not the service's fault.
    feed.answer(MAIN, Answer::status(503));
    service.await_cycles("fetch_error", 2);
    // Longer than the limit for a feed that answers.
    service.await_heartbeats(Duration::from_secs(2));
    assert_eq!(reason(&service, "not_storing"), None);
    assert_eq!(service.status()["status"], "degraded");
}

#[test]
fn a_cycle_that_hangs_freezes_no_verdict_and_names_its_phase() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = setup(&database, &feed).start();
    service.take(&feed, &published(TimeDelta::zero()));
    assert_eq!(service.status()["status"], "ok");
    let running = "sectorwatch_poll_phase_running";
    // A lock that the next flights transaction waits for, at most for its statement timeout.
    let rival = database.client();
    rival.run("begin; lock table flights in access exclusive mode");
    feed.publish(&published(TimeDelta::zero()));
    service.wait_until("stuck", PATIENCE, |it| reason(it, "cycle_stuck").is_some());
    let stuck = reason(&service, "cycle_stuck").expect("it lasts");
    assert_eq!(stuck["alert"], "SectorwatchCycleStuck");
    assert!(stuck["message"].as_str().expect("a text").ends_with("is in the phase flights."));
    service.wait_until("blind", PATIENCE, |it| reason(it, "not_storing").is_some());
    let status = service.status();
    assert_eq!(status["status"], "critical");
    assert_eq!(status["poller"]["running"]["phase"], "flights");
    assert!(status["poller"]["running"]["seconds"].as_f64() > Some(1.5), "{}", status["poller"]);
    assert_eq!(service.metric(&format!("{running}{{phase=\"flights\"}}")), 1.0);
    assert_eq!(service.metric(running), 1.0, "in one phase only");
    drop(rival);
    service.wait_until("well again", PATIENCE, |it| it.status()["status"] == "ok");
    service.wait_until("between two cycles", PATIENCE, |it| it.metric(running) == 0.0);
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn the_lag_of_each_stored_publication_is_observed() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let lag = |service: &Service, what: &str| {
        service.metric(&format!("sectorwatch_feed_publication_lag_seconds_{what}{{feed=\"v3\"}}"))
    };
    assert_eq!(lag(&service, "count"), 0.0);
    service.take(&feed, &published(TimeDelta::seconds(-40)));
    service.await_cycles("unchanged", 2);
    service.take(&feed, &published(TimeDelta::seconds(-20)));
    assert_eq!(lag(&service, "count"), 2.0);
    let sum = lag(&service, "sum");
    assert!((60.0..90.0).contains(&sum), "{sum}");
    let mark = service.metric("sectorwatch_poll_mark_timestamp_seconds");
    assert!((Utc::now().timestamp() as f64 - mark - 20.0).abs() < 20.0, "{mark}");
}
