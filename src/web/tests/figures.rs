//! Metric groups J and K in a scrape.

use std::collections::BTreeSet;

use super::*;

/// Family and type of groups J and K.
const FAMILIES: [(&str, &str); 19] = [
    ("sectorwatch_http_requests_total", "counter"),
    ("sectorwatch_http_request_duration_seconds", "histogram"),
    ("sectorwatch_http_requests_in_flight", "gauge"),
    ("sectorwatch_http_requests_abandoned_total", "counter"),
    ("sectorwatch_status_snapshot_age_seconds", "gauge"),
    ("sectorwatch_build_info", "gauge"),
    ("sectorwatch_config_info", "gauge"),
    ("sectorwatch_ready", "gauge"),
    ("sectorwatch_tokio_workers", "gauge"),
    ("sectorwatch_tokio_alive_tasks", "gauge"),
    ("sectorwatch_runtime_lag_seconds", "histogram"),
    ("sectorwatch_panics_total", "counter"),
    ("sectorwatch_metrics_series", "gauge"),
    ("process_open_fds", "gauge"),
    ("process_max_fds", "gauge"),
    ("process_start_time_seconds", "gauge"),
    ("process_resident_memory_bytes", "gauge"),
    ("process_cpu_seconds_total", "counter"),
    ("process_threads", "gauge"),
];

#[actix_web::test]
async fn the_first_scrape_holds_every_family_and_counts_nothing_yet() {
    let fixture = Fixture::start(no_history());
    let text = fixture.metrics().await;
    for (name, kind) in FAMILIES {
        assert!(text.contains(&format!("# TYPE {name} {kind}\n")), "{name} in\n{text}");
    }
    let mut series = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        let value: f64 = value.parse().expect("a number");
        assert!(series.insert(name), "{name} stands twice");
        let is_request = name.starts_with("sectorwatch_http_request") && name.contains("route=");
        if is_request || name.starts_with("sectorwatch_panics") {
            assert!(value == 0.0, "{line}");
        }
    }
    for route in routes::endpoints().map(|endpoint| endpoint.pattern()).chain(["unmatched"]) {
        for class in ["2xx", "4xx", "5xx"] {
            let labels = format!(r#"{{method="GET",route="{route}",status_class="{class}"}}"#);
            assert!(
                series.contains(&*format!("sectorwatch_http_requests_total{labels}")),
                "{labels}"
            );
        }
    }
    for runtime in ["http", "db", "poller"] {
        let panics = format!("sectorwatch_panics_total{{runtime=\"{runtime}\"}}");
        assert!(series.contains(&*panics), "{panics}");
    }
    let workers =
        |runtime, count| format!("sectorwatch_tokio_workers{{runtime=\"{runtime}\"}} {count}");
    fixture.wait_for(&workers("http", 2)).await;
    fixture.wait_for(&workers("db", 0)).await;
}

#[actix_web::test]
async fn requests_are_counted_by_pattern_and_never_by_what_a_client_invents() {
    let fixture = Fixture::start(no_history());
    let brew = Method::from_bytes(b"BREW").expect("a method");
    for (method, path) in [
        (Method::GET, "/api/flights/qfa1"),
        (Method::GET, "/api/flights/vh-abc"),
        (Method::GET, "/api/flights/%20"),
        (Method::HEAD, "/livez"),
        (Method::GET, "/../../etc/passwd"),
        (brew, "/coffee"),
    ] {
        fixture.send(method, path).await.expect("an answer");
    }
    let rows = [
        ("GET", "/api/flights/{callsign}", "4xx", 3),
        ("HEAD", "/livez", "2xx", 1),
        ("GET", "unmatched", "4xx", 1),
        ("other", "unmatched", "4xx", 1),
    ];
    let text = fixture.metrics().await;
    for (method, route, class, count) in rows {
        let labels = format!(r#"{{method="{method}",route="{route}",status_class="{class}"}}"#);
        let sample = format!("sectorwatch_http_requests_total{labels} {count}\n");
        assert!(text.contains(&sample), "{sample} in\n{text}");
    }
    let duration = "sectorwatch_http_request_duration_seconds_count";
    assert!(text.contains(&format!("{duration}{{route=\"/api/flights/{{callsign}}\"}} 3\n")));
    for invented in ["qfa1", "vh-abc", "passwd", "BREW", "coffee"] {
        assert!(!text.contains(invented), "{invented} is a label");
    }
}

#[actix_web::test]
async fn the_age_of_the_snapshot_grows_until_the_next_one() {
    let fixture = Fixture::start(no_history());
    let age = async || {
        let text = fixture.metrics().await;
        let found = (text.lines())
            .find_map(|line| line.strip_prefix("sectorwatch_status_snapshot_age_seconds "));
        found.and_then(|age| age.parse::<f64>().ok()).expect("an age")
    };
    let mut old = well();
    old.published_at = Utc::now() - chrono::TimeDelta::seconds(100);
    fixture.status.store(Arc::new(old));
    assert!((100.0..110.0).contains(&age().await));
    fixture.status.store(Arc::new(well()));
    assert!((0.0..10.0).contains(&age().await));
}
