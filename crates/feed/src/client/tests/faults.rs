//! Every kind of upstream failure: its kind, its class in the metrics, and no secret in its text.

use std::{io::Write as _, net::TcpListener, time::Instant};

use super::*;

async fn failure(settings: ClientSettings) -> (FeedError, String) {
    let registry = Registry::default();
    let metrics = FeedMetrics::register(&registry).unwrap();
    let error = Client::new(settings, metrics).unwrap().fetch().await.unwrap_err();
    (error, String::from_utf8(registry.render().unwrap()).unwrap())
}

fn counted(metrics: &str, class: &str) -> bool {
    let sample =
        format!("sectorwatch_feed_requests_total{{feed=\"v3\",status_class=\"{class}\"}} 1");
    metrics.lines().any(|line| line == sample)
}

fn closed_port() -> Url {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    format!("http://{address}/").parse().unwrap()
}

/// A server that speaks first, and not TLS.
fn not_tls() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        connection.write_all(b"220 mail.example\r\n").unwrap();
        std::io::copy(&mut connection, &mut std::io::sink()).ok();
    });
    url.parse().unwrap()
}

#[tokio::test]
async fn each_fault_has_its_kind_and_is_counted() {
    const CUT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"pilots\": [";
    const CUT_CHUNK: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"pil\r\n";
    let broken_gzip = Answer::new("200 OK", "Content-Encoding: gzip\r\n", "not gzip").bytes;
    let mut half = gzip(&[7; 5000]);
    half.truncate(half.len() / 2);
    let half_gzip = Answer::new("200 OK", "Content-Encoding: gzip\r\n", half).bytes;
    let late = |bytes: &'static [u8]| {
        Server::start(move |_| Answer { bytes: bytes.into(), hold: Duration::from_secs(2) })
            .url("/")
    };
    let answers = |bytes: Vec<u8>| Server::start(move |_| Answer::raw(bytes.clone())).url("/");
    let status = |status: &str| answers(Answer::new(status, "", "x").bytes);

    for (name, url, kind, class) in [
        ("nobody listens", closed_port(), "connect", "error"),
        ("no such host", "http://feed.invalid/".parse().unwrap(), "dns", "error"),
        ("no TLS there", not_tls(), "tls", "error"),
        ("hangs up", answers(Vec::new()), "protocol", "error"),
        ("not HTTP", answers(b"SSH-2.0-x\r\n".to_vec()), "protocol", "error"),
        ("no answer", late(b""), "timeout", "timeout"),
        ("stops in the body", late(CUT.as_bytes()), "timeout", "timeout"),
        ("cut in the body", answers(CUT.into()), "body", "error"),
        ("cut in a chunk", answers(CUT_CHUNK.into()), "body", "error"),
        ("no gzip", answers(broken_gzip), "body", "error"),
        ("half a gzip", answers(half_gzip), "body", "error"),
        ("404", status("404 Not Found"), "status", "4xx"),
        ("429", status("429 Too Many Requests"), "rate_limited", "4xx"),
        ("500", status("500 Internal Server Error"), "status", "5xx"),
        ("503", status("503 Service Unavailable"), "status", "5xx"),
        ("304 unasked", status("304 Not Modified"), "status", "3xx"),
    ] {
        let mut settings = settings(url);
        settings.request_timeout = Duration::from_millis(700);
        let (error, metrics) = failure(settings).await;
        assert_eq!(error.kind(), kind, "{name}: {}", error::causes(&error));
        assert!(FeedError::KINDS.contains(&error.kind()), "{name}");
        assert_eq!(error.retry_after(), None, "{name}");
        assert!(counted(&metrics, class), "{name}: {metrics}");
    }
}

#[tokio::test]
async fn a_whole_answer_and_an_unchanged_one_are_counted() {
    let server = Server::start(|request| match request.header("If-None-Match") {
        Some(_) => Answer::new("304 Not Modified", "", ""),
        None => Answer::new("200 OK", "Content-Encoding: gzip\r\n", gzip(&[7; 2000])),
    });
    let registry = Registry::default();
    let metrics = FeedMetrics::register(&registry).unwrap();
    let mut client = Client::new(settings(server.url("/")), metrics).unwrap();
    body(client.fetch().await);
    client.remember(Some("\"e\"".to_owned()));
    client.fetch().await.unwrap();

    let text = String::from_utf8(registry.render().unwrap()).unwrap();
    assert!(counted(&text, "2xx") && counted(&text, "3xx"), "{text}");
    for sample in [
        "sectorwatch_feed_response_bytes_sum{feed=\"v3\"} 2000",
        "sectorwatch_feed_response_bytes_count{feed=\"v3\"} 1",
        "sectorwatch_feed_request_duration_seconds_count{feed=\"v3\"} 2",
    ] {
        assert!(text.lines().any(|line| line == sample), "{sample}: {text}");
    }
}

#[tokio::test]
async fn hears_what_the_server_asks() {
    let in_a_minute = (chrono::Utc::now() + Duration::from_secs(60)).to_rfc2822();
    let in_a_minute = in_a_minute.replace("+0000", "GMT");
    for (status, asked, seconds) in [
        ("429 Too Many Requests", "42", 42..=42),
        ("503 Service Unavailable", "42", 42..=42),
        ("429 Too Many Requests", "3600", 300..=300),
        ("429 Too Many Requests", in_a_minute.as_str(), 50..=60),
    ] {
        let answer = Answer::new(status, &format!("Retry-After: {asked}\r\n"), "").bytes;
        let server = Server::start(move |_| Answer::raw(answer.clone()));
        let (error, _) = failure(settings(server.url("/"))).await;
        let wait = error.retry_after().unwrap_or_else(|| panic!("{asked}: {error}"));
        assert!(seconds.contains(&wait.as_secs()), "{asked}: {wait:?}");
    }
}

#[tokio::test]
async fn takes_a_body_up_to_the_cap() {
    let server = Server::start(|_| Answer::ok([b' '; 4096]));
    let capped = |body_cap_bytes| ClientSettings { body_cap_bytes, ..settings(server.url("/")) };
    assert_eq!(body(client(capped(4096)).fetch().await).bytes.len(), 4096);
    let (error, metrics) = failure(capped(4095)).await;
    assert_eq!(error.kind(), "too_large");
    assert!(counted(&metrics, "error"));
}

#[tokio::test]
async fn a_gigabyte_of_zeros_stops_at_the_cap() {
    let bomb = gigabyte_of_zeros();
    let size = bomb.len();
    let server = Server::start(move |_| Answer::new("200 OK", "Content-Encoding: gzip\r\n", &bomb));
    let before = resident_peak_kib();
    let start = Instant::now();
    let (error, _) = failure(ClientSettings {
        request_timeout: Duration::from_secs(60),
        ..settings(server.url("/"))
    })
    .await;
    assert_eq!(error.kind(), "too_large", "{}", error::causes(&error));
    let grown_mib = (resident_peak_kib() - before) / 1024;
    assert!(grown_mib < 400, "{size} bytes became {grown_mib} MiB in {:?}", start.elapsed());
}

#[tokio::test]
async fn shows_no_secret() {
    let server = Server::start(|_| Answer::new("401 Unauthorized", "", ""));
    for mut url in [server.url("/feed"), closed_port()] {
        url.set_query(Some("token=hush"));
        url.set_username("user").unwrap();
        url.set_password(Some("hush")).unwrap();
        let (error, _) = failure(settings(url.clone())).await;
        let texts = format!("{} {error:?} {}", error::causes(&error), redacted(&url));
        assert!(!texts.contains("hush") && !texts.contains("user"), "{texts}");
        assert!(texts.contains(url.path()), "{texts}");
    }
    assert!(server.requests()[0].header("Authorization").is_some());
}

/// Blocks that end with a full flush are independent, so one MiB is compressed once and repeated.
fn gigabyte_of_zeros() -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; 1 << 20]).unwrap();
    encoder.flush().unwrap();
    const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut bomb = GZIP_HEADER.to_vec();
    bomb.extend(encoder.get_ref().repeat(1024));
    bomb
}

fn resident_peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
