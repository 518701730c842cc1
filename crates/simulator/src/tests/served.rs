//! The documents over HTTP, as the service fetches them.

use std::time::{Duration, Instant};

use reqwest::{Client, Response, StatusCode, header};
use serde_json::Value;

use super::*;

fn feed(interval: Duration) -> SimulatedFeed {
    SimulatedFeed::start(SimulatorSettings { pilots: 50, ..Default::default() }, interval).unwrap()
}

fn etag(response: &Response) -> String {
    response.headers()[header::ETAG].to_str().unwrap().to_owned()
}

async fn json(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn discovery_leads_to_documents_that_change_with_each_interval_alone() {
    let feed = feed(Duration::from_secs(3));
    let client = Client::new();
    let get = async |url: &str| client.get(url).send().await.unwrap();
    let status = json(get(feed.status_url().as_str()).await).await;
    assert_eq!(status["data"]["v3"][0], feed.feed_url().as_str());
    assert_eq!(status["data"]["transceivers"][0], feed.transceivers_url().as_str());
    assert!(json(get(feed.transceivers_url().as_str()).await).await.is_array());

    // Waits for a new interval, so that the next two requests are in the same one.
    tokio::time::sleep(until_next(3_000)).await;
    let first = get(feed.feed_url().as_str()).await;
    let known = etag(&first);
    let conditional = || client.get(feed.feed_url()).header(header::IF_NONE_MATCH, &known).send();
    let unchanged = conditional().await.unwrap();
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(etag(&unchanged), known);
    // The next one begins with the clock.
    tokio::time::sleep(until_next(3_000)).await;
    let second = conditional().await.unwrap();
    assert_eq!(second.status(), StatusCode::OK);
    let [first, second] = [json(first).await, json(second).await].map(|document| {
        document["general"]["update_timestamp"].as_str().unwrap().parse::<Time>().unwrap()
    });
    assert_eq!(second - first, TimeDelta::seconds(3));
}

/// The time until just after the next whole interval of the wall clock.
fn until_next(interval_ms: u64) -> Duration {
    let now_ms = u64::try_from(chrono::Utc::now().timestamp_millis()).unwrap();
    Duration::from_millis(interval_ms - now_ms % interval_ms + 5)
}

#[tokio::test]
async fn bodies_are_compressed_for_those_who_ask() {
    let feed = feed(Duration::from_secs(15));
    let client = Client::builder().no_gzip().no_brotli().build().unwrap();
    let plain = client.get(feed.feed_url()).send().await.unwrap();
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    let request = client.get(feed.feed_url()).header(header::ACCEPT_ENCODING, "gzip, br");
    let compressed = request.send().await.unwrap();
    assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "gzip");
    let body = compressed.bytes().await.unwrap();
    let unpacked = std::io::read_to_string(flate2::read::GzDecoder::new(&body[..])).unwrap();
    assert!(serde_json::from_str::<Value>(&unpacked).unwrap()["pilots"].is_array());
    assert!(body.len() < plain.bytes().await.unwrap().len() / 2);
}

#[tokio::test]
async fn a_dropped_feed_is_gone_at_once() {
    let feed = feed(Duration::from_secs(15));
    let url = feed.feed_url();
    reqwest::get(url.clone()).await.unwrap();
    let begun = Instant::now();
    drop(feed);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(reqwest::get(url).await.unwrap_err().is_connect());
}
