//! Every field of the predecessor has a value or an explanation.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::status::{
    Live, PhaseTimes, Service, StatusSnapshot, TableReport,
    outcome::{CycleOutcome, Phase},
};
use sectorwatch_core::Time;

fn at(seconds: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::seconds(1_700_000_000 + seconds)
}

fn at_start() -> StatusSnapshot {
    let service =
        Service { version: "0", revision: None, started_at: at(0), instance: "test".into() };
    StatusSnapshot::at_start(service, Duration::from_secs(15), false)
}

fn compat(snapshot: &StatusSnapshot, live: &Live, now: i64) -> Value {
    serde_json::to_value(snapshot.report(live, at(now))).expect("JSON")["compat"].take()
}

/// Collects the paths of all null values.
fn nulls(path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            nulls(&path, value, found);
        }),
        Value::Null => found.push(path.to_owned()),
        _ => {}
    }
}

fn working() -> (StatusSnapshot, Live) {
    let (mut snapshot, mut live) = (at_start(), Live::default());
    snapshot.cycles.finished(CycleOutcome::Success, at(100));
    snapshot.feed.published_at = Some(at(95));
    snapshot.airspace.seen_lately = Some(31);
    for (phase, written) in
        [(Phase::Controllers, 99), (Phase::Transceivers, 98), (Phase::Sectors, 97)]
    {
        let mut times = PhaseTimes::default();
        times.written(at(written));
        snapshot.phases.insert(phase, times);
    }
    live.liveness.storing.stored_at = Some(at(96));
    live.database.reachable = Some(true);
    live.database.latency_seconds = Some(0.001);
    let table = |name: &str, rows_estimate, live_rows| TableReport {
        name: name.into(),
        rows_estimate,
        live_rows,
        estimate: true,
        bytes: 1,
        as_of: at(90),
    };
    live.tables = vec![
        table("flights", Some(11), Some(12)),
        table("controllers", None, Some(13)),
        table("transceivers", None, Some(0)),
        table("flight_sector_occupancy", Some(0), None),
    ];
    (snapshot, live)
}

#[test]
fn counts_are_estimates_and_say_so_and_freshness_is_that_of_the_phases() {
    let (snapshot, live) = working();
    let told = compat(&snapshot, &live, 110);
    let statistics = &told["statistics"];
    let counts = ["flights", "controllers", "transceivers", "sector_occupancy"]
        .map(|name| statistics[format!("{name}_count")].as_u64());
    assert_eq!(counts, [Some(11), Some(13), Some(0), Some(0)]);
    assert_eq!(
        (&statistics["recent_flights"], &statistics["estimate"]),
        (&json!(31), &json!(true))
    );
    let tables = &told["data_freshness"]["tables"];
    let ages = ["flights", "controllers", "transceivers", "flight_sector_occupancy"]
        .map(|name| tables[name]["age_seconds"].as_u64());
    assert_eq!(ages, [Some(14), Some(11), Some(12), Some(13)]);
    assert_eq!(told["data_freshness"]["overall_status"], "fresh");
    assert_eq!(told["cache_status"], "disabled");

    let stale = compat(&snapshot, &live, 399);
    let freshness = &stale["data_freshness"];
    assert_eq!(
        freshness["stale_tables"],
        json!(["flights", "transceivers", "flight_sector_occupancy"])
    );
    assert_eq!(freshness["overall_status"], "degraded");
    let message = "Stale data in 3 tables: flights, transceivers, flight_sector_occupancy";
    assert_eq!(freshness["overall_message"], message);
}

#[test]
fn nothing_is_null_without_a_reason() {
    let (working, live) = working();
    for (what, told) in [
        ("at the start", compat(&at_start(), &Live::default(), 1)),
        ("at work", compat(&working, &live, 110)),
    ] {
        let mut null = Vec::new();
        nulls("", &told, &mut null);
        let reasons = told["null_means"].as_object().expect("reasons");
        let untold: Vec<_> = null.iter().filter(|path| !reasons.contains_key(*path)).collect();
        assert!(untold.is_empty(), "{what}: {untold:?}");
        if what == "at the start" {
            let spare: Vec<_> = reasons.keys().filter(|path| !null.contains(path)).collect();
            assert!(spare.is_empty(), "never null: {spare:?}");
        } else {
            let never = ["summaries", "archive", "api_response_time_ms", "memory_usage_mb"];
            let other = null.iter().filter(|path| !never.iter().any(|it| path.contains(it)));
            assert_eq!(other.count(), 0, "{null:?}");
        }
    }
}
