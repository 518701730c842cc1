//! A run of the service with every event that moves a metric.

use std::net::SocketAddr;

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, Pilot},
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    http,
    service::{PATIENCE, Service},
};

/// Causes every event that moves a metric: good and bad records, a failing feed, all kinds of requests.
pub fn lead(service: &mut Service, address: SocketAddr, feed: &FeedServer) {
    let bad = |i: i32, field: &str, value| Pilot::new(&format!("BAD{i}"), i).set(field, value);
    let good = Pilot::new("QFA1", 100).inside("SYD");
    let document = |second| {
        Feed::second(second)
            .pilot(bad(1, "latitude", json!(91)))
            .pilot(bad(2, "latitude", json!("north")))
            .pilot(bad(3, "callsign", json!("LONGER-THAN-SIXTEEN")))
            .pilot(bad(4, "news", json!("an unknown field")))
            .pilot(bad(8, "transponder", json!(2000)))
            .pilot(Pilot::new("TWIN", 5))
            .pilot(Pilot::new("TWIN", 5))
            .controller(Controller::new("SY_TWR", 6).set("cid", json!(-6)))
            .controller(Controller::new("SY_APP", 7))
    };
    let radios = json!([{"callsign": "QFA1"}, {"callsign": "QFA1", "transceivers": [
        {"id": 0, "frequency": 118_700_000, "latDeg": 91.0, "lonDeg": 0.0,
         "heightMslM": 0.0, "heightAglM": 0.0}]}]);
    service
        .take(feed, &document(15).pilot(good.clone()).radio("QFA1", 118_700_000, (-33.9, 151.2)));
    feed.publish(&document(30).pilot(good.inside("MEL")));
    feed.answer(TRANSCEIVERS, Answer::ok(radios.to_string()));
    let stored = |service: &Service| service.metric("sectorwatch_sector_stay_seconds_count") > 0.0;
    service.wait_until("a visit that ended", PATIENCE, stored);

    let failed = |service: &Service| {
        let of = |outcome| service.cycles_of(outcome);
        of("fetch_error") + of("decode_error")
    };
    for answer in
        [Answer::status(404), Answer::ok("<html>"), Answer::status(503).header("Retry-After", "0")]
    {
        let before = failed(service);
        feed.answer(MAIN, answer);
        service.wait_until("another failure", PATIENCE, |service| failed(service) > before);
    }
    for path in ["/", "/livez", "/api/flights/QFA1", "/api/flights/NOBODY", "/nowhere"] {
        service.get(path);
    }
    for method in ["HEAD", "POST", "PUT", "BREW"] {
        for path in ["/api/status", "/nowhere"] {
            http::request(address, method, path).expect("an answer");
        }
    }
}
