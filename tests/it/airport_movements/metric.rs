//! How many movements there were, by airport and kind.

use super::{EXAMPLES, examples, settings::airports, start};
use crate::support::{
    documents::{Feed, Pilot},
    feed_server::FeedServer,
    postgres::Database,
    service::{Service, Setup},
};

const KINDS: [&str; 4] = ["takeoff", "landing", "go_around", "touch_and_go"];

fn counted(service: &Service, airport: &str, kind: &str) -> f64 {
    let family = "sectorwatch_airport_movements_total";
    service.metric(&format!("{family}{{airport=\"{airport}\",kind=\"{kind}\"}}"))
}

/// The airports that have a series.
fn airports_of(service: &Service) -> Vec<String> {
    let page = service.get("/metrics").text();
    let series = page.lines().filter_map(|line| {
        line.strip_prefix("sectorwatch_airport_movements_total{airport=\"")?.split_once('"')
    });
    let mut airports: Vec<String> = series.map(|(airport, _)| airport.to_owned()).collect();
    airports.dedup();
    airports
}

#[test]
fn movements_are_counted_by_airport_and_kind() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    assert_eq!(airports_of(&service), ["other"], "Australia has more than 200");
    examples().iter().for_each(|document| service.take(&feed, document));
    assert_eq!(airports_of(&service), ["YSSY", "other"]);
    for kind in KINDS {
        let expected = EXAMPLES.iter().filter(|(_, movement)| movement.starts_with(kind)).count();
        assert_eq!(counted(&service, "YSSY", kind), expected as f64, "{kind}");
        assert_eq!(counted(&service, "other", kind), 0.0, "{kind}");
    }
}

/// The airspace ends at 151.2° east, and the airport lies beyond.
#[test]
fn an_airport_outside_of_the_airspace_is_another_one() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let ring = "[[[150,-35],[151.2,-35],[151.2,-33],[150,-33],[150,-35]]]";
    let airspace = crate::support::scratch::dir("airspace").join("airspace.geojson");
    let feature = |properties: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{properties},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{ring}}}}}"
        )
    };
    let features = [feature(r#"{"role":"boundary"}"#), feature(r#"{"role":"sector","id":"SYD"}"#)];
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
    std::fs::write(&airspace, text).expect("write");
    let airports = airports(&["NEAR,-33.95,151.21,21", "FAR,-34.5,150.5,21"]);
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_AIRSPACE", airspace.to_str().expect("UTF-8"))
        .env("SECTORWATCH_AIRPORTS", &airports);
    let mut service = setup.start();
    assert_eq!(airports_of(&service), ["FAR", "other"], "all of the airspace, from the start");
    examples().iter().for_each(|document| service.take(&feed, document));
    for kind in KINDS {
        let expected = EXAMPLES.iter().filter(|(_, movement)| movement.starts_with(kind)).count();
        assert_eq!(counted(&service, "other", kind), expected as f64, "{kind}");
        assert_eq!(counted(&service, "FAR", kind), 0.0, "{kind}");
    }
    assert_eq!(database.client().column("select distinct icao from airport_movements"), ["NEAR"]);
}

#[test]
fn two_hundred_airports_have_names() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let place = |n: usize| (-30.0 + 0.2 * (n / 20) as f64, 125.0 + 0.2 * (n % 20) as f64);
    let line = |n: usize| format!("A{n:03},{},{},0", place(n).0, place(n).1);
    let lines: Vec<String> = (0..203).map(line).collect();
    let airports = airports(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_AIRPORTS", &airports);
    let mut service = setup.start();
    // In the order of their codes, all but the last two of those that move have a name.
    let pilots = |kt, alt| {
        (1..203).map(move |n| {
            let pilot = Pilot::new(&format!("TST{n}"), n as i32).kt(kt).alt(alt);
            pilot.at(place(n).0, place(n).1)
        })
    };
    service.take(&feed, &Feed::second(0).pilots(pilots(0, 0)));
    service.take(&feed, &Feed::second(15).pilots(pilots(140, 900)));
    assert_eq!(airports_of(&service).len(), 200 + 1);
    assert_eq!(counted(&service, "other", "takeoff"), 2.0);
    assert_eq!(service.metric("sectorwatch_airport_movements_total"), 202.0);
}
