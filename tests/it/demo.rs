//! The simulated network at a high pace: nothing in it is taken for a leak.

use std::time::{Duration, Instant};

use crate::support::{
    leaks::{Counters, unrest},
    long_tests,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

/// What the audit must not find.
const STRANGE: [&str; 4] =
    ["orphan", "predecessor", "idle_in_transaction_unleased", "active_unleased"];

/// There are moments between two cycles.
fn comes_to_rest(service: &mut Service) {
    service.wait_until("a moment in which nobody holds a connection", PATIENCE, |service| {
        unrest(&service.get("/metrics").text()).is_empty()
    });
}

#[test]
fn the_demo_network_leaks_nothing() {
    let time = if long_tests() { Duration::from_mins(10) } else { Duration::from_secs(20) };
    let database = Database::migrated();
    let mut service = Setup::bare(&["serve", "--demo"])
        .env("DATABASE_URL", &database.url())
        .env("SECTORWATCH_POLL_INTERVAL", "200ms")
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
        .start();
    let before = Counters::of(&service.get("/metrics").text());
    let (begun, cycles) = (Instant::now(), service.cycles_of("success"));
    // A busy machine takes longer for a cycle.
    while begun.elapsed() < time || service.cycles_of("success") <= cycles + 5 {
        assert!(begun.elapsed() < 4 * time, "too few cycles");
        service.await_audits(1);
        comes_to_rest(&mut service);
        let moved = Counters::of(&service.get("/metrics").text()).moved_since(&before);
        assert!(moved.is_empty(), "after {:?}: {moved:?}", begun.elapsed());
        for state in STRANGE {
            let series = format!("sectorwatch_db_server_backends{{state=\"{state}\"}}");
            assert_eq!(service.metric(&series), 0.0, "{state} after {:?}", begun.elapsed());
        }
    }
    let audited = service.metric("sectorwatch_db_audit_last_success_timestamp_seconds");
    let age = chrono::Utc::now().timestamp() as f64 - audited;
    assert!(age < 10.0, "the newest audit is {age} s old");
    let pools = &service.status()["pool"];
    for pool in ["ingest", "read"] {
        assert_eq!(pools[pool]["suspects"], 0, "{pools}");
        assert_eq!(pools[pool]["unaccounted"], 0, "{pools}");
    }
}
