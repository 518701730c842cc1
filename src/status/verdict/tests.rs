//! Each row starts from a working service and changes one thing.

use std::time::Duration;

use super::*;
use crate::status::{
    LatestLeak, LeakKind, OldestLease, PoolFigures, Refusal, Service,
    outcome::Phase,
    progress::Running,
    tasks::{EndedTask, Task},
};
use sectorwatch_core::drift::Drift;

fn at(seconds: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

const NOW: i64 = 10_000;

/// A service after ten minutes of work, with a cycle two seconds ago and a database that has just answered.
fn well() -> (StatusSnapshot, Live) {
    let service = Service {
        version: "0.1.0",
        revision: None,
        started_at: at(NOW - 600),
        instance: "test".into(),
    };
    let mut snapshot = StatusSnapshot::at_start(service, Duration::from_secs(15), false);
    snapshot.cycles.finished(CycleOutcome::Success, at(NOW - 2));
    snapshot.feed.answered_at = Some(at(NOW - 3));
    snapshot.feed.published_at = Some(at(NOW - 10));
    let mut live = Live::default();
    live.database.contact_at = Some(at(NOW));
    let audited = PoolFigures { last_audit_at: Some(at(NOW - 20)), ..PoolFigures::default() };
    live.ingest = Some(audited.clone());
    live.read = Some(audited);
    (snapshot, live)
}

fn fresh(snapshot: &mut StatusSnapshot, started_ago: i64) {
    snapshot.service.started_at = at(NOW - started_ago);
    snapshot.cycles.last_outcome = None;
    snapshot.cycles.last_success_at = None;
    snapshot.feed.answered_at = None;
    snapshot.feed.published_at = None;
}

fn fails(snapshot: &mut StatusSnapshot, outcome: CycleOutcome, ago: i64) {
    snapshot.cycles.finished(outcome, at(NOW - ago));
}

fn ingest(live: &mut Live) -> &mut PoolFigures {
    live.ingest.get_or_insert_default()
}

fn reader(live: &mut Live, silent: Option<i64>) {
    live.read_database.get_or_insert_default().contact_at = silent.map(|ago| at(NOW - ago));
}

fn leak(live: &mut Live, ago: i64) {
    ingest(live).latest_leak = Some(LatestLeak { kind: LeakKind::Forgotten, at: at(NOW - ago) });
}

fn audited(live: &mut Live, ago: Option<i64>) {
    ingest(live).last_audit_at = ago.map(|ago| at(NOW - ago));
}

fn overdue(live: &mut Live, seconds: f64) {
    ingest(live).suspects = 1;
    let location = "crates/store/src/retention.rs:7".to_owned();
    ingest(live).oldest_lease = Some(OldestLease { owner: "retention", seconds, location });
}

fn ended(live: &mut Live, ago: i64) {
    live.ended_task = Some(EndedTask { task: Task::Watch, at: at(NOW - ago) });
}

fn drifts(
    snapshot: &mut StatusSnapshot,
    pilots: usize,
    refused: usize,
    field: Option<(&'static str, usize)>,
) {
    snapshot.feed.drift = Some(Drift { pilots, refused, field });
    snapshot.feed.drifting_since = Some(at(NOW - 40));
}

fn in_vain(live: &mut Live, seconds: u64) {
    live.liveness.storing.in_vain = Duration::from_secs(seconds);
}

fn running(live: &mut Live, seconds: u32) {
    let began_at = at(NOW - i64::from(seconds));
    let age = Duration::from_secs(seconds.into());
    live.liveness.running = Some(Running { began_at, age, phase: Phase::Sectors });
}

type Change = fn(&mut StatusSnapshot, &mut Live);
type Expected = (Status, &'static [(&'static str, i64)]);

/// The change; then the status, and the code and seconds since the start of each reason.
#[rustfmt::skip]
const ROWS: &[(&str, Change, Expected)] = &[
    ("nothing", |_, _| {}, (Status::Ok, &[])),
    ("database silent for 30 s", |_, l| l.database.contact_at = Some(at(NOW - 30)), (Status::Ok, &[])),
    ("database silent for 31 s", |_, l| l.database.contact_at = Some(at(NOW - 31)),
        (Status::Critical, &[("database_unreachable", 31)])),
    ("the data is lost", |_, l| l.data_lost = Some(at(NOW - 3)), (Status::Critical, &[("data_lost", 3)])),
    ("no heartbeat for 150 s", |_, l| l.liveness.heartbeat_at = Some(at(NOW - 150)), (Status::Ok, &[])),
    ("no heartbeat for 151 s", |_, l| l.liveness.heartbeat_at = Some(at(NOW - 151)),
        (Status::Critical, &[("poller_heartbeat_lost", 151)])),
    ("no heartbeat of a fast poller", |s, l| {
        s.cycles.interval = Duration::from_secs(1);
        l.liveness.heartbeat_at = Some(at(NOW - 31));
    }, (Status::Critical, &[("poller_heartbeat_lost", 31)])),
    ("database never reached", |_, l| l.database.contact_at = None,
        (Status::Critical, &[("database_unreachable", 600)])),
    ("supervisor gave up", |_, l| l.liveness.gave_up_at = Some(at(NOW - 5)),
        (Status::Critical, &[("poller_gave_up", 5)])),
    ("5 intervals in vain", |_, l| in_vain(l, 75), (Status::Ok, &[])),
    ("more than 5 intervals in vain", |_, l| in_vain(l, 76), (Status::Critical, &[("not_storing", 76)])),
    ("more than 5 intervals in vain, whatever succeeds",
        |s, l| { in_vain(l, 76); fails(s, CycleOutcome::Unchanged, 1); },
        (Status::Critical, &[("not_storing", 76)])),
    ("5 long intervals in vain",
        |s, l| { s.cycles.interval = Duration::from_secs(60); in_vain(l, 300); }, (Status::Ok, &[])),
    ("more than 5 long intervals in vain, publications advance",
        |s, l| { s.cycles.interval = Duration::from_secs(60); in_vain(l, 301); l.liveness.storing.advances_behind = true; },
        (Status::Critical, &[("not_storing", 301)])),
    ("5 short intervals in vain", |s, l| { s.cycles.interval = Duration::from_secs(1); in_vain(l, 75); },
        (Status::Ok, &[])),
    ("5 short intervals in vain, publications advance",
        |s, l| { s.cycles.interval = Duration::from_secs(1); in_vain(l, 5); l.liveness.storing.advances_behind = true; },
        (Status::Ok, &[])),
    ("more than 5 short intervals in vain, publications advance",
        |s, l| { s.cycles.interval = Duration::from_secs(1); in_vain(l, 6); l.liveness.storing.advances_behind = true; },
        (Status::Critical, &[("not_storing", 6)])),
    ("the feed is silent for long", |s, _| { s.feed.answered_at = Some(at(NOW - 91)); fails(s, CycleOutcome::FetchError, 60); },
        (Status::Degraded, &[("feed_unreachable", 91)])),
    ("a cycle of 75 s", |_, l| running(l, 75), (Status::Ok, &[])),
    ("a cycle of 76 s", |_, l| running(l, 76), (Status::Critical, &[("cycle_stuck", 76)])),
    ("a cycle of 60 s, polling fast", |s, l| { s.cycles.interval = Duration::from_secs(1); running(l, 60); },
        (Status::Ok, &[])),
    ("a cycle of 61 s, polling fast", |s, l| { s.cycles.interval = Duration::from_secs(1); running(l, 61); },
        (Status::Critical, &[("cycle_stuck", 61)])),
    ("the first cycle hangs after the answer",
        |s, l| { fresh(s, 80); running(l, 80); in_vain(l, 79); l.liveness.storing.answered_at = Some(at(NOW - 79)); },
        (Status::Critical, &[("not_storing", 79), ("cycle_stuck", 80)])),
    ("the mark is ahead of the clock", |s, _| fails(s, CycleOutcome::MarkAhead, 1),
        (Status::Degraded, &[("cycle_failed", 1)])),
    ("pool exhausted for 60 s",
        |_, l| l.read = Some(PoolFigures { exhausted_since: Some(at(NOW - 60)), ..PoolFigures::default() }),
        (Status::Ok, &[])),
    ("pool exhausted for 61 s",
        |_, l| l.read = Some(PoolFigures { exhausted_since: Some(at(NOW - 61)), ..PoolFigures::default() }),
        (Status::Degraded, &[("pool_exhausted", 61)])),
    ("the poller's pool exhausted for 61 s",
        |_, l| ingest(l).exhausted_since = Some(at(NOW - 61)),
        (Status::Critical, &[("pool_exhausted", 61)])),
    ("reader silent for 30 s", |_, l| reader(l, Some(30)), (Status::Ok, &[])),
    ("reader silent for 31 s", |_, l| reader(l, Some(31)),
        (Status::Degraded, &[("reader_unreachable", 31)])),
    ("reader never reached", |_, l| reader(l, None),
        (Status::Degraded, &[("reader_unreachable", 600)])),
    ("pools not built yet", |_, l| { l.ingest = None; l.read = None; }, (Status::Ok, &[])),
    ("publication of 300 s", |s, _| s.feed.published_at = Some(at(NOW - 300)), (Status::Ok, &[])),
    ("publication of 310 s", |s, _| s.feed.published_at = Some(at(NOW - 310)),
        (Status::Degraded, &[("feed_stale", 10)])),
    ("two failed cycles in a row",
        |s, _| { fails(s, CycleOutcome::SectorsError, 20); fails(s, CycleOutcome::FlightsError, 5); },
        (Status::Degraded, &[("cycle_failed", 20)])),
    ("failed, then mended",
        |s, _| { fails(s, CycleOutcome::SectorsError, 20); fails(s, CycleOutcome::Unchanged, 5); },
        (Status::Ok, &[])),
    ("the sector phase fails for long, flights are stored",
        |s, _| { s.cycles.last_success_at = Some(at(NOW - 300));
                 fails(s, CycleOutcome::SectorsError, 5); s.airspace.pending_transitions = Some(7); },
        (Status::Degraded, &[("cycle_failed", 5), ("transitions_pending", 5)])),
    ("transitions wait while nothing fails",
        |s, _| { s.published_at = at(NOW - 2); s.airspace.pending_transitions = Some(1); },
        (Status::Degraded, &[("transitions_pending", 2)])),
    ("no transition waits", |s, _| s.airspace.pending_transitions = Some(0), (Status::Ok, &[])),
    ("backwards is no failure", |s, _| fails(s, CycleOutcome::Backwards, 1), (Status::Ok, &[])),
    ("one pilot in twenty cannot be read", |s, _| drifts(s, 20, 1, None),
        (Status::Degraded, &[("schema_drift", 40)])),
    ("one in twenty lost a field", |s, _| drifts(s, 20, 0, Some(("heading", 1))),
        (Status::Degraded, &[("schema_drift", 40)])),
    ("fewer", |s, _| drifts(s, 21, 1, Some(("heading", 1))), (Status::Ok, &[])),
    ("snapshots are refused", |s, _| {
        drifts(s, 20, 12, None);
        s.feed.refused = Some(Refusal { since: at(NOW - 50), kind: "schema" });
        fails(s, CycleOutcome::DecodeError, 5);
    }, (Status::Critical, &[("schema_refused", 50), ("cycle_failed", 5)])),
    ("fetch failed", |s, _| fails(s, CycleOutcome::FetchError, 1),
        (Status::Degraded, &[("feed_unreachable", 3)])),
    ("no cycle yet, 60 s old", |s, _| fresh(s, 60), (Status::Starting, &[("starting", 60)])),
    ("no cycle yet, 61 s old", |s, _| fresh(s, 61), (Status::Degraded, &[("feed_unreachable", 61)])),
    ("first fetch failed early: the start is over", |s, _| { fresh(s, 10); fails(s, CycleOutcome::FetchError, 1); },
        (Status::Degraded, &[("feed_unreachable", 10)])),
    ("starting on an old publication", |s, _| { fresh(s, 10); s.feed.published_at = Some(at(0)); },
        (Status::Starting, &[("starting", 10)])),
    ("starting without a database", |s, l| { fresh(s, 40); l.database.contact_at = None; },
        (Status::Critical, &[("database_unreachable", 40), ("starting", 40)])),
    ("a leak an hour ago", |_, l| leak(l, 3600), (Status::Degraded, &[("leak_confirmed", 3600)])),
    ("a leak more than an hour ago", |_, l| leak(l, 3601), (Status::Ok, &[])),
    ("a lease beyond its threshold", |_, l| overdue(l, 25.0), (Status::Degraded, &[("lease_overdue", 25)])),
    ("audited 300 s ago", |_, l| audited(l, Some(300)), (Status::Ok, &[])),
    ("audited 301 s ago", |_, l| audited(l, Some(301)), (Status::Degraded, &[("audit_blind", 301)])),
    ("never audited", |_, l| audited(l, None), (Status::Degraded, &[("audit_blind", 600)])),
    ("a task ended 5 minutes ago", |_, l| ended(l, 300), (Status::Degraded, &[("task_ended", 300)])),
    ("a task ended more than 5 minutes ago", |_, l| ended(l, 301), (Status::Ok, &[])),
    ("critical comes first",
        |s, l| { s.feed.published_at = Some(at(NOW - 400)); l.liveness.gave_up_at = Some(at(NOW)); },
        (Status::Critical, &[("poller_gave_up", 0), ("feed_stale", 100)])),
];

#[test]
fn verdicts_and_their_edges() {
    for (what, change, (status, reasons)) in ROWS {
        let (mut snapshot, mut live) = well();
        change(&mut snapshot, &mut live);
        let verdict = judge(&snapshot, &live, at(NOW));
        let found: Vec<_> =
            (verdict.reasons.iter()).map(|r| (r.code, (at(NOW) - r.since).num_seconds())).collect();
        assert_eq!((verdict.status, found.as_slice()), (*status, *reasons), "{what}");
    }
}

#[test]
fn what_is_not_stored_is_told_with_the_mark_and_what_hangs_with_its_phase() {
    let (mut snapshot, mut live) = well();
    let mut told = |mark: Option<i64>| {
        in_vain(&mut live, 80);
        live.liveness.storing.mark = mark.map(at);
        judge(&snapshot, &live, at(NOW)).reasons[0].message.clone()
    };
    let begin = "The feed answers, and nothing was stored for 80 s.";
    let end = "The last cycle ended with success.";
    assert_eq!(told(None), format!("{begin} No snapshot is known to be stored. {end}"));
    let is = "The mark is 1970-01-01 02:46:40 UTC.";
    assert_eq!(told(Some(NOW)), format!("{begin} {is} {end}"));
    let ahead = "The mark is 1970-01-03 02:46:41 UTC, 2days 1s ahead of the clock: \
        nothing older is stored; see reset-mark.";
    assert_eq!(told(Some(NOW + 2 * 86_400 + 1)), format!("{begin} {ahead} {end}"));
    running(&mut live, 80);
    in_vain(&mut live, 0);
    snapshot.cycles.last_outcome = None;
    let verdict = judge(&snapshot, &live, at(NOW));
    let stuck = "A cycle has been running for 80 s, and is in the phase sectors.";
    assert_eq!(verdict.reasons[0].message, stuck);
}

#[test]
fn an_exhausted_pool_names_who_holds_it() {
    let (snapshot, mut live) = well();
    live.ingest = Some(PoolFigures {
        max: 4,
        exhausted_since: Some(at(NOW - 100)),
        oldest_lease: Some(OldestLease {
            owner: "retention",
            seconds: 99.6,
            location: "crates/store/src/partitions.rs:7".into(),
        }),
        last_audit_at: Some(at(NOW)),
        ..PoolFigures::default()
    });
    let verdict = judge(&snapshot, &live, at(NOW));
    assert_eq!(
        verdict.reasons[0].message,
        "All 4 connections of the ingest pool are out, and someone waits. \
         Out longest: retention, crates/store/src/partitions.rs:7, 100 s."
    );
}

#[test]
fn drift_names_what_is_lost() {
    for (refused, field, message) in [
        (12, None, "The feed has drifted: 30 % of the pilots cannot be read."),
        (
            0,
            Some(("qnh_mb", 40)),
            "The feed has drifted: 100 % of the pilots lost the field qnh_mb.",
        ),
        (
            2,
            Some(("flight_plan.route", 3)),
            "The feed has drifted: 5 % of the pilots cannot be read; \
            8 % of the pilots lost the field flight_plan.route.",
        ),
    ] {
        let (mut snapshot, live) = well();
        drifts(&mut snapshot, 40, refused, field);
        let verdict = judge(&snapshot, &live, at(NOW));
        assert_eq!(verdict.reasons[0].message, message);
        assert_eq!(verdict.reasons[0].alert, Some("SectorwatchFeedSchemaDrift"));
    }
}
