//! `data_version` is raised by whatever changes what is closed, and by nothing else.

use std::time::Duration;

use sectorwatch_store::{BatchRows, Retention, StoredMark, api::PageOf, api::VisitFilter};

use super::scene::{Scene, at, span};
use crate::support::store::identity;

#[test]
fn what_changes_closed_data_raises_its_version() {
    let scene = Scene::new();
    let (stored, client) = (&scene.stored, &scene.client);
    let version = || -> i64 {
        client.one("select data_version from collector_state").parse().expect("a version")
    };
    assert_eq!(version(), 0);
    // The first writer finds data that it does not know, and the next one the same.
    let claim = || {
        stored.run(async {
            let lock = stored.store.lock_writer(Duration::ZERO).await.expect("the lock");
            let identity = identity();
            stored.store.next_generation(&lock, &identity, "abc").await.expect("a generation")
        })
    };
    claim();
    let first = version();
    assert!(first > 1_700_000_000_000_000, "microseconds: {first}");
    let generation = claim();
    assert_eq!(version(), first);
    // Restored: in another server, on another timeline, or as another table.
    client.run("update collector_state set data_home = 'elsewhere'");
    let generation = claim().max(generation);
    let mut before = version();
    assert!(before > first);
    let mut raised = |what: &str, expected: bool| {
        let now = version();
        assert_eq!(now > before, expected, "{what}: {before}, {now}");
        before = now;
    };

    closed_and_open(&scene);
    // A transition of today, and one that waited for days.
    for (entered, expected) in [("2026-01-10 23:00Z", false), ("2026-01-08 23:00Z", true)] {
        client.run(&format!(
            "insert into pending_transitions (flight_id, kind, sector_name, observed_at, latitude, longitude, altitude, \
                 airspace_revision) values (3, 'entered', 'S1', '{entered}', 1, 2, 3, 'abc')"
        ));
        stored.run(stored.store.drain_queue(generation)).expect("drained");
        raised("a transition", expected);
        client.run(
            "delete from flight_sector_occupancy where flight_id = 3 and exit_timestamp is null",
        );
    }
    let retention = |days: u64| Retention {
        positions: None,
        ledger: Some(Duration::from_secs(1)),
        rejected: None,
        flights: Some(Duration::from_secs(days * 86_400)),
    };
    let (_stop, stopping) = tokio::sync::watch::channel(false);
    let marked = StoredMark { mark: at("2026-01-11T00:00:00Z"), generation };
    let retain = |days| {
        let mut batch = BatchRows::default();
        stored
            .run(stored.store.retain(&retention(days), marked, &mut batch, &stopping))
            .expect("retained")
    };
    client.run(
        "insert into poll_cycles (started_at, outcome, stored, flights_written, positions_written, controllers_written, \
             transceivers_written, entered, crossed, left_sector, slow, disconnected, unobserved, rejected) \
         values ('2025-01-01 12:00Z', 'success', true, 1, 1, 1, 1, 1, 0, 0, 0, 1, 2, 0)",
    );
    assert!(retain(300));
    raised("retention of the ledger", false);
    drop_a_partition(&scene, generation);
    raised("the end of a partition", true);
    assert!(retain(8));
    raised("retention of flights", true);
    stored.run(stored.store.forget(1005)).expect("forgotten");
    raised("an erasure", true);
    stored.run(stored.store.reset_mark(generation, at("2026-01-10T00:00:00Z"))).expect("reset");
    raised("reset-mark", true);
}

fn drop_a_partition(scene: &Scene, generation: i64) {
    scene.client.run(
        "create table flight_positions_20251201 partition of flight_positions \
         for values from ('2025-12-01Z') to ('2025-12-02Z')",
    );
    let store = &scene.stored.store;
    let dropped = store.drop_oldest_partition(at("2025-12-02T00:00:00Z"), generation);
    assert!(scene.stored.run(dropped).expect("dropped"));
}

fn closed_and_open(scene: &Scene) {
    let is_closed = |to: &str| {
        let filter = VisitFilter::of(span("2026-01-05T00:00:00Z", to));
        let read =
            scene.stored.run(scene.reads().visits(filter, PageOf::first(1))).expect("a page");
        let standing = scene.stored.run(scene.reads().standing()).expect("how far it is");
        assert_eq!(standing.is_closed(at(to)), read.facts.is_closed, "{to}");
        read.facts.is_closed
    };
    assert!(is_closed("2026-01-09T00:00:00Z"));
    assert!(!is_closed("2026-01-09T00:00:01Z"));
    // A flight that is not over, though nobody has seen it since.
    scene.client.run(
        "update flight_radio_intervals set to_timestamp = null where id = \
        (select max(id) from flight_radio_intervals where from_timestamp < '2026-01-08Z')",
    );
    assert!(!is_closed("2026-01-09T00:00:00Z"));
    assert!(is_closed("2026-01-07T00:00:00Z"));
    scene.client.run("update flight_radio_intervals set to_timestamp = from_timestamp where to_timestamp is null \
        and from_timestamp < '2026-01-08Z'");
}
