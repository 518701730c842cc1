//! Downloads from a real server on loopback.

use std::{error::Error as _, net::TcpListener};

use serde_json::{Value, json};

use super::*;
use crate::client::tests::server::{Answer as Reply, Request, Server};

const HASH: &str = "9F8D09CB0123456789abcdef0123456789abcdef";

/// The answer of a server to a request that it names itself in.
fn answer(request: &Request) -> Value {
    let here = format!("http://{}", request.header("host").unwrap());
    json!({
        COMMIT: HASH,
        "vatspy_dat_url": format!("{here}/{HASH}/VATSpy.dat?token=secret"),
        "fir_boundaries_geojson_url": format!("{here}/{HASH}/Boundaries.geojson"),
    })
}

/// A server of the API and of the files, in which `spoil` may answer instead.
fn server(spoil: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Server {
    Server::start(move |request| {
        spoil(request).unwrap_or_else(|| match &*request.path {
            "/api/map_data/" => Reply::ok(answer(request).to_string()),
            path if path.contains("VATSpy.dat") => Reply::ok("[FIRs]\n"),
            path if path.contains("Boundaries.geojson") => Reply::ok("{}"),
            _ => Reply::new("404 Not Found", "", ""),
        })
    })
}

fn limits() -> Limits {
    Limits { request: Duration::from_secs(10), answer_bytes: 1000, file_bytes: 2000 }
}

fn fetched(server: &Server) -> Result<MapData, MapDataError> {
    download_within(&server.url("/api/map_data/"), "sectorwatch-test", limits())
}

/// An error and its causes in one line.
fn told(error: &MapDataError) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told
}

fn refused(spoil: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> String {
    told(&fetched(&server(spoil)).unwrap_err())
}

/// The error when one member of the answer is another.
fn spoilt(member: &'static str, value: Value) -> String {
    refused(move |request| {
        let mut answer = answer(request);
        answer[member] = value.clone();
        (request.path == "/api/map_data/").then(|| Reply::ok(answer.to_string()))
    })
}

#[test]
fn the_files_that_the_api_names_are_fetched() {
    let server = server(|_| None);
    let data = fetched(&server).unwrap();
    assert_eq!(data.commit, HASH.to_lowercase());
    assert_eq!(data.source_url, server.url("/api/map_data/").as_str());
    let files: Vec<_> = data.files.iter().map(|it| (&*it.name, &*it.bytes)).collect();
    assert_eq!(files, [("VATSpy.dat", &b"[FIRs]\n"[..]), ("Boundaries.geojson", b"{}")]);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|it| it.header("user-agent") == Some("sectorwatch-test")));
}

#[test]
fn an_answer_that_is_not_one_is_named() {
    let of_api = |reply: fn() -> Reply| {
        refused(move |request| (request.path == "/api/map_data/").then(reply))
    };
    for (told, expected) in [
        (of_api(|| Reply::new("503 Service Unavailable", "", "")), "/api/map_data/ answered 503"),
        (of_api(|| Reply::new("404 Not Found", "", "")), "/api/map_data/ answered 404"),
        (of_api(|| Reply::ok("<html>")), "/api/map_data/ did not answer with JSON: expected value"),
        (of_api(|| Reply::ok("[]")), "/api/map_data/ did not answer with a JSON object"),
        (of_api(|| Reply::ok("{}")), "did not answer with the text `current_commit_hash`"),
        (
            of_api(|| Reply::ok([b' '; 1001])),
            "/api/map_data/: the decoded body is larger than 1000 bytes",
        ),
        (of_api(|| Reply::raw(*b"SSH-2.0\r\n")), "/api/map_data/: no valid answer"),
        (spoilt(COMMIT, Value::Null), "did not answer with the text `current_commit_hash`"),
        (spoilt(COMMIT, json!("main")), "names the commit \"main\", which is no hash"),
        (spoilt(COMMIT, json!("../../etc/passwd\n")), "\"../../etc/passwd\", which is no hash"),
        (spoilt("vatspy_dat_url", json!(7)), "did not answer with the text `vatspy_dat_url`"),
        (
            spoilt("fir_boundaries_geojson_url", json!("Boundaries")),
            "names no URL in `fir_boundaries_geojson_url`",
        ),
    ] {
        assert!(told.contains(expected), "{told}: {expected}");
    }
}

#[test]
fn a_file_that_cannot_be_had_is_named() {
    let of_file = |reply: fn() -> Reply| {
        refused(move |request| request.path.contains("Boundaries").then(reply))
    };
    for (told, expected) in [
        (of_file(|| Reply::new("404 Not Found", "", "")), "/Boundaries.geojson answered 404"),
        (
            of_file(|| Reply::ok([b' '; 2001])),
            "/Boundaries.geojson: the decoded body is larger than 2000 bytes",
        ),
    ] {
        assert!(told.contains(expected), "{told}: {expected}");
    }
}

#[test]
fn what_is_not_encrypted_is_not_asked() {
    for url in ["http://example.invalid/x", "ftp://127.0.0.1/x", "file:///etc/passwd"] {
        let told = spoilt("vatspy_dat_url", json!(url));
        assert!(told.contains(" is not asked: it must be https://"), "{url}: {told}");
        let told = refused(move |request| {
            let elsewhere = format!("Location: {url}\r\n");
            request.path.contains("Boundaries").then(|| Reply::new("302 Found", &elsewhere, ""))
        });
        // What is no address of the web is not even a redirect.
        let is_refused = told.contains("/Boundaries.geojson: redirected")
            || told.contains("/Boundaries.geojson answered 302");
        assert!(is_refused, "{url}: {told}");
    }
    let api = "http://user:hunter2@example.invalid/".parse().unwrap();
    let told = told(&download(Some(&api), "x").unwrap_err());
    assert!(told.starts_with("http://example.invalid/ is not asked"), "{told}");
    // Nobody elsewhere says what is asked for on this machine.
    let rule = Rule::of(&"https://example.invalid/".parse().unwrap());
    for (url, may_be_asked) in [
        ("https://example.org/", true),
        ("http://example.org/", false),
        ("https://127.0.0.1/", false),
        ("https://localhost/", false),
        ("http://[::1]/", false),
    ] {
        assert_eq!(rule.check(&url.parse().unwrap()).is_ok(), may_be_asked, "{url}");
    }
}

#[test]
fn redirects_are_followed_some_times() {
    let server = server(|request| match &*request.path {
        "/api/map_data/" => Some(Reply::new("301 Moved Permanently", "Location: /other\r\n", "")),
        "/other" => Some(Reply::ok(answer(request).to_string())),
        _ => None,
    });
    assert_eq!(fetched(&server).unwrap().files.len(), 2);
    let told = refused(|_| Some(Reply::new("302 Found", "Location: /\r\n", "")));
    assert!(told.contains("/api/map_data/: redirected"), "{told}");
    assert!(told.contains("more redirects than are followed"), "{told}");
}

#[test]
fn an_api_out_of_reach_is_named() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url: Url = format!("http://{address}/").parse().unwrap();
    let told_of = |url: &Url, limits| told(&download_within(url, "x", limits).unwrap_err());
    let told_closed = told_of(&url, limits());
    assert!(told_closed.starts_with(&format!("{url}: no connection: ")), "{told_closed}");
    let unknown = told_of(&"https://api.invalid/".parse().unwrap(), limits());
    assert!(unknown.starts_with("https://api.invalid/: the host is not found"), "{unknown}");
    let silent =
        Server::start(|_| Reply { bytes: Vec::new(), hold: Duration::from_secs(2) }).url("/");
    let limits = Limits { request: Duration::from_millis(200), ..limits() };
    let late = told_of(&silent, limits);
    assert!(late.starts_with(&format!("{silent}: no whole answer in time")), "{late}");
}
