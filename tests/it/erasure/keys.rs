//! The key that identifies forgotten members.

use std::fs;

use super::*;
use crate::support::{feed_server::FeedServer, service::PATIENCE};

const OTHER: &str = "fedcba9876543210fedcba9876543210";

#[test]
fn without_the_key_nothing_begins_and_the_setting_is_named() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    feed.publish(&world(0));
    assert_eq!(forget(&database, &[]).code, Some(0));
    for (key, told) in [("", "their key is not here"), (OTHER, "with another key")] {
        let refused = Setup::serve(&database, &feed).env("SECTORWATCH_FORGET_KEY", key);
        let refused = refused.spawn().finish(PATIENCE);
        assert_eq!(refused.code, Some(1), "{}", refused.stderr);
        let last = refused.stderr.lines().last().unwrap_or_default();
        assert!(last.contains("SECTORWATCH_FORGET_KEY") && last.contains(told), "{last}");
    }
    let wrong = forgetting(&database, &[]).env("SECTORWATCH_FORGET_KEY", OTHER).run();
    assert_eq!(wrong.code, Some(1), "{}", wrong.stdout);
    assert!(wrong.stderr.contains("SECTORWATCH_FORGET_KEY"), "{}", wrong.stderr);
    assert_eq!(database.client().count("select count(*) from flights"), 0);
    let allowed = forget(&database, &["--allow-again"]);
    assert_eq!(allowed.code, Some(0), "{}", allowed.stderr);
    let other = forgetting(&database, &[]).env("SECTORWATCH_FORGET_KEY", OTHER).run();
    assert_eq!(other.code, Some(0), "nobody is on the list: {}", other.stderr);
}

#[test]
fn a_service_that_loses_it_stores_nothing_until_it_is_back() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed);
    let file = setup.data_dir().join("forget.key");
    let mut service = setup.start();
    service.take(&feed, &world(0));
    assert!(!file.exists(), "nobody is forgotten yet");
    assert_eq!(
        forget(&database, &[]).code,
        Some(0),
        "with a key of which the service knows nothing"
    );
    feed.publish(&world(15));
    service.await_cycles("flights_error", 2);
    assert_eq!(found(&database.client()), [""; 0]);
    let mark = "select mark = '2025-01-01 12:00Z' from collector_state";
    assert_eq!(database.client().one(mark), "t");
    let told = service.logged("cycles fail");
    assert!(
        told.iter().any(|line| line.to_string().contains("SECTORWATCH_FORGET_KEY")),
        "{told:?}"
    );
    fs::write(&file, format!("{KEY}\n")).expect("write the key");
    service.take(&feed, &world(30));
    assert_eq!(found(&database.client()), [""; 0]);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn a_schema_of_another_version_is_left_alone() {
    let database = Database::fresh();
    let refused = forget(&database, &[]);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains("not of this version"), "{}", refused.stderr);
    let database = Database::migrated();
    database.client().run(
        "insert into __diesel_schema_migrations (version, run_on) values ('00000000009999', now())",
    );
    let refused = forget(&database, &["--dry-run"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains("not of this version"), "{}", refused.stderr);
}
