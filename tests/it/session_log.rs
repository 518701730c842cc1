//! The log of session holders: a line when a session is acquired, and one when it is released.

use serde_json::Value;

use crate::support::{
    feed_server::FeedServer,
    postgres::Database,
    schedule::traffic,
    service::{PATIENCE, Service, Setup},
};

fn of_owner<'a>(lines: &'a [Value], owner: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["owner"] == owner).collect()
}

#[test]
fn sessions_are_logged_when_taken_and_when_given_back() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).env("RUST_LOG", "sectorwatch=debug").start();
    service.take(&feed, &traffic(0));
    let released = |service: &Service| service.logged("session released");
    service.wait_until("the last release", PATIENCE, |service| {
        !of_owner(&released(service), "sectors").is_empty()
    });
    let (acquired, released) = (service.logged("session acquired"), released(&service));
    for (owner, file) in [
        ("flights", "crates/store/src/flights/mod.rs:"),
        ("controllers", "crates/store/src/stations.rs:"),
        ("transceivers", "crates/store/src/transceivers.rs:"),
        ("contacts", "crates/store/src/contacts/"),
        ("sectors", "crates/store/src/sectors/mod.rs:"),
    ] {
        let (taken, back) = (of_owner(&acquired, owner), of_owner(&released, owner));
        assert!(!back.is_empty(), "{owner}");
        assert!(taken.len() >= back.len(), "{owner}");
        for line in taken.iter().chain(&back) {
            assert_eq!(line["level"], "DEBUG");
            let place = line["place"].as_str().unwrap_or_default();
            assert!(place.starts_with(file), "{owner}: {place}");
            assert_eq!(line["pool"], "ingest");
        }
        assert!(back.iter().all(|line| line["held_ms"].is_u64()), "{owner}");
        assert!(taken.iter().all(|line| line["waited_ms"].is_u64()), "{owner}");
    }
}
