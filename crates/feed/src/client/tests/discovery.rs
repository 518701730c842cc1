//! Which addresses are requested, in which order, and never two at once.

use super::*;

/// A network on loopback with a `status.json` that names its own feeds.
fn network() -> Server {
    Server::start(|request| {
        // Long enough to notice a second concurrent request.
        std::thread::sleep(Duration::from_millis(20));
        let host = request.header("Host").unwrap();
        match request.path.as_str() {
            "/status.json" => Answer::ok(format!(
                r#"{{"data": {{"v3": ["http://{host}/found"], "transceivers": ["http://{host}/radios"]}}}}"#
            )),
            "/broken.json" => Answer::ok("<html>"),
            "/empty.json" => Answer::ok(r#"{"data": {}}"#),
            "/found" | "/radios" | "/own" => Answer::new("200 OK", "ETag: \"e\"\r\n", "{}"),
            _ => Answer::new("404 Not Found", "", ""),
        }
    })
}

#[tokio::test]
async fn uses_what_it_discovers_once_and_one_request_at_a_time() {
    let server = network();
    let mut client = client(ClientSettings {
        feed_url: None,
        transceivers_url: OptionalUrl::Default,
        status_url: OptionalUrl::Given(server.url("/status.json")),
        ..settings(server.url("/"))
    });
    for _ in 0..2 {
        assert_eq!(body(client.fetch().await).bytes, b"{}");
        assert!(client.fetch_transceivers().await.unwrap().is_some());
    }
    assert_eq!(server.paths(), ["/status.json", "/found", "/radios", "/found", "/radios"]);
    assert_eq!(server.most_at_once(), 1);
    assert_eq!(client.feed_url(), &server.url("/found"));
}

#[tokio::test]
async fn a_feed_of_ones_own_is_never_replaced() {
    let server = network();
    for (status, radios) in
        [("/status.json", true), ("/empty.json", false), ("/broken.json", false), ("/none", false)]
    {
        let mut client = client(ClientSettings {
            transceivers_url: OptionalUrl::Default,
            status_url: OptionalUrl::Given(server.url(status)),
            ..settings(server.url("/own"))
        });
        // A failed discovery is no failure of the fetch.
        body(client.fetch().await);
        assert_eq!(client.feed_url(), &server.url("/own"), "{status}");
        assert_eq!(client.fetch_transceivers().await.unwrap().is_some(), radios, "{status}");
    }
    let paths = server.paths();
    assert_eq!(paths.iter().filter(|path| *path == "/own").count(), 4);
    assert!(!paths.contains(&"/found".to_owned()), "{paths:?}");
}

#[tokio::test]
async fn asks_again_after_five_failures_and_forgets_the_other_address() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static MOVED: AtomicBool = AtomicBool::new(false);
    let server = Server::start(|request| {
        let (host, moved) = (request.header("Host").unwrap(), MOVED.load(Ordering::SeqCst));
        match (request.path.as_str(), moved) {
            ("/status.json", false) => {
                Answer::ok(format!(r#"{{"data": {{"v3": ["http://{host}/old"]}}}}"#))
            }
            ("/status.json", true) => {
                Answer::ok(format!(r#"{{"data": {{"v3": ["http://{host}/new"]}}}}"#))
            }
            ("/old", false) | ("/new", true) => Answer::new("200 OK", "ETag: \"e\"\r\n", "{}"),
            _ => Answer::new("410 Gone", "", ""),
        }
    });
    let mut client = client(ClientSettings {
        feed_url: None,
        status_url: OptionalUrl::Given(server.url("/status.json")),
        ..settings(server.url("/"))
    });
    body(client.fetch().await);
    MOVED.store(true, Ordering::SeqCst);
    for _ in 0..5 {
        assert_eq!(client.fetch().await.unwrap_err().kind(), "status");
    }
    client.remember(Some("\"e\"".to_owned()));
    body(client.fetch().await);
    let last = server.requests().pop().unwrap();
    assert_eq!((last.path.as_str(), last.header("If-None-Match")), ("/new", None));
    assert_eq!(server.paths().iter().filter(|path| *path == "/status.json").count(), 2);
}
