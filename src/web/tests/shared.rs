//! Concurrent requests share one rendering and one compression.

use std::io::Read as _;

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Client;

use super::*;

/// Longer than any test.
const LONG: Duration = Duration::from_secs(600);

/// Path, the name in `http_rendered_total`, and whether it varies by more than the encoding.
const ROWS: [(&str, &str, bool); 6] = [
    ("/api/status", "json", true),
    ("/?format=json", "json", true),
    ("/", "text", true),
    ("/?format=html", "html", true),
    ("/?format=html&refresh=off", "html", true),
    ("/metrics", "metrics", false),
];

/// A client that would not decompress the answer silently.
fn client() -> Client {
    Client::builder().no_gzip().no_brotli().build().expect("a client")
}

async fn asked(
    fixture: &Fixture,
    client: &Client,
    path: &str,
    encoding: &str,
) -> (Response, String) {
    let url = format!("http://{}{path}", fixture.address);
    let answer =
        client.get(url).header("accept-encoding", encoding).send().await.expect("an answer");
    let applied = header(&answer, "content-encoding");
    (answer, applied)
}

pub fn unpacked(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let read = match encoding {
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain),
        "zstd" => zstd::Decoder::new(bytes).and_then(|mut all| all.read_to_end(&mut plain)),
        _ => (&mut &*bytes).read_to_end(&mut plain),
    };
    read.unwrap_or_else(|error| panic!("{encoding}: {error}"));
    plain
}

#[actix_web::test]
async fn each_encoding_holds_the_same_and_is_made_once() {
    let (fixture, client) = (Fixture::sharing(no_history(), LONG), client());
    for (path, _, varies_by_form) in ROWS {
        let mut first = None;
        for encoding in ["identity", "gzip", "br", "zstd"] {
            let answers = join_all((0..8).map(|_| asked(&fixture, &client, path, encoding))).await;
            let mut sent = Vec::new();
            for (answer, applied) in answers {
                let what = format!("{path} as {encoding}");
                let expected = if encoding == "identity" { "" } else { encoding };
                assert_eq!(applied, expected, "{what}");
                let vary: Vec<_> = answer.headers().get_all("vary").iter().collect();
                assert!(vary.iter().any(|v| *v == "accept-encoding"), "{what}: {vary:?}");
                assert_eq!(vary.iter().any(|v| *v == "accept"), varies_by_form, "{what}");
                let length = header(&answer, "content-length");
                let bytes = answer.bytes().await.expect("a body");
                assert_eq!(length, bytes.len().to_string(), "{what}: no chunks");
                sent.push(bytes);
            }
            assert!(sent.iter().all(|bytes| *bytes == sent[0]), "{path}: {encoding} differs");
            let plain = unpacked(encoding, &sent[0]);
            let first = first.get_or_insert_with(|| plain.clone());
            assert!(plain == *first, "{path}: {encoding} holds something else");
        }
    }
    // The one rendering of the metrics has the state before it. Those of another server have the rest.
    let fresh = Fixture::sharing(no_history(), LONG);
    for (path, _, _) in &ROWS[..5] {
        for encoding in ["identity", "gzip", "br", "zstd"] {
            join_all((0..8).map(|_| asked(&fresh, &client, path, encoding))).await;
        }
    }
    let page = fresh.metrics().await;
    for (representation, renderings) in [("json", 1), ("text", 1), ("html", 2), ("metrics", 0)] {
        for encoding in ["identity", "gzip", "br", "zstd"] {
            let series = format!(
                "sectorwatch_http_rendered_total{{encoding=\"{encoding}\",\
                 representation=\"{representation}\"}} {renderings}"
            );
            assert!(page.lines().any(|line| line == series), "no {series}");
        }
    }
}

#[actix_web::test]
async fn a_rendering_is_of_the_last_quarter_of_a_second() {
    let fixture = Fixture::sharing(no_history(), RENDERED_FOR);
    let read = async || fixture.get("/api/status").await.text().await.expect("a text");
    let first = read().await;
    let begun = std::time::Instant::now();
    let (mut versions, mut last) = (0u32, first);
    while begun.elapsed() < Duration::from_secs(1) {
        let now = read().await;
        versions += u32::from(now != last);
        last = now;
    }
    assert!((1..=4).contains(&versions), "{versions} renderings in a second");
}

#[actix_web::test]
async fn a_form_does_not_stand_for_another_nor_the_verdict_for_the_code() {
    let fixture = Fixture::sharing(no_history(), LONG);
    fixture.live(|live| live.database.contact_at = Some(Utc::now() - TimeDelta::seconds(31)));
    for (path, code) in [("/api/status", 503), ("/api/status?always200=1", 200), ("/", 503)] {
        assert_eq!(fixture.get(path).await.status(), code, "{path}");
    }
    let refused = asked(&fixture, &client(), "/metrics", "identity;q=0, deflate").await.0;
    assert_eq!(refused.status(), 406);
    assert_eq!(json(refused).await["error"], "not_acceptable");
}
