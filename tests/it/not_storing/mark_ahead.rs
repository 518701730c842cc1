//! A mark ahead of the clock is reported from the first publication on, and after a restart.

use super::*;
use crate::support::{
    feed_server::{Answer, FeedServer, MAIN},
    postgres::Database,
    replay::{recorded, replay, setup},
    service::{PATIENCE, Setup},
};

/// A database that has stored a recording from two days ahead.
pub fn ahead() -> (Database, Feed) {
    let (database, document) = (Database::migrated(), published(TimeDelta::days(2)));
    let recording = recorded(std::slice::from_ref(&document));
    let refused = replay(&[&recording], &database, &[]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("001.json is from the future"), "{}", refused.stderr);
    assert_eq!(database.dump(), "");
    let allowed =
        setup(&[std::path::Path::new("--allow-future"), &recording], &database, &[]).run();
    assert_eq!(allowed.code, Some(0), "{}", allowed.stderr);
    (database, document)
}

#[test]
fn a_mark_ahead_of_the_clock_is_never_ok_and_survives_a_restart() {
    let (database, document) = ahead();
    let feed = FeedServer::start();
    let setup = Setup::serve(&database, &feed);
    for life in 1..=2 {
        feed.publish(&published(TimeDelta::zero()));
        let mut service = setup.start();
        service.await_cycles("mark_ahead", 1);
        assert_ne!(service.status()["status"], "ok");
        // The feed continues.
        service.wait_until("it is told", PATIENCE, |it| {
            feed.publish(&published(TimeDelta::zero()));
            reason(it, "not_storing").is_some()
        });
        let message = reason(&service, "not_storing").expect("it lasts")["message"].to_string();
        let day = &document.time()[..10];
        assert!(message.contains(&format!("The mark is {day}")), "{message}");
        assert!(message.contains("1day 23h"), "{message}");
        assert!(message.contains("reset-mark"), "{message}");
        let status = service.status();
        assert_eq!(status["poller"]["last_error"]["kind"], "mark_ahead");
        assert_eq!(status["poller"]["last_success_at"], Value::Null);
        assert_eq!(status["poller"]["cycles"]["success"], 0);
        assert_eq!(status["poller"]["cycles"]["backwards"], 0);
        let published: DateTime<Utc> =
            status["feed"]["published_at"].as_str().expect("a time").parse().expect("a time");
        assert!((Utc::now() - published).num_seconds() < 30, "the feed itself is well");
        assert!(service.metric("sectorwatch_poll_cycles_total{outcome=\"mark_ahead\"}") >= 1.0);
        let mark = service.metric("sectorwatch_poll_mark_timestamp_seconds");
        assert!(mark > (Utc::now() + TimeDelta::hours(47)).timestamp() as f64);
        let logged = service.logged("cycles fail");
        assert_eq!(logged.len(), 1, "life {life}: {logged:?}");
        assert!(logged[0].to_string().contains("reset-mark"), "{logged:?}");
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
    let client = database.client();
    assert!(client.count("select count(*) from poll_cycles where outcome = 'mark_ahead'") >= 2);
    assert_eq!(client.count("select count(*) from poll_cycles where stored"), 1);
}

#[test]
fn a_publication_ahead_of_the_clock_is_refused_whatever_the_url() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &published(TimeDelta::minutes(4)));
    for minutes in [6, 60, 2 * 24 * 60] {
        feed.publish(&published(TimeDelta::minutes(minutes)));
        service.await_cycles("decode_error", 1);
        assert_eq!(service.status()["poller"]["last_error"]["kind"], "future", "{minutes}");
    }
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let patient = Setup::serve(&database, &feed).env("SECTORWATCH_FEED_CLOCK_SKEW", "1h 30m");
    patient.start().take(&feed, &published(TimeDelta::minutes(80)));
    // The same database with an earlier clock: the mark is wrong.
    let mut service = Setup::serve(&database, &feed).start();
    feed.publish(&published(TimeDelta::zero()));
    service.await_cycles("mark_ahead", 2);
    assert_eq!(service.cycles_of("success"), 0);
}

#[test]
fn a_feed_that_lags_a_little_is_no_fault() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let (old, new) = (published(TimeDelta::seconds(-15)), published(TimeDelta::zero()));
    service.take(&feed, &new);
    for _ in 0..8 {
        for (document, outcome) in [(&old, "backwards"), (&new, "unchanged")] {
            feed.answer(MAIN, Answer::ok(document.json()));
            service.await_cycles(outcome, 1);
        }
    }
    assert_eq!(service.status()["status"], "ok", "{}", service.status()["reasons"]);
    assert!(service.cycles_of("backwards") > 0 && service.cycles_of("unchanged") > 0);
    assert_eq!(service.cycles_of("mark_ahead"), 0);
}
