//! Spans, as a collector gets them, and what a collector that never answers costs.

use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::trace::v1::Span;

use crate::support::{
    documents::{Controller, Feed, Pilot, inside, spread},
    feed_server::FeedServer,
    otlp::{Collector, attribute},
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

/// Between two batches of spans.
const DELAY_MS: &str = "50";

fn exporting(database: &Database, feed: &FeedServer, collector: &Collector) -> Setup {
    Setup::serve(database, feed)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
        .env("OTEL_BSP_SCHEDULE_DELAY", DELAY_MS)
}

/// The spans of the only cycle that ended so: its own, and its children in their order.
fn cycle(collector: &Collector, outcome: &str) -> Option<(Span, Vec<Span>)> {
    let spans = collector.spans();
    let is_it = |span: &&Span| {
        span.name == "cycle" && attribute(span, "outcome").as_deref() == Some(outcome)
    };
    let root = spans.iter().find(is_it)?.clone();
    let children = spans.into_iter();
    let mut children: Vec<_> =
        children.filter(|span| span.parent_span_id == root.span_id).collect();
    children.sort_by_key(|span| span.start_time_unix_nano);
    Some((root, children))
}

#[test]
fn a_cycle_is_a_span_with_a_child_for_each_phase() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let collector = Collector::start();
    let mut service = exporting(&database, &feed, &collector).start();
    // What comes after the cycle waits, and the cycle's span does not wait for it.
    let holder = database.client();
    holder.run("begin; lock table rejected_records in access exclusive mode");
    let document = Feed::second(0)
        .pilots(spread(5))
        .pilot(Pilot::new("GROUND", 1).inside("SYD").kt(0))
        .pilot(Pilot::new("AWAY", 2).at(51.5, 0.0))
        .controller(Controller::new("SY_APP", 3))
        .controller(Controller::new("ML_TWR", 4))
        .radio("TST00000", 124_700_000, inside("YMMM"));
    service.take(&feed, &document);
    let client = database.client();
    let waiting = format!(
        "select count(*) from pg_stat_activity
         where datname = '{}' and wait_event_type = 'Lock'",
        database.name()
    );
    service.wait_until("retention waits", PATIENCE, |_| client.count(&waiting) >= 1);
    service.wait_until("its spans", PATIENCE, |_| {
        cycle(&collector, "success").is_some_and(|(_, children)| children.len() >= 10)
    });
    let (root, children) = cycle(&collector, "success").expect("a cycle");
    assert!(root.parent_span_id.is_empty(), "it is a root");
    let update_timestamp = attribute(&root, "update_timestamp");
    assert_eq!(update_timestamp.as_deref(), Some("2025-01-01T12:00:00+00:00"));

    let bytes = document.json().len().to_string();
    let expected = [
        ("fetch", Some(bytes.as_str())),
        ("decode", Some("7")),
        ("filter", Some("6")),
        ("collect", Some("5")),
        ("flights", Some("6")),
        ("controllers", Some("2")),
        ("transceivers", Some("1")),
        ("contacts", Some("16")),
        ("sectors", Some("5")),
        ("publish", None),
    ];
    let counts: Vec<_> =
        children.iter().map(|span| (span.name.as_str(), attribute(span, "count"))).collect();
    let expected = expected.map(|(name, count)| (name, count.map(str::to_owned)));
    assert_eq!(counts, expected);

    let mut from = root.start_time_unix_nano;
    for child in &children {
        assert_eq!(child.trace_id, root.trace_id, "{}", child.name);
        assert!(child.start_time_unix_nano >= from, "{}", child.name);
        assert!(child.end_time_unix_nano >= child.start_time_unix_nano);
        from = child.end_time_unix_nano;
    }
    assert!(root.end_time_unix_nano >= from, "it ends after its phases");
    assert_eq!(client.count(&waiting), 1, "retention still waits");
    drop(holder);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

#[test]
fn a_failed_phase_says_why() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let collector = Collector::start();
    let mut service = exporting(&database, &feed, &collector).start();
    let html = crate::support::feed_server::Answer::ok("<html>");
    feed.answer(crate::support::feed_server::MAIN, html);
    service.wait_until("its spans", PATIENCE, |_| {
        cycle(&collector, "decode_error").is_some_and(|(_, children)| children.len() >= 3)
    });
    let (_, children) = cycle(&collector, "decode_error").expect("a cycle");
    let names: Vec<_> = children.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["fetch", "decode", "publish"]);
    assert!(attribute(&children[1], "error_type").is_some());
}

/// The median of what cycles took in the database and in computing, by the ledger.
fn median_ms(database: &Database) -> f64 {
    let median = database.client().one(
        "select percentile_cont(0.5) within group (order by decode_ms + filter_ms + collect_ms
             + flights_ms + controllers_ms + transceivers_ms + contacts_ms + sectors_ms) from poll_cycles",
    );
    median.parse().expect("a number")
}

#[test]
fn a_collector_that_never_answers_costs_nothing() {
    const CYCLES: i64 = 30;
    let feed = FeedServer::start();
    let (quiet, traced) = (Database::migrated(), Database::migrated());
    let collector = Collector::silent();
    // Both at once, so that whatever else the machine does slows them alike.
    let without = Setup::serve(&quiet, &feed).start();
    let with = exporting(&traced, &feed, &collector)
        .env("OTEL_BSP_MAX_QUEUE_SIZE", "64")
        .env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "32");
    let mut with = with.start();
    let stored = |service: &Service| service.cycles_of("success");
    for number in 0..CYCLES {
        let before = (stored(&without), stored(&with));
        feed.publish(&Feed::second(15 * number).pilots(spread(100)));
        with.wait_until("both stored it", PATIENCE, |with| {
            stored(&without) > before.0 && stored(with) > before.1
        });
    }
    assert!(!collector.spans().is_empty(), "an export is under way");
    let (alone, exporting) = (median_ms(&quiet), median_ms(&traced));
    eprintln!("medians of {CYCLES} cycles: {alone} ms, exporting {exporting} ms");
    assert!(exporting <= alone * 1.5, "{exporting} ms exporting, {alone} ms without");

    let begun = Instant::now();
    let ended = with.terminate(Duration::from_secs(5));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    eprintln!("ended after {:?}", begun.elapsed());
    assert_eq!(without.terminate(PATIENCE).code, Some(0));
}
