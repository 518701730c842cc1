//! A leak in the running service, as its operators see it.

use serde_json::Value;

use crate::support::{
    feed_server::FeedServer,
    otlp::Collector,
    postgres::Database,
    schedule::traffic,
    service::{PATIENCE, Service, Setup},
};

#[test]
fn a_leak_is_in_the_metrics_in_the_status_and_once_in_the_log_with_its_place_and_trace() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let collector = Collector::start();
    let mut service = Setup::serve(&database, &feed)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
        .env("OTEL_BSP_SCHEDULE_DELAY", "50")
        .fault("release.flights=forget@2")
        .start();
    (0..4).for_each(|number| service.take(&feed, &traffic(number)));

    let kind = "sectorwatch_db_pool_leaks_total{kind=\"outlived_scope\"}";
    assert_eq!(service.metric(kind), 1.0);
    let owner = "sectorwatch_db_pool_leaks_total{owner=\"flights\",pool=\"ingest\"}";
    assert_eq!(service.metric(owner), 1.0);
    assert_eq!(service.metric("sectorwatch_db_pool_leaks_total"), 1.0, "no other");

    let status = service.status();
    assert_eq!(status["status"], "degraded");
    let reasons = status["reasons"].as_array().expect("reasons");
    let told = reasons.iter().any(|reason| reason["code"] == "leak_confirmed");
    assert!(told, "{reasons:?}");
    let pool = &status["pool"]["ingest"];
    assert_eq!(pool["leaks_confirmed"]["outlived_scope"], 1);
    assert_eq!(pool["latest_leak"]["kind"], "outlived_scope");
    assert_eq!(pool["unaccounted"], 0);
    assert!(pool["last_audit_at"].is_string());

    let lines = service.logged("a session leaked");
    let [line] = lines.as_slice() else { panic!("once: {lines:?}") };
    let text = |key: &str| line[key].as_str().unwrap_or_default();
    assert_eq!(
        (text("level"), text("owner"), text("kind")),
        ("ERROR", "flights", "outlived_scope")
    );
    assert!(text("place").starts_with("crates/store/src/flights/mod.rs:"), "{line}");
    assert!(line["held_ms"].is_u64() && line["backend_pid"].is_i64(), "{line}");
    // This is the trace of the cycle that leaked. It reaches the collector although the lease is
    // still held.
    let in_trace = |service: &Service| {
        let _ = service;
        let spans = collector.spans();
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        spans.iter().any(|span| span.name == "cycle" && hex(&span.trace_id) == text("trace_id"))
    };
    service.wait_until("its trace", PATIENCE, in_trace);

    // The pool was replaced and the session ended on the server, so the lost capacity is available
    // again.
    service.wait_until("another pool", PATIENCE, |service| {
        service.metric("sectorwatch_db_pool_rebuilds_total{pool=\"ingest\"}") == 1.0
    });
    service.wait_until("no lease", PATIENCE, |service| {
        service.status()["pool"]["ingest"]["oldest_lease"] == Value::Null
    });
    let pid = line["backend_pid"].as_i64().expect("a number");
    let client = database.client();
    let alive = format!("select count(*) from pg_stat_activity where pid = {pid}");
    service.wait_until("the end of its session", PATIENCE, |_| client.count(&alive) == 0);
}
