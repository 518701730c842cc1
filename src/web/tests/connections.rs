//! Connections: which one is reset, answers to bytes that are no request, one request at a time.

use std::{io, net::Shutdown, time::Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);
const SECOND: Duration = Duration::from_secs(1);

async fn connect(fixture: &Fixture) -> TcpStream {
    TcpStream::connect(fixture.address).await.expect("connect")
}

/// Sends a request on a kept connection, and reads the first bytes of the answer.
async fn ask(client: &mut TcpStream, path: &str) -> io::Result<String> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.write_all(request.as_bytes()).await?;
    let mut answer = [0; 4096];
    let read = timeout(PATIENCE, client.read(&mut answer)).await.expect("in time")?;
    Ok(String::from_utf8_lossy(&answer[..read]).into_owned())
}

/// Reads until the connection ends in any way.
async fn rest(client: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    let reading = async {
        let mut some = [0; 16 * 1024];
        while let Ok(read @ 1..) = client.read(&mut some).await {
            rest.extend_from_slice(&some[..read]);
        }
    };
    timeout(PATIENCE, reading).await.expect("an end");
    String::from_utf8_lossy(&rest).into_owned()
}

async fn sent(fixture: &Fixture, bytes: &[u8]) -> String {
    let mut client = connect(fixture).await;
    // The other side may have closed already.
    let _ = client.write_all(bytes).await;
    rest(&mut client).await
}

fn closed(reason: &str, times: u32) -> String {
    format!("sectorwatch_http_connections_closed_total{{reason=\"{reason}\"}} {times}")
}

#[actix_web::test]
async fn the_stillest_has_to_go_for_a_newcomer() {
    let fixture = Fixture::with(no_history(), Duration::ZERO, Limits::of(3));
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = connect(&fixture).await;
        assert!(ask(&mut client, "/livez").await.expect("an answer").ends_with("ok\n"));
        clients.push(client);
        // Each is still for longer than the next.
        sleep(Duration::from_millis(100)).await;
    }
    // Whoever was still for a second may have to go.
    sleep(SECOND).await;
    ask(&mut clients[0], "/livez").await.expect("it moves");
    let mut newcomer = connect(&fixture).await;
    assert!(ask(&mut newcomer, "/api/status").await.expect("a place").contains("200 OK"));
    assert_eq!(rest(&mut clients[1]).await, "", "the stillest is closed");
    assert!(ask(&mut clients[2], "/livez").await.is_ok_and(|answer| answer.contains("200 OK")));
    assert!(ask(&mut clients[0], "/livez").await.is_ok_and(|answer| answer.contains("200 OK")));
    let page = ask(&mut newcomer, "/metrics").await.expect("figures") + &rest(&mut newcomer).await;
    for line in [closed("evicted", 1), "sectorwatch_http_connections 3".to_owned()] {
        assert!(page.lines().any(|l| l == line), "no {line}");
    }
}

#[actix_web::test]
async fn where_nobody_is_still_a_probe_is_answered_and_others_wait() {
    let fixture = Fixture::with(no_history(), Duration::ZERO, Limits::of(1));
    let mut first = connect(&fixture).await;
    ask(&mut first, "/livez").await.expect("an answer");
    let begun = Instant::now();
    let mut probe = connect(&fixture).await;
    assert!(ask(&mut probe, "/readyz").await.expect("an answer").contains("200 OK"));
    assert!(begun.elapsed() < SECOND / 2, "{:?}", begun.elapsed());
    drop(probe);
    let mut waiting = connect(&fixture).await;
    assert!(ask(&mut waiting, "/api/status").await.expect("an answer").contains("200 OK"));
    assert!(begun.elapsed() > SECOND / 2, "the first was not still for a second");

    let mut crowd = Vec::new();
    for _ in 0..80 {
        crowd.push(connect(&fixture).await);
    }
    ask(&mut waiting, "/livez").await.expect("it stays");
    let refused = "sectorwatch_http_connections_closed_total{reason=\"refused\"} ";
    fixture.wait_for_value(refused, |times| times >= 10.0).await;
}

#[actix_web::test]
async fn who_takes_nothing_or_says_nothing_whole_has_to_go() {
    let limits = Limits {
        write_timeout: Duration::from_millis(400),
        head_timeout: Duration::from_millis(400),
        ..Limits::of(100)
    };
    let fixture = Fixture::with(no_history(), Duration::ZERO, limits);
    let mut deaf = connect(&fixture).await;
    let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100);
    deaf.write_all(request.as_bytes()).await.expect("ask");
    let begun = Instant::now();
    // What it goes on to say is no progress: it still reads nothing.
    while begun.elapsed() < 2 * SECOND && deaf.write_all(b"GET / HTTP/1.1\r\n").await.is_ok() {
        // So often is longer than a client may be deaf.
        sleep(Duration::from_millis(50)).await;
    }
    assert!(begun.elapsed() < 2 * SECOND, "it is cut");
    fixture.wait_for(&closed("write_timeout", 1)).await;
    fixture.wait_for("sectorwatch_http_stalled_total{route=\"/metrics\"} 1").await;

    let mut slow = connect(&fixture).await;
    ask(&mut slow, "/livez").await.expect("an answer");
    let begun = Instant::now();
    for byte in "GET /livez HTTP/1.1\r\nA:".bytes().chain(std::iter::repeat_n(b'a', 100)) {
        if slow.write_all(&[byte]).await.is_err() || begun.elapsed() > PATIENCE {
            break;
        }
        // So slow is its client.
        sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() < 2 * SECOND, "{:?}", begun.elapsed());
    fixture.wait_for(&closed("slow_request", 1)).await;
}

#[actix_web::test]
async fn what_is_no_request_is_refused_and_counted() {
    let fixture = Fixture::start(no_history());
    let large = format!("GET / HTTP/1.1\r\nHost: localhost\r\nA: {}\r\n\r\n", "a".repeat(100_000));
    let rows: [(&[u8], u16, &str); 10] = [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "malformed"),
        (b"NONSENSE\r\n\r\n", 400, "malformed"),
        (b"GET /livez HTTP/9.9\r\n\r\n", 400, "malformed"),
        (b"GET /livez HTTP/1.1\r\nHost localhost\r\n\r\n", 400, "malformed"),
        (b"GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "malformed"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, "malformed"),
        (b"GET /a\x00b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "malformed"),
        (b"GET /livez HTTP/1.1\r\nA: \x01\r\n\r\n", 400, "malformed"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformed"),
        (large.as_bytes(), 431, "head_too_large"),
    ];
    let count = u32::try_from(rows.len()).expect("few");
    for (bytes, code, word) in rows {
        let what = String::from_utf8_lossy(bytes).chars().take(60).collect::<String>();
        let answer = sent(&fixture, bytes).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{what}: {answer}");
        assert!(answer.contains(&format!("{{\"error\":\"{word}\"")), "{what}: {answer}");
        refused::assert_complete(&answer, &what);
    }
    fixture.wait_for(&format!("sectorwatch_http_malformed_requests_total {count}")).await;
    fixture.wait_for(&closed("malformed", count)).await;
}

#[actix_web::test]
async fn a_body_is_not_waited_for_and_ends_the_connection() {
    let fixture = Fixture::start(no_history());
    let head = "POST /metrics HTTP/1.1\r\nHost: localhost\r\n";
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(65_536));
    for (what, request) in [
        ("a length", format!("{head}Content-Length: 9000000\r\n\r\n{}", "a\r\n\r\n".repeat(9_000))),
        ("chunks", format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(40))),
    ] {
        let answer = sent(&fixture, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: {answer}");
        refused::assert_complete(&answer, what);
    }
}

#[actix_web::test]
async fn requests_in_a_row_are_answered_in_their_order() {
    let fixture = Fixture::start(no_history());
    let paths = ["/livez", "/nowhere", "/readyz", "/metrics", "/api/flights/QFA1"];
    let request = |path: &&str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let requests = paths.iter().map(request).collect::<String>().repeat(40);
    let last = "HEAD /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut client = connect(&fixture).await;
    client.write_all(requests.as_bytes()).await.expect("ask");
    client.write_all(last.as_bytes()).await.expect("ask");
    let answers = rest(&mut client).await;
    let codes: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    let expected = ["200", "404", "200", "200", "404"].repeat(40);
    assert_eq!(codes.len(), 201);
    assert_eq!(codes[..200], expected);
    assert!(!answers.ends_with("ok\n"), "the last was asked by HEAD");
}

#[actix_web::test]
async fn a_client_that_is_gone_leaves_its_place() {
    let fixture = Fixture::start(no_history());
    for _ in 0..20 {
        let mut client = connect(&fixture).await;
        ask(&mut client, "/livez").await.expect("an answer");
        let std = client.into_std().expect("a socket");
        std.shutdown(Shutdown::Write).expect("say so");
    }
    // The current connection, and perhaps one before it.
    fixture.wait_for_value("sectorwatch_http_connections ", |open| open <= 2.0).await;
}
