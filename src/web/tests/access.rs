//! Who may ask for what, and how often, over HTTP.

use std::{fs, path::Path};

use reqwest::header::HeaderMap;
use sectorwatch_access::{Digest, Origin};

use super::*;
use crate::web::endpoint::Endpoint;

/// A path below the API, which needs the scope `read`. It has no endpoint: whoever may read gets 404.
const GUARDED: &str = "/api/v1/nowhere";
const READER: &str = "Bearer sw_reader";
const EXPORTER: &str = "Bearer sw_exporter";

/// The tokens of a reader and of somebody who may only export.
fn tokens(folder: &Path) -> std::path::PathBuf {
    let line =
        |name, scopes, token: &str| format!("{name}:{scopes}:{}\n", Digest::of(token.as_bytes()));
    let text = line("reader", "read", "sw_reader") + &line("exporter", "export", "sw_exporter");
    let file = folder.join("tokens");
    fs::write(&file, text).expect("write");
    file
}

/// Sends requests to a fixture.
struct Client {
    address: SocketAddr,
    client: reqwest::Client,
}

struct Asked(reqwest::RequestBuilder);

impl Client {
    fn of(fixture: &Fixture) -> Self {
        Self { address: fixture.address, client: reqwest::Client::new() }
    }

    fn ask(&self, method: Method, path: &str) -> Asked {
        Asked(self.client.request(method, format!("http://{}{path}", self.address)))
    }

    fn get(&self, path: &str) -> Asked {
        self.ask(Method::GET, path)
    }
}

impl Asked {
    fn with(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    async fn answer(self) -> Response {
        self.0.send().await.expect("an answer")
    }
}

/// Asks until it is too much. Returns how many requests had another answer, each with this status, and the refusal.
/// The limit of a second is the shortest, so that a slow machine needs a few more.
async fn until_refused(status: u16, ask: impl Fn() -> Asked) -> (usize, Response) {
    for number in 0..100 {
        let answer = ask().answer().await;
        if answer.status().as_u16() == 429 {
            return (number, answer);
        }
        assert_eq!(answer.status().as_u16(), status, "{number}");
    }
    panic!("nothing is refused");
}

#[actix_web::test]
async fn a_token_or_none_may_what_its_scopes_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = || AccessSettings { tokens_file: Some(tokens(folder.path())), ..open_access() };
    let closed = AccessSettings { anonymous: Scopes::NONE, ..settings() };
    let open = Fixture::guarded_by(Access::open(settings()).expect("tokens"));
    let closed = Fixture::guarded_by(Access::open(closed).expect("tokens"));
    let invalid = "Bearer error=\"invalid_token\"";
    // Whether anonymous requests may read, the header, the status, the code, the challenge.
    for (is_open, authorization, status, code, challenge) in [
        (true, None, 404, "not_found", ""),
        (false, None, 401, "unauthorized", "Bearer"),
        (true, Some(READER), 404, "not_found", ""),
        (false, Some(READER), 404, "not_found", ""),
        (true, Some(EXPORTER), 403, "scope_required", ""),
        (false, Some(EXPORTER), 403, "scope_required", ""),
        (true, Some("Bearer sw_wrong"), 401, "unauthorized", invalid),
        (false, Some("Bearer sw_wrong"), 401, "unauthorized", invalid),
        (true, Some("Basic c3c="), 401, "unauthorized", invalid),
    ] {
        let mut asked = Client::of(if is_open { &open } else { &closed }).get(GUARDED);
        if let Some(value) = authorization {
            asked = asked.with("authorization", value);
        }
        let response = asked.answer().await;
        let what = format!("{authorization:?} {is_open}");
        assert_eq!(header(&response, "www-authenticate"), challenge, "{what}");
        assert_eq!(header(&response, "content-type"), "application/problem+json", "{what}");
        assert_eq!(response.status().as_u16(), status, "{what}");
        let problem = json(response).await;
        assert_eq!(problem["code"], code, "{what}");
        assert!(!problem.to_string().contains("sw_"), "{problem}");
    }
    // What is open is open, whatever stands in the header.
    for path in ["/", "/api/status", "/metrics", "/livez", "/readyz", "/nowhere"] {
        let response =
            Client::of(&closed).get(path).with("authorization", "Bearer sw_wrong").answer().await;
        assert_ne!(response.status().as_u16(), 401, "{path}");
    }
    for sample in [
        "sectorwatch_http_refused_total{reason=\"unauthorized\"} 2",
        "sectorwatch_http_refused_total{reason=\"scope\"} 1",
        "sectorwatch_http_refused_total{reason=\"rate_limited\"} 0",
        "sectorwatch_http_token_requests_total{token=\"reader\"} 1",
    ] {
        closed.wait_for(sample).await;
    }
}

#[actix_web::test]
async fn a_client_with_too_many_requests_waits_and_nobody_else_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let access = Access::open(AccessSettings {
        tokens_file: Some(tokens(folder.path())),
        trusted_proxies: Networks::read("127.0.0.1").expect("an address"),
        rate: Rate::ONE,
        burst: NonZeroU32::new(3).expect("a burst"),
        ..open_access()
    });
    let fixture = Fixture::guarded_by(access.expect("tokens"));
    let client = Client::of(&fixture);
    let from = |address: &str, path: &str| client.get(path).with("x-forwarded-for", address);
    // A wrong token counts for the address that tries it, and is not another client.
    let wrong = || {
        from("192.0.2.1", GUARDED)
            .with("authorization", &format!("Bearer {}", rand::random::<u64>()))
    };
    let (passed, refused) = until_refused(401, wrong).await;
    assert!((3..50).contains(&passed), "{passed}");
    assert_eq!(header(&refused, "retry-after"), "1");
    assert_eq!(json(refused).await["code"], "rate_limited");
    let forged = || from("9.9.9.9, 192.0.2.1", GUARDED);
    let (passed, _) = until_refused(404, forged).await;
    assert!(passed < 3, "{passed}: it is the same client");
    // A token has a bucket of its own, wherever it is used.
    let roaming = || {
        let address = format!("192.0.3.{}", rand::random::<u8>());
        from(&address, GUARDED).with("authorization", READER)
    };
    assert!(until_refused(404, roaming).await.0 >= 3);
    for address in ["192.0.2.2", "2001:db8::1"] {
        assert_eq!(from(address, GUARDED).answer().await.status().as_u16(), 404, "{address}");
    }
    // Older endpoints count, too, and have their own errors.
    for path in ["/api/flights/QFA1", "/nowhere"] {
        let (passed, refused) = until_refused(404, || from("192.0.2.1", path)).await;
        assert!(passed < 3, "{passed}: {path}");
        assert_eq!(header(&refused, "retry-after"), "1");
        assert_eq!(json(refused).await["error"], "rate_limited");
    }
    // The health of the service is no secret, and costs nothing.
    for path in ["/", "/api/status", "/metrics", "/livez", "/readyz"].repeat(9) {
        assert_ne!(from("192.0.2.1", path).answer().await.status().as_u16(), 429, "{path}");
    }
    fixture.wait_for("sectorwatch_http_refused_total{reason=\"rate_limited\"} 5").await;
}

#[actix_web::test]
async fn a_page_of_another_site_may_read_if_it_is_named() {
    let here = "https://division.example";
    let origin = Origin::read(here).expect("an origin");
    let settings = AccessSettings {
        anonymous: Scopes::NONE,
        rate: Rate::ONE,
        burst: NonZeroU32::MIN,
        cors_origins: vec![origin],
        ..open_access()
    };
    let fixture = Fixture::guarded_by(Access::open(settings).expect("no file"));
    let client = Client::of(&fixture);
    let preflight = |origin: &str, method: &str| {
        client
            .ask(Method::OPTIONS, GUARDED)
            .with("origin", origin)
            .with("access-control-request-method", method)
    };
    let list = |headers: &HeaderMap, name: &str| {
        let value = headers.get(name).map(|value| value.to_str().expect("ASCII").to_lowercase());
        let mut names: Vec<_> =
            value.iter().flat_map(|v| v.split(", ")).map(str::to_owned).collect();
        names.sort_unstable();
        names.join(" ")
    };
    // As often as it wants, and without a token.
    for _ in 0..3 {
        let asked = preflight(here, "GET");
        let headers = "authorization,last-event-id,if-none-match";
        let response = asked.with("access-control-request-headers", headers).answer().await;
        assert_eq!(response.status().as_u16(), 204);
        let headers = response.headers();
        assert_eq!(list(headers, "access-control-allow-origin"), here);
        assert_eq!(list(headers, "access-control-allow-methods"), "get head");
        let allowed = list(headers, "access-control-allow-headers");
        assert_eq!(allowed, "authorization if-none-match last-event-id");
        assert_eq!(list(headers, "access-control-allow-credentials"), "");
        assert!(headers.get_all("vary").iter().any(|value| value == "origin"));
    }
    // The page can read why it is refused, and for how long.
    let ask = || client.get(GUARDED).with("origin", here);
    let first = ask().answer().await;
    assert_eq!(first.status().as_u16(), 401);
    for response in [first, until_refused(401, ask).await.1] {
        assert_eq!(list(response.headers(), "access-control-allow-origin"), here);
        let exposed = list(response.headers(), "access-control-expose-headers");
        assert_eq!(exposed, "etag link retry-after");
        let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
        assert_eq!(vary, ["origin", "accept-encoding"]);
    }
    for (origin, method) in [("https://evil.example", "GET"), ("null", "GET"), (here, "POST")] {
        let response = preflight(origin, method).answer().await;
        assert_eq!(response.status().as_u16(), 400, "{origin} {method}");
        assert_eq!(list(response.headers(), "access-control-allow-origin"), "", "{origin}");
    }
    let other = client.get("/api/status").with("origin", "https://evil.example").answer().await;
    assert_eq!(list(other.headers(), "access-control-allow-origin"), "");
    // The host is judged first.
    let misdirected = preflight(here, "GET").with("host", "evil.example").answer().await;
    assert_eq!(misdirected.status().as_u16(), 421);
    assert_eq!(json(misdirected).await["code"], "misdirected");
    // Without the setting, there is no such header.
    let off = Fixture::start(no_history());
    let response = Client::of(&off)
        .ask(Method::OPTIONS, "/api/status")
        .with("origin", here)
        .with("access-control-request-method", "GET");
    let response = response.answer().await;
    assert_eq!(response.status().as_u16(), 405);
    assert_eq!(list(response.headers(), "access-control-allow-origin"), "");
}

#[test]
fn every_route_of_the_api_needs_a_scope() {
    for endpoint in routes::endpoints() {
        let (pattern, needs) = (endpoint.pattern(), endpoint.needs());
        let is_guarded = problem::is_of_v1(pattern) || crate::web::pages::is_page(pattern);
        assert_eq!(is_guarded, !needs.is_empty(), "{pattern}");
        assert_eq!(is_guarded, needs.contains(&Scope::Read), "{pattern}");
        let is_export = pattern.starts_with("/api/v1/export/");
        assert_eq!(is_export, needs.contains(&Scope::Export), "{pattern}");
    }
    let handler = |route: actix_web::Route| route.to(async || "");
    for pattern in ["/api/v1", "/api/v1/flights", "/api/v1/{any}"] {
        let open = std::panic::catch_unwind(|| Endpoint::open(pattern, "", handler));
        assert!(open.is_err(), "{pattern} is for everybody");
        let empty = std::panic::catch_unwind(|| Endpoint::guarded(pattern, &[], "", handler));
        assert!(empty.is_err(), "{pattern} needs nothing");
    }
}
