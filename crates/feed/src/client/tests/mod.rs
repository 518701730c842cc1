//! The client with a real server on loopback.

mod discovery;
mod faults;
pub(crate) mod server;

use std::time::Duration;

use url::Url;

use self::server::{Answer, Request, Server};
use super::*;
use sectorwatch_telemetry::metrics::Registry;

/// Settings with a custom feed only.
fn settings(feed: Url) -> ClientSettings {
    ClientSettings {
        feed_url: Some(feed),
        transceivers_url: OptionalUrl::Off,
        status_url: OptionalUrl::Off,
        user_agent: "sectorwatch-test (ops@example.invalid)".to_owned(),
        request_timeout: Duration::from_secs(10),
        body_cap_bytes: BODY_CAP_BYTES,
    }
}

fn client(settings: ClientSettings) -> Client {
    let metrics = FeedMetrics::register(&Registry::default()).unwrap();
    Client::new(settings, metrics).unwrap()
}

fn body(fetched: Result<Fetched, FeedError>) -> Body {
    match fetched {
        Ok(Fetched::Body(body)) => body,
        other => panic!("no body: {other:?}"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn hands_over_the_bytes_whatever_they_are() {
    for sent in [&b"<html>maintenance</html>"[..], b"", b"\xff\xfe", b"{\"general\": NaN}"] {
        let server = Server::start(move |_| Answer::ok(sent));
        let body = body(client(settings(server.url("/feed"))).fetch().await);
        assert_eq!(body.bytes, sent);
        assert_eq!(body.etag, None);
    }
}

#[tokio::test]
async fn names_itself_and_decompresses() {
    // "hello" in one uncompressed block of brotli.
    const BROTLI: &[u8] = b"\x0b\x02\x80hello\x03";
    for (encoding, sent) in [("gzip", gzip(b"hello")), ("br", BROTLI.to_vec())] {
        let header = format!("Content-Encoding: {encoding}\r\n");
        let server = Server::start(move |_| Answer::new("200 OK", &header, &sent));
        let body = body(client(settings(server.url("/feed"))).fetch().await);
        assert_eq!(body.bytes, b"hello", "{encoding}");

        let request = server.requests().remove(0);
        let agent = request.header("User-Agent");
        assert_eq!(agent, Some("sectorwatch-test (ops@example.invalid)"));
        let accepted = request.header("Accept-Encoding").unwrap();
        assert!(accepted.contains(encoding), "{accepted}");
    }
}

#[tokio::test]
async fn is_conditional_only_while_a_stored_snapshot_is_remembered() {
    let server = Server::start(|request| match request.header("If-None-Match") {
        Some("\"one\"") => Answer::new("304 Not Modified", "ETag: \"one\"\r\n", ""),
        _ => Answer::new("200 OK", "ETag: \"one\"\r\n", "{}"),
    });
    let mut client = client(settings(server.url("/feed")));

    let first = body(client.fetch().await);
    assert_eq!(first.etag.as_deref(), Some("\"one\""));
    // The snapshot is not stored so far, so the request is not conditional.
    body(client.fetch().await);
    client.remember(first.etag);
    assert!(matches!(client.fetch().await, Ok(Fetched::NotModified)));
    assert!(matches!(client.fetch().await, Ok(Fetched::NotModified)));
    client.forget();
    body(client.fetch().await);

    let requests = server.requests();
    let conditions: Vec<_> = requests.iter().map(|r| r.header("If-None-Match")).collect();
    assert_eq!(conditions, [None, None, Some("\"one\""), Some("\"one\""), None]);
}

#[tokio::test]
async fn a_failed_request_makes_the_next_unconditional() {
    let server = Server::start(|request| match request.header("If-None-Match") {
        Some(_) => Answer::new("500 Internal Server Error", "", ""),
        None => Answer::ok("{}"),
    });
    let mut client = client(settings(server.url("/feed")));
    client.remember(Some("\"one\"".to_owned()));
    assert_eq!(client.fetch().await.unwrap_err().kind(), "status");
    body(client.fetch().await);
}

#[tokio::test]
async fn follows_five_redirects_and_no_more() {
    fn hops_left(request: &Request) -> u32 {
        request.path.trim_start_matches('/').parse().unwrap()
    }
    let server = Server::start(|request| match hops_left(request) {
        0 => Answer::ok("{}"),
        hops => Answer::new("302 Found", &format!("Location: /{}\r\n", hops - 1), ""),
    });
    body(client(settings(server.url("/5"))).fetch().await);
    let error = client(settings(server.url("/6"))).fetch().await.unwrap_err();
    assert_eq!(error.kind(), "redirect");
}

#[tokio::test]
async fn radios_without_a_date_are_as_old_as_their_last_change() {
    let server = Server::start(|request| match request.path.as_str() {
        "/dated" => Answer::new("200 OK", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "[]"),
        _ => Answer::ok("[]"),
    });
    let fetch = async |client: &mut Client| client.fetch_transceivers().await.unwrap().unwrap();
    let with = |path| ClientSettings {
        transceivers_url: OptionalUrl::Given(server.url(path)),
        ..settings(server.url("/feed"))
    };

    let mut undated = client(with("/undated"));
    let (first, again) = (fetch(&mut undated).await, fetch(&mut undated).await);
    assert_eq!(first.changed_at, Some(first.received_at));
    assert_eq!(again.changed_at, first.changed_at);
    assert!(again.received_at > first.received_at);

    let dated = fetch(&mut client(with("/dated"))).await;
    assert_eq!(dated.changed_at.unwrap().timestamp(), 784_111_777);

    let off = client(settings(server.url("/feed"))).fetch_transceivers().await;
    assert!(off.unwrap().is_none());
}

#[test]
fn a_user_agent_that_no_header_holds_is_refused() {
    let metrics = FeedMetrics::register(&Registry::default()).unwrap();
    let settings = ClientSettings {
        user_agent: "two\nlines".to_owned(),
        ..settings("http://127.0.0.1:9/".parse().unwrap())
    };
    assert_eq!(Client::new(settings, metrics).err().unwrap().kind(), "setup");
}
