//! Endpoints, status codes, and probes.

use std::time::Instant;

use chrono::TimeDelta;

use super::*;

#[actix_web::test]
async fn every_endpoint_answers_and_the_rest_says_so() {
    let fixture = Fixture::start(no_history());
    let rows = [
        (Method::GET, "/", 200, "text/plain; charset=utf-8", "/api/status"),
        (Method::GET, "/livez", 200, "text/plain; charset=utf-8", "ok"),
        (Method::GET, "/readyz", 200, "text/plain; charset=utf-8", "ready"),
        (Method::GET, "/api/status", 200, "application/json", "\"status\":\"ok\""),
        (Method::GET, "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8", "# HELP"),
        (Method::HEAD, "/api/status", 200, "application/json", ""),
        (Method::GET, "/nowhere", 404, "application/json", "\"error\":\"not_found\""),
        (Method::GET, "/api/flights/", 404, "application/json", "\"error\":\"not_found\""),
        (Method::POST, "/metrics", 405, "application/json", "method_not_allowed"),
    ];
    for (method, path, code, content_type, body) in rows {
        let what = format!("{method} {path}");
        let response = fixture.send(method, path).await.expect("an answer");
        assert_eq!(response.status(), code, "{what}");
        assert_eq!(header(&response, "content-type"), content_type, "{what}");
        let text = response.text().await.expect("text");
        assert!(text.contains(body), "{what}: {text}");
    }
}

#[actix_web::test]
async fn only_critical_is_503() {
    let fixture = Fixture::start(no_history());
    let codes = async || {
        let response = fixture.get("/api/status").await;
        assert_eq!(header(&response, "cache-control"), "no-store");
        let code = response.status().as_u16();
        (json(response).await["status"].clone(), code)
    };
    assert_eq!(codes().await, ("ok".into(), 200));

    let mut degraded = well();
    degraded.cycles.finished(CycleOutcome::FetchError, Utc::now());
    fixture.status.store(Arc::new(degraded));
    assert_eq!(codes().await, ("degraded".into(), 200));

    let mut starting = well();
    starting.cycles.last_outcome = None;
    fixture.status.store(Arc::new(starting));
    assert_eq!(codes().await, ("starting".into(), 200));

    fixture.live(|live| live.database.contact_at = Some(Utc::now() - TimeDelta::seconds(31)));
    assert_eq!(codes().await, ("critical".into(), 503));
    let forced = fixture.get("/api/status?x=&always200=1").await;
    assert_eq!(forced.status(), 200);
    assert_eq!(json(forced).await["status"], "critical");
    assert_eq!(fixture.get("/api/status?always200=0").await.status(), 503);
}

#[actix_web::test]
async fn probes_follow_what_they_are_for() {
    let fixture = Fixture::start(no_history());
    let probes = async || {
        let ready = fixture.get("/readyz").await.status().as_u16();
        let metrics = fixture.metrics().await;
        let gauge = metrics.lines().find(|line| line.starts_with("sectorwatch_ready "));
        let live = fixture.get("/livez").await.status().as_u16();
        (live, ready, gauge.unwrap_or_default().to_owned())
    };
    assert_eq!(probes().await, (200, 200, "sectorwatch_ready 1".into()));

    fixture.live(|live| live.database.contact_at = Some(Utc::now() - TimeDelta::seconds(31)));
    assert_eq!(probes().await, (200, 503, "sectorwatch_ready 0".into()));

    fixture.live(|live| {
        live.database.contact_at = Some(Utc::now());
        live.draining = true;
    });
    assert_eq!(probes().await, (200, 503, "sectorwatch_ready 0".into()));
    let text = fixture.get("/readyz").await.text().await.expect("text");
    assert_eq!(text, "not ready: shutting down\n");

    fixture.live(|live| {
        live.liveness.gave_up_at = Some(Utc::now());
        live.liveness.heartbeat_at = Some(Utc::now() - TimeDelta::seconds(151));
    });
    assert_eq!(fixture.get("/livez").await.status(), 503);
}

#[actix_web::test]
async fn each_form_has_its_headers_and_its_verdict() {
    let fixture = Fixture::start(no_history());
    fixture.live(|live| live.database.contact_at = Some(Utc::now() - TimeDelta::seconds(31)));
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    // Path, Accept; status, type, start of the body, whether it refreshes itself.
    let rows = [
        ("/", "*/*", 503, "text/plain; charset=utf-8", "sectorwatch ", false),
        ("/", browser, 503, "text/html; charset=utf-8", "<!DOCTYPE html>", true),
        ("/?always200=1", browser, 200, "text/html; charset=utf-8", "<!DOCTYPE html>", true),
        ("/?refresh=off", browser, 503, "text/html; charset=utf-8", "<!DOCTYPE html>", false),
        ("/api/status", browser, 503, "text/html; charset=utf-8", "<!DOCTYPE html>", true),
        ("/api/status", "text/plain", 503, "text/plain; charset=utf-8", "sectorwatch ", false),
        ("/api/status?format=html", "*/*", 503, "text/html; charset=utf-8", "<!DOCTYPE", true),
        ("/api/status", "*/*", 503, "application/json", "{\"status\":\"critical\"", false),
        (
            "/api/status?format=yaml",
            "*/*",
            400,
            "application/json",
            "{\"error\":\"bad_format",
            false,
        ),
    ];
    for (path, accept, code, content_type, body, refreshes) in rows {
        let url = format!("http://{}{path}", fixture.address);
        let request = reqwest::Client::new().get(url).header("accept", accept);
        let response = request.send().await.expect("an answer");
        let what = format!("{path} for {accept}");
        assert_eq!(response.status(), code, "{what}");
        assert_eq!(header(&response, "content-type"), content_type, "{what}");
        assert_eq!(header(&response, "refresh"), if refreshes { "15" } else { "" }, "{what}");
        let policy = header(&response, "content-security-policy");
        assert_eq!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            content_type.contains("html"),
            "{what}"
        );
        if code != 400 {
            assert_eq!(header(&response, "cache-control"), "no-store", "{what}");
            let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
            assert!(vary.iter().any(|v| *v == "accept"), "{what}: {vary:?}");
        }
        let text = response.text().await.expect("text");
        assert!(text.starts_with(body), "{what}: {text}");
    }
}

#[actix_web::test]
async fn the_tag_is_that_of_the_snapshot_and_of_what_was_made_of_it() {
    let fixture = Fixture::start(no_history());
    let tag = async |path: &str| header(&fixture.get(path).await, "etag");
    let first = tag("/api/status").await;
    assert!(first.starts_with("W/\"") && first.ends_with("-ok-json\""), "{first}");
    assert_eq!(tag("/api/status").await, first);
    assert_ne!(tag("/api/status?format=text").await, first);
    fixture.status.store(Arc::new(well()));
    assert_ne!(tag("/api/status").await, first);
}

/// The end is a separate write. If that waits for the client to acknowledge the rest, each answer on a kept
/// connection takes 40 ms or more.
#[actix_web::test]
async fn the_end_of_a_compressed_answer_is_not_held_back() {
    let fixture = Fixture::sharing(no_history(), RENDERED_FOR);
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    for _ in 0..31 {
        let begun = Instant::now();
        let answer = client.get(format!("http://{}/metrics", fixture.address)).send().await;
        let page = answer.expect("an answer").text().await.expect("a text");
        times.push(begun.elapsed());
        assert!(page.len() > 4096, "large enough to be compressed");
    }
    times.sort();
    assert!(times[15] < Duration::from_millis(35), "{times:?}");
}
