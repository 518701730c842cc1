//! Refused requests, and the headers of every answer.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::*;

/// Sends bytes, and returns what is received until the connection ends.
async fn sent(address: SocketAddr, bytes: String) -> String {
    let exchange = move || {
        let mut stream = TcpStream::connect(address).expect("connect");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
        stream.write_all(bytes.as_bytes()).expect("ask");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    };
    rt::task::spawn_blocking(exchange).await.expect("no panic")
}

fn asked(start: &str, host: &str) -> String {
    format!("{start} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

pub fn assert_complete(answer: &str, what: &str) {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_lowercase();
    for header in [
        "\r\nx-content-type-options: nosniff",
        "\r\nreferrer-policy: no-referrer",
        "\r\ncache-control: no-store",
    ] {
        assert_eq!(head.matches(header).count(), 1, "{what}: {header:?} in {answer}");
    }
    assert!(head.contains("\r\nvary: "), "{what}: {answer}");
}

#[actix_web::test]
async fn every_answer_has_its_headers() {
    let fixture = Fixture::start(Arc::new(|callsign| {
        Box::pin(async move {
            match callsign.as_str() {
                "BUSY" => Err(HistoryError::Busy),
                "LOST" => Err(HistoryError::Database),
                "PANIC" => Err(HistoryError::Panicked),
                "NONE" => Ok(None),
                _ => Ok(Some(FlightsHistory { callsign, flights: Vec::new() })),
            }
        })
    }));
    let rows = [
        ("GET /", "localhost", 200),
        ("GET /?format=html", "localhost", 200),
        ("GET /?format=none", "localhost", 400),
        ("GET /api/status", "localhost", 200),
        ("HEAD /api/status", "localhost", 200),
        ("GET /metrics", "localhost", 200),
        ("POST /metrics", "localhost", 405),
        ("OPTIONS /api/status", "localhost", 405),
        ("GET /livez", "localhost", 200),
        ("GET /readyz", "localhost", 200),
        ("GET /api/flights/QFA1", "localhost", 200),
        ("GET /api/flights/NONE", "localhost", 404),
        ("GET /api/flights/BUSY", "localhost", 503),
        ("GET /api/flights/LOST", "localhost", 503),
        ("GET /api/flights/PANIC", "localhost", 500),
        ("GET /api/flights/%20", "localhost", 400),
        ("GET /api/flights/%ff%fe", "localhost", 400),
        ("GET /nowhere", "localhost", 404),
        ("DELETE /nowhere", "localhost", 404),
        ("GET /metrics", "evil.example", 421),
        ("GET /nowhere", "evil.example", 421),
        ("POST /livez", "evil.example", 421),
        ("GET /livez", "allowed.example", 200),
        ("GET /livez", "a b", 400),
        ("GET /livez", "localhost\r\nHost: localhost", 400),
        ("GET http://evil.example/livez", "localhost", 421),
    ];
    for (start, host, code) in rows {
        let answer = sent(fixture.address, asked(start, host)).await;
        let what = format!("{start} for {host}");
        assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{what}: {answer}");
        assert_complete(&answer, &what);
    }
    let refused = sent(fixture.address, asked("GET /api/status", "evil.example")).await;
    assert!(refused.contains("\"error\":\"unknown_host\""), "{refused}");
    assert!(!refused.contains("poller"), "nothing of the status: {refused}");
}
