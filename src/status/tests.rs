//! The JSON of the report, field by field.

use chrono::TimeDelta;
use serde_json::{Value, json};
use strum::VariantArray as _;

use super::*;

mod working;

const STARTED: i64 = 1_700_000_000;

fn at(seconds: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::seconds(STARTED + seconds)
}

fn at_start() -> StatusSnapshot {
    let service = Service {
        version: "0.1.0",
        revision: None,
        started_at: at(0),
        instance: "melbourne".into(),
    };
    StatusSnapshot::at_start(service, Duration::from_secs(15), false)
}

fn json_of(snapshot: &StatusSnapshot, live: &Live, now: i64) -> Value {
    serde_json::to_value(snapshot.report(live, at(now))).expect("the report is JSON")
}

/// The keys in order.
fn keys(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn before_the_first_cycle_nothing_is_invented() {
    let report = json_of(&at_start(), &Live::default(), 20);
    assert_eq!(report["status"], "starting");
    let not_measured = [
        "/poller/last_success_at",
        "/poller/seconds_since_success",
        "/poller/last_error",
        "/poller/heartbeat_at",
        "/feed/published_at",
        "/feed/age_seconds",
        "/feed/stale",
        "/feed/lag_seconds",
        "/feed/connected_pilots",
        "/feed/schema/refused_since",
        "/feed/schema/pilots_refused_ratio",
        "/feed/schema/unreadable_field",
        "/feed/schema/pilots_unreadable_ratio",
        "/pool/ingest",
        "/pool/read",
        "/database/reachable",
        "/database/latency_seconds",
        "/airspace/flights",
        "/airspace/tracked",
        "/airspace/pending_transitions",
        "/controllers",
        "/service/revision",
    ];
    for field in not_measured {
        assert_eq!(report.pointer(field), Some(&Value::Null), "{field}");
    }
    assert_eq!(report["phases"], json!([]));
    assert_eq!(keys(&report["poller"]["cycles"]).len(), CycleOutcome::VARIANTS.len());
    assert_eq!(report["poller"]["restarts"], json!({"panic": 0, "exit": 0, "stall": 0}));
    assert_eq!(report["service"]["uptime_seconds"], 20.0);
    assert_eq!(report.get("notice"), None);
}

/// Sections and their fields, which readers rely on.
#[rustfmt::skip]
const SECTIONS: &[(&str, &[&str])] = &[
    ("service", &["name", "version", "revision", "started_at", "uptime_seconds", "instance"]),
    ("poller", &["state", "interval_seconds", "last_attempt_at", "running", "last_success_at",
        "last_stored_at", "mark",
        "seconds_since_success", "consecutive_failures", "cycles", "skipped_ticks", "restarts",
        "heartbeat_at", "generation", "last_error"]),
    ("feed", &["url_host", "published_at", "age_seconds", "stale", "lag_seconds",
        "connected_pilots", "etag", "rejected_total", "schema"]),
    ("feed/schema", &["refused_since", "refused_kind", "pilots_refused_ratio", "unreadable_field",
        "pilots_unreadable_ratio"]),
    ("pool", &["ingest", "read"]),
    ("pool/ingest", &["max", "checked_out", "idle", "establishing", "pending",
        "acquire_p95_seconds", "acquire_p95_window_seconds", "timeouts_total", "highwater", "oldest_lease", "unaccounted",
        "suspects", "leaks_confirmed", "latest_leak", "last_audit_at", "last_connect_error"]),
    ("database", &["reachable", "latency_seconds", "server_version", "migration", "checked_at",
        "error_class"]),
    ("airspace", &["flights", "flights_in_contact", "flights_without_contact",
        "flights_contact_unknown", "coverage", "tracked", "revision", "approximate", "last_reload", "pending_transitions",
        "open_entries", "moves_since"]),
    ("recent", &["window_seconds", "flights", "positions", "controllers", "transceivers",
        "transitions", "failed_cycles", "cycles"]),
];

#[test]
fn the_sections_and_their_fields_are_these() {
    let live = Live { ingest: Some(PoolFigures::default()), ..Live::default() };
    let report = json_of(&at_start(), &live, 0);
    let sorted = |mut names: Vec<&'static str>| {
        names.sort_unstable();
        names
    };
    let plain = [
        "status",
        "reasons",
        "generated_at",
        "snapshot_age_seconds",
        "simulated",
        "phases",
        "tables",
        "jobs",
        "sectors",
        "aircraft",
        "controllers",
        "compat",
        "read_database",
    ];
    let top = SECTIONS.iter().map(|(name, _)| *name).filter(|name| !name.contains('/'));
    assert_eq!(keys(&report), sorted(top.chain(plain).collect()));
    for (name, fields) in SECTIONS {
        let section = report.pointer(&format!("/{name}")).expect(name);
        assert_eq!(keys(section), sorted(fields.to_vec()), "{name}");
    }
}

#[test]
fn ages_grow_while_the_snapshot_stands_still() {
    let mut snapshot = at_start();
    snapshot.published_at = at(100);
    snapshot.cycles.finished(CycleOutcome::Success, at(100));
    snapshot.feed.published_at = Some(at(90));
    let ages = |now| {
        let report = json_of(&snapshot, &Live::default(), now);
        ["/snapshot_age_seconds", "/poller/seconds_since_success", "/feed/age_seconds"]
            .map(|field| report.pointer(field).and_then(Value::as_f64))
    };
    assert_eq!(ages(105), [Some(5.0), Some(5.0), Some(15.0)]);
    assert_eq!(ages(700), [Some(600.0), Some(600.0), Some(610.0)]);
    assert_eq!(ages(50), [Some(0.0); 3], "a clock set back gives no negative age");
}

#[test]
fn a_dead_database_and_a_failed_cycle_are_named() {
    let mut snapshot = at_start();
    snapshot.cycles.finished(CycleOutcome::FlightsError, at(60));
    snapshot.cycles.last_error =
        Some(LastError { phase: Phase::Flights, kind: "connection", at: at(60) });
    snapshot.feed.answered_at = Some(at(59));
    let mut live = Live::default();
    live.database.reachable = Some(true);
    live.database.contact_at = Some(at(29));
    let report = json_of(&snapshot, &live, 60);
    assert_eq!(report["status"], "critical");
    assert_eq!(report["reasons"][0]["code"], "database_unreachable");
    assert_eq!(report["reasons"][1]["code"], "cycle_failed");
    assert_eq!(report["database"]["reachable"], false, "the check hangs: its last answer is old");
    assert_eq!(report["poller"]["last_error"]["phase"], "flights");
    assert_eq!(keys(&report["reasons"][0]), ["alert", "code", "message", "since"]);
}

#[test]
fn moves_count_from_the_start_until_that_is_an_hour_ago() {
    let since =
        |now| json_of(&at_start(), &Live::default(), now)["airspace"]["moves_since"].clone();
    let json = |time| serde_json::to_value(time).expect("JSON");
    assert_eq!(since(30), json(at(0)));
    assert_eq!(since(3_500), json(at(0)));
    // The start was 20 s after a minute began. `moves_since` is rounded to the minute, like the sums.
    assert_eq!(since(3_600), json(at(40)));
    assert_eq!(since(7_200), json(at(3_640)));
}

#[test]
fn tables_and_jobs_are_those_that_were_measured() {
    let mut live = Live::default();
    let report = json_of(&at_start(), &live, 0);
    assert_eq!((&report["tables"], &report["jobs"]), (&json!([]), &json!([])));
    live.tables = vec![TableReport {
        name: "flights".into(),
        rows_estimate: None,
        live_rows: None,
        estimate: true,
        bytes: 8_192,
        as_of: at(5),
    }];
    let period = Duration::from_secs(3_600);
    live.jobs = vec![JobFigures { name: "retention", period, last_success_at: None }];
    let report = json_of(&at_start(), &live, 0);
    assert_eq!(
        report["tables"],
        json!([{"name": "flights", "rows_estimate": null, "estimate": true, "bytes": 8192,
                "as_of": at(5)}])
    );
    assert_eq!(
        report["jobs"],
        json!([{"name": "retention", "last_success_at": null, "period_seconds": 3600.0,
                "overdue": false}])
    );
}

#[test]
fn a_demo_says_so() {
    let mut snapshot = at_start();
    snapshot.simulated = true;
    let report = json_of(&snapshot, &Live::default(), 0);
    assert_eq!(report["simulated"], true);
    assert_eq!(report["notice"], "Simulated traffic of the demo: these flights do not exist.");
}
