//! The manual's configuration of nginx, tried in front of a running service.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
};

use super::manual::{Desk, block};
use crate::support::{
    feed_server::FeedServer,
    http,
    postgres::Database,
    scratch,
    service::{PATIENCE, Service, Setup},
};

/// Starts nginx with these `server` blocks, one of which listens at `address`. It is killed when
/// dropped.
pub fn start(servers: &str, address: SocketAddr) -> Service {
    let dir = scratch::dir("nginx");
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};", dir.display()))
        .join("\n");
    let config = format!(
        "daemon off; master_process off; pid {0}/pid; error_log stderr;\nevents {{}}\n\
         http {{ access_log off; {temporary}\n{servers}\n}}",
        dir.display()
    );
    let file = dir.join("nginx.conf");
    fs::write(&file, config).expect("write the configuration");
    let child = Command::new("nginx")
        .arg("-c")
        .arg(&file)
        .env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("nginx; scripts/need.sh nginx installs it");
    Service::of(child, address)
}

#[test]
fn nginx_passes_what_is_public_and_nothing_else() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    // As the manual says to set it, with the token that it makes.
    let desk = Desk::with(&[]);
    desk.run("token");
    let tokens = desk.dir.join("tokens");
    let token = fs::read_to_string(desk.dir.join("bot.token")).expect("a token");
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_TRUSTED_PROXIES", "127.0.0.1")
        .env("SECTORWATCH_ANONYMOUS_SCOPES", "")
        .env("SECTORWATCH_RATE_LIMIT", "20/s")
        .env("SECTORWATCH_RATE_BURST", "100")
        .env("SECTORWATCH_TOKENS_FILE", tokens.to_str().expect("UTF-8"));
    let mut service = setup.start();
    service.take(&feed, &super::roles::document(0));
    let ours = setup.address().to_string();
    let proxy = http::free_address();
    // TLS is removed, because a self-made certificate would prove nothing.
    let server = block("nginx", "");
    let without_tls: Vec<_> =
        server.lines().filter(|line| !line.contains("ssl_certificate")).collect();
    let server = without_tls.join("\n");
    assert!(server.contains("listen 443 ssl;") && server.contains("127.0.0.1:8080"), "{server}");
    let server = server.replace("443 ssl", &proxy.to_string()).replace("127.0.0.1:8080", &ours);
    let mut nginx = start(&server, proxy);
    nginx.wait_until("nginx answers", PATIENCE, |nginx| nginx.try_get("/api/status").is_some());
    for path in ["/api/status", "/api/flights/QFA1"] {
        let (through, direct) = (nginx.get(path), service.get(path));
        assert_eq!((through.status, direct.status), (200, 200), "{path}");
        let same = |name: &str| through.header(name) == direct.header(name);
        assert!(same("content-type") && same("cache-control"), "{path}: {through:?}");
    }
    // The API asks for a token here as there, and gets it.
    let api = "/api/v1/nowhere";
    let with_token = |token: &str| {
        let authorization = format!("Bearer {token}");
        http::get_with(proxy, api, ("Authorization", &authorization)).expect("an answer").status
    };
    assert_eq!((nginx.get(api).status, service.get(api).status), (401, 401));
    assert_eq!((with_token(token.trim_end()), with_token("sw_wrong")), (404, 401));
    // The pages, and the stream as it comes.
    assert_eq!((nginx.get("/sectors").status, nginx.get("/sectorsx").status), (401, 404));
    let authorization = format!("Bearer {}", token.trim_end());
    for path in ["/sectors", "/coverage", "/flights/1"] {
        let page = http::get_with(proxy, path, ("Authorization", &authorization));
        assert_eq!(page.expect("an answer").status, 200, "{path}");
    }
    followed(proxy, &authorization);
    // The client is counted, and what it says of itself is not believed.
    let limited = |address: &str| {
        let ask = |_| http::get_with(proxy, api, ("X-Forwarded-For", address)).expect("an answer");
        (0..300).map(ask).find(|answer| answer.status == 429)
    };
    assert!(limited("192.0.2.1").is_some());
    // This is the page, or the answer of the service in its place.
    assert_eq!(nginx.get("/").status, service.get("/").status);
    for path in ["/metrics", "/readyz", "/livez", "/api/flights/../../metrics"] {
        assert_eq!(nginx.get(path).status, 404, "{path} is public");
        assert!(path.contains("..") || service.get(path).status == 200, "{path}");
    }
}

/// Reads the live stream up to its first event, which a proxy that waits for more would keep back.
fn followed(proxy: SocketAddr, authorization: &str) {
    let mut client = TcpStream::connect(proxy).expect("connect");
    client.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    let head = format!(
        "GET /api/v1/live/stream HTTP/1.1\r\nHost: {proxy}\r\nAuthorization: {authorization}\r\n\r\n"
    );
    client.write_all(head.as_bytes()).expect("send");
    let (mut text, mut part) = (String::new(), [0; 4096]);
    while !text.contains("event: snapshot") || !text.ends_with("\n\n\r\n") {
        let read = client.read(&mut part).expect("an event");
        assert!(read > 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&part[..read]));
    }
}
