//! The exact plain text for each verdict. `SECTORWATCH_WRITE_DOCS=1` rewrites the files.

use std::{fs, path::Path};

use super::{sample, *};
use crate::{
    status::{DatabaseCheck, SectorFigures, outcome::Phase, progress::Running},
    web::{routes::ENDPOINTS, text},
};

/// A service without a fault after whole minutes of work, from the busy sample.
fn fine() -> (StatusSnapshot, Live) {
    let (mut snapshot, mut live) = sample::busy();
    snapshot.simulated = false;
    snapshot.service.instance = "melbourne".into();
    snapshot.phases.values_mut().for_each(|phase| phase.push(Duration::from_millis(21), true));
    for (pool, max) in [(&mut live.ingest, 4), (&mut live.read, 8)] {
        let pool = pool.as_mut().expect("a pool");
        (pool.max, pool.checked_out, pool.pending, pool.suspects) = (max, 1, 0, 0);
        (pool.leaks_confirmed, pool.latest_leak, pool.oldest_lease) = Default::default();
    }
    live.database.error_class = None;
    (snapshot, live)
}

fn starting() -> (StatusSnapshot, Live) {
    let (snapshot, mut live) = fine();
    let service = Service { started_at: sample::at(sample::NOW - 5), ..snapshot.service };
    live.database = DatabaseCheck::default();
    (StatusSnapshot::at_start(service, Duration::from_secs(15), false), live)
}

fn first_hour() -> (StatusSnapshot, Live) {
    let (mut snapshot, live) = fine();
    snapshot.service.started_at = sample::at(sample::NOW - 1_200);
    (snapshot, live)
}

fn database_down() -> (StatusSnapshot, Live) {
    let (mut snapshot, mut live) = fine();
    snapshot.cycles.finished(CycleOutcome::FlightsError, sample::at(sample::NOW - 2));
    live.database = DatabaseCheck {
        reachable: Some(false),
        latency_seconds: None,
        contact_at: Some(sample::at(sample::NOW - 47)),
        error_class: Some("io"),
        ..live.database
    };
    (snapshot, live)
}

fn poller_dead() -> (StatusSnapshot, Live) {
    let (mut snapshot, mut live) = fine();
    let stopped = sample::at(sample::NOW - 400);
    snapshot.cycles.last_success_at = Some(stopped);
    live.liveness.running =
        Some(Running { began_at: stopped, age: Duration::from_secs(400), phase: Phase::Collect });
    live.liveness.storing.in_vain = Duration::from_secs(415);
    snapshot.feed.published_at = Some(stopped);
    snapshot.feed.answered_at = Some(stopped);
    live.liveness.heartbeat_at = Some(stopped);
    (snapshot, live)
}

/// A service with every fault, and an airspace of 60 sectors with long names.
fn crowded() -> (StatusSnapshot, Live) {
    let (mut snapshot, mut live) = sample::busy();
    let staff: Vec<Arc<str>> = (1..9).map(|n| format!("ML-SECTOR-{n}_CTR").into()).collect();
    let sector = |number: u64| SectorFigures {
        name: format!("SECTOR-WITH-A-LONG-NAME-{number}").into(),
        occupancy: number % 17,
        capacity: None,
        control: sample::control(Some(&["ML-SECTOR-1_CTR"])),
        staff: Some(staff.clone()),
    };
    snapshot.airspace.sectors = (0..60).map(sector).collect();
    snapshot.service.instance = "an-instance-with-the-longest-nam".into();
    snapshot.airspace.pending_transitions = Some(5);
    snapshot.cycles.finished(CycleOutcome::FlightsError, sample::at(3_995));
    live.database.contact_at = Some(sample::at(100));
    live.liveness.gave_up_at = Some(sample::at(200));
    for pool in [&mut live.ingest, &mut live.read].into_iter().flatten() {
        pool.exhausted_since = Some(sample::at(300));
    }
    (snapshot, live)
}

#[test]
fn the_text_reads_so() {
    let mut wrong = Vec::new();
    for (name, status, (snapshot, live)) in [
        ("ok", "ok", fine()),
        ("first-hour", "ok", first_hour()),
        ("starting", "starting", starting()),
        ("degraded", "degraded", sample::busy()),
        ("database-down", "critical", database_down()),
        ("poller-dead", "critical", poller_dead()),
        ("crowded", "critical", crowded()),
    ] {
        let report = snapshot.report(&live, sample::at(sample::NOW));
        assert_eq!(report.status.as_str(), status, "{name}: {:?}", report.reasons);
        let text = text::text(&report, &ENDPOINTS);
        assert!(text.lines().count() <= 25, "{name} has {} lines", text.lines().count());
        let widest = text.lines().max_by_key(|line| line.chars().count()).unwrap_or_default();
        assert!(widest.chars().count() <= 80, "{name}: {widest}");
        let file = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = file.join(format!("src/web/tests/golden/{name}.txt"));
        if std::env::var_os("SECTORWATCH_WRITE_DOCS").is_some() {
            fs::write(&file, &text).expect("write");
        }
        if fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            wrong.push(format!("{}:\n{text}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_reason_is_named_though_there_is_no_room_for_its_words() {
    let (snapshot, live) = crowded();
    let report = snapshot.report(&live, sample::at(sample::NOW));
    assert!(report.reasons.len() > 8, "{:?}", report.reasons);
    let text = text::text(&report, &ENDPOINTS);
    for reason in report.reasons.iter().filter(|reason| reason.is_critical()) {
        assert!(text.contains(reason.code), "{}: {text}", reason.code);
    }
    assert!(text.contains("SECTOR-WITH-A-LONG-NAME-16"), "the busiest: {text}");
}
