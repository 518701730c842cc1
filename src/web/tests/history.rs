//! `/api/flights/{callsign}`: its answers, and that waiting for it delays no other request.

use std::{
    io::Write as _,
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use sectorwatch_store::{PgError, StoreError};
use serde_json::json;
use tokio::sync::Semaphore;

use super::*;

/// Answers depending on the callsign.
fn by_callsign() -> HistoryReader {
    Arc::new(|callsign| {
        assert_ne!(callsign, "PANIC1", "a planned panic outside the task");
        Box::pin(async move {
            match callsign.as_str() {
                "QFA1" => Ok(Some(FlightsHistory { callsign, flights: vec![] })),
                "BUSY1" => Err(HistoryError::Busy),
                "DOWN1" => Err(HistoryError::Database),
                "PANIC2" => Err(HistoryError::Panicked),
                _ => Ok(None),
            }
        })
    })
}

/// Begins to read, and continues when the test grants a permit.
fn blocked(gate: &Arc<Semaphore>, done: &Arc<AtomicUsize>) -> HistoryReader {
    let (gate, done) = (gate.clone(), done.clone());
    Arc::new(move |_| {
        let (gate, done) = (gate.clone(), done.clone());
        Box::pin(async move {
            gate.acquire().await.expect("an open gate").forget();
            done.fetch_add(1, Ordering::SeqCst);
            Ok(None)
        })
    })
}

fn request_and_keep_open(fixture: &Fixture) -> TcpStream {
    let mut client = TcpStream::connect(fixture.address).expect("a connection");
    let request = b"GET /api/flights/QFA1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.write_all(request).expect("a request");
    client
}

#[actix_web::test]
async fn each_outcome_has_its_answer() {
    let fixture = Fixture::start(by_callsign());
    let rows = [
        ("qfa1", 200, "", json!({"callsign": "QFA1", "flights": []})),
        ("qfa2", 404, "", json!("unknown_callsign")),
        ("QFA%201", 400, "", json!("bad_callsign")),
        ("QFA%C3%A9", 400, "", json!("bad_callsign")),
        ("ABCDEFGHIJKLMNOPQ", 400, "", json!("bad_callsign")),
        ("busy1", 503, "5", json!("busy")),
        ("down1", 503, "5", json!("database_error")),
        ("panic2", 500, "", json!("internal_error")),
    ];
    for (callsign, code, retry_after, expected) in rows {
        let response = fixture.get(&format!("/api/flights/{callsign}")).await;
        assert_eq!(response.status(), code, "{callsign}");
        assert_eq!(header(&response, "retry-after"), retry_after, "{callsign}");
        let body = json(response).await;
        let found = body.get("error").unwrap_or(&body);
        assert_eq!(*found, expected, "{callsign}");
    }
}

#[actix_web::test]
async fn what_the_store_says_is_told_in_terms_of_the_web() {
    let fixture = Fixture::start(history_by(|callsign| async move {
        match &*callsign {
            "BUSY1" => Err(PgError::AcquireTimeout { pool: "read", owner: "api" }.into()),
            "LATE1" => Err(StoreError::Overdue),
            "DOWN1" => Err(PgError::Closing.into()),
            "PANIC1" => Err(StoreError::Panicked),
            _ => Ok(vec![]),
        }
    }));
    for (callsign, code, expected) in [
        ("busy1", 503, "busy"),
        ("late1", 503, "database_error"),
        ("down1", 503, "database_error"),
        ("panic1", 500, "internal_error"),
        ("qfa1", 404, "unknown_callsign"),
    ] {
        let response = fixture.get(&format!("/api/flights/{callsign}")).await;
        assert_eq!(response.status(), code, "{callsign}");
        assert_eq!(json(response).await["error"], expected, "{callsign}");
    }
}

#[actix_web::test]
async fn before_there_is_a_database_there_is_no_history() {
    let response = Fixture::start(no_history_yet()).get("/api/flights/QFA1").await;
    assert_eq!(response.status(), 503);
    assert_eq!(json(response).await["error"], "database_error");
}

#[actix_web::test]
async fn a_panicking_handler_is_a_server_error_and_not_an_abandoned_request() {
    let fixture = Fixture::start(by_callsign());
    assert!(fixture.send(Method::GET, "/api/flights/panic1").await.is_err());
    let labels = r#"route="/api/flights/{callsign}""#;
    let requests = "sectorwatch_http_requests_total{method=\"GET\"";
    fixture.wait_for(&format!("{requests},{labels},status_class=\"5xx\"}} 1")).await;
    fixture.wait_for(&format!("sectorwatch_http_requests_abandoned_total{{{labels}}} 0")).await;
    fixture.wait_for("sectorwatch_http_requests_in_flight 1").await;
}

#[actix_web::test]
async fn an_abandoned_request_is_counted_and_waits_no_longer() {
    let (gate, done) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let fixture = Fixture::start(blocked(&gate, &done));
    let client = request_and_keep_open(&fixture);
    // The scrape itself is the second request.
    fixture.wait_for("sectorwatch_http_requests_in_flight 2").await;
    drop(client);
    let abandoned = "sectorwatch_http_requests_abandoned_total";
    fixture.wait_for(&format!("{abandoned}{{route=\"/api/flights/{{callsign}}\"}} 1")).await;
    fixture.wait_for("sectorwatch_http_requests_in_flight 1").await;
    gate.add_permits(1);
    // Nothing happens is the claim: it would take the permit at once.
    rt::time::sleep(Duration::from_millis(50)).await;
    assert_eq!((gate.available_permits(), done.load(Ordering::SeqCst)), (1, 0));
}

#[actix_web::test]
async fn status_and_metrics_do_not_wait_for_blocked_history() {
    let (gate, done) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let fixture = Fixture::start(blocked(&gate, &done));
    let clients: Vec<_> = (0..100).map(|_| request_and_keep_open(&fixture)).collect();
    fixture.wait_for("sectorwatch_http_requests_in_flight 101").await;
    for path in ["/api/status", "/metrics", "/livez", "/readyz"] {
        let asked = Instant::now();
        assert_eq!(fixture.get(path).await.status(), 200, "{path}");
        let took = asked.elapsed();
        assert!(took < Duration::from_millis(500), "{path} took {took:?}");
    }
    assert_eq!((done.load(Ordering::SeqCst), clients.len()), (0, 100));
}

#[actix_web::test]
async fn a_stop_waits_for_answers_but_not_for_idle_clients() {
    let (gate, done) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let fixture = Fixture::start(blocked(&gate, &done));
    let idle = reqwest::Client::new();
    let url = format!("http://{}/livez", fixture.address);
    idle.get(&url).send().await.expect("an answer");
    let asked = rt::spawn(reqwest::get(url.replace("livez", "api/flights/QFA1")));
    fixture.wait_for("sectorwatch_http_requests_in_flight 2").await;
    let began = Instant::now();
    let stopped = rt::spawn(fixture.server.stop(true));
    // The stop has begun, which nothing shows.
    rt::time::sleep(Duration::from_millis(300)).await;
    gate.add_permits(1);
    let answer = asked.await.expect("a task").expect("an answer");
    assert_eq!(answer.status(), 404);
    stopped.await.expect("a task");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}
