//! Contact by radio, from the feed's radios to rows of `flight_radio_intervals`.

mod kills;
mod phase;
mod switched;

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, Pilot, START, inside},
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

/// Twelve nautical miles from the flight.
const SITE: (f64, f64) = (-30.2, 130.0);
const TUNED: i32 = 124_700_000;
const ELSEWHERE: i32 = 118_100_000;

/// A flight and a controller in one place. The flight's radio is on this frequency; without one, no radio of anybody
/// is listed.
pub fn document(second: i64, frequency_hz: Option<i32>) -> Feed {
    let feed = Feed::second(second)
        .pilot(Pilot::new("QFA1", 1))
        .controller(Controller::new("ML_CTR", 2))
        .controller(Controller::new("BN_CTR", 3).set("frequency", json!("125.700")));
    match frequency_hz {
        Some(frequency_hz) => feed
            .radio("ML_CTR", TUNED, SITE)
            .radio("BN_CTR", 125_700_000, SITE)
            .radio("QFA1", frequency_hz, inside("YMMM")),
        None => feed,
    }
}

/// One document each 15 s: `A` is in contact with one controller, `B` with the other, `N` with nobody, `U` unknown.
pub fn documents(letters: &str) -> Vec<Feed> {
    let of = |(number, letter): (i64, char)| {
        let frequency_hz = match letter {
            'A' => Some(TUNED),
            'B' => Some(125_700_000),
            'N' => Some(ELSEWHERE),
            _ => None,
        };
        document(15 * number, frequency_hz)
    };
    (0..).zip(letters.chars()).map(of).collect()
}

/// The rows: callsign, state, controller, and seconds.
pub fn intervals(database: &Database) -> Vec<String> {
    let seconds = |column| format!("extract(epoch from {column} - timestamptz '{START}')::int");
    database.client().column(&format!(
        "select concat_ws(' ', f.callsign, i.state, i.controller_callsign, {}, {})
         from flight_radio_intervals i join flights f on f.id = i.flight_id
         order by f.callsign, i.from_timestamp",
        seconds("i.from_timestamp"),
        format_args!("coalesce(({})::text, 'open')", seconds("i.to_timestamp")),
    ))
}

/// Up to which second contact is known.
pub fn known_up_to(database: &Database) -> String {
    let known = "select extract(epoch from contacts_mark - timestamptz ";
    database.client().one(&format!("{known}'{START}')::int from collector_state"))
}

pub fn start(database: &Database, feed: &FeedServer) -> Service {
    Setup::serve(database, feed).start()
}

#[test]
fn a_flight_through_contact_misses_and_time_of_which_nothing_is_known() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    let mut documents = documents("AAANNNANNNNABUUA").into_iter();
    let mut take = |service: &mut Service, count: usize| {
        documents.by_ref().take(count).for_each(|document| service.take(&feed, &document));
        intervals(&database)
    };
    assert_eq!(take(&mut service, 3), ["QFA1 contact ML_CTR 0 open"]);
    let id = "select min(id) from flight_radio_intervals";
    let first = database.client().one(id);
    // A miss is one at once, and none when it was short.
    assert_eq!(take(&mut service, 3), ["QFA1 contact ML_CTR 0 45", "QFA1 none 45 open"]);
    assert_eq!(take(&mut service, 1), ["QFA1 contact ML_CTR 0 open"]);
    assert_eq!(database.client().one(id), first, "the row is opened again");
    let missed = ["QFA1 contact ML_CTR 0 105", "QFA1 none 105 165"];
    let expected = [&missed[..], &["QFA1 contact ML_CTR 165 open"]].concat();
    assert_eq!(take(&mut service, 5), expected);
    let handed_over = [
        &missed[..],
        &[
            "QFA1 contact ML_CTR 165 180",
            "QFA1 contact BN_CTR 180 195",
            "QFA1 unknown 195 225",
            "QFA1 contact ML_CTR 225 open",
        ],
    ]
    .concat();
    assert_eq!(take(&mut service, 4), handed_over);
    let details = database.client().column(
        "select concat_ws(' ', frequency_hz, is_primary, cid) from flight_radio_intervals i
         join controllers c on c.id = i.controller_id order by from_timestamp",
    );
    let (ours, theirs) = ("124700000 t 2", "125700000 t 3");
    assert_eq!(details, [ours, ours, theirs, ours]);
    assert_eq!(known_up_to(&database), "225");
}

#[test]
fn a_flight_that_goes_and_comes_back() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    for document in documents("AAA") {
        service.take(&feed, &document);
    }
    let away = |second| Feed::second(second).radio("ML_CTR", TUNED, inside("YMMM"));
    for (second, expected) in [(90, "QFA1 contact ML_CTR 0 open"), (91, "QFA1 contact ML_CTR 0 30")]
    {
        service.take(&feed, &away(second));
        assert_eq!(intervals(&database), [expected], "{second}");
    }
    service.take(&feed, &document(200, Some(TUNED)));
    let back = ["QFA1 contact ML_CTR 0 30", "QFA1 unknown 30 200", "QFA1 contact ML_CTR 200 open"];
    assert_eq!(intervals(&database), back);
    // The flight is one observation long, and then another.
    let other = |second: i64| {
        let pilot = Pilot::new("QFA2", 5);
        document(second, Some(TUNED)).pilot(pilot).radio("QFA2", TUNED, inside("YMMM"))
    };
    service.take(&feed, &other(215));
    service.take(&feed, &document(230, Some(TUNED)));
    service.take(&feed, &document(290, Some(TUNED)));
    assert_eq!(intervals(&database), back, "a row of no length does not stay");
    service.take(&feed, &other(305));
    let both = [&back[..], &["QFA2 unknown 215 305", "QFA2 contact ML_CTR 305 open"]].concat();
    assert_eq!(intervals(&database), both);
}

#[test]
fn a_cycle_without_a_change_touches_no_row() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    service.take(&feed, &document(0, Some(TUNED)));
    let mark = database.mark();
    for second in [15, 30, 45] {
        service.take(&feed, &document(second, Some(TUNED)));
    }
    service.wait_until("rest", PATIENCE, |_| known_up_to(&database) == "45");
    let touching: Vec<_> = database
        .service_statements_since(mark)
        .into_iter()
        // The live stream reads them after the cycle.
        .filter(|sql| !sql.starts_with("with head as materialized"))
        .filter(|sql| sql.contains("flight_radio_intervals") || sql.contains("sector_control"))
        .collect();
    assert!(touching.is_empty(), "{touching:#?}");
}

#[test]
fn bad_radios_cost_themselves_alone() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    let (latitude, longitude) = inside("YMMM");
    let radio = |id: i32, frequency_hz: i64| {
        json!({"id": id, "frequency": frequency_hz, "latDeg": latitude, "lonDeg": longitude,
            "heightMslM": 1500.0, "heightAglM": null})
    };
    let with = |field: &str, value| {
        let mut radio = radio(0, TUNED.into());
        radio[field] = value;
        radio
    };
    let many: Vec<_> = (0..10_000).map(|id| radio(id, ELSEWHERE.into())).collect();
    let flights = [
        ("OFF", vec![radio(0, 0)]),
        ("HIGH", vec![with("heightMslM", json!(1e308))]),
        ("NULL", vec![with("heightMslM", json!(null))]),
        ("NORTH", vec![with("latDeg", json!(91))]),
        ("HALF", vec![with("latDeg", json!(91)), radio(1, TUNED.into())]),
        ("MANY", many),
        ("LATE", [vec![radio(0, ELSEWHERE.into()); 64], vec![radio(1, TUNED.into())]].concat()),
        ("TWICE", vec![radio(0, ELSEWHERE.into())]),
        ("twice", vec![radio(0, TUNED.into())]),
    ];
    let mut document = document(0, Some(TUNED));
    for (cid, (callsign, _)) in (10..).zip(&flights[..8]) {
        document = document.pilot(Pilot::new(callsign, cid));
    }
    let mut stations: Vec<_> = flights
        .iter()
        .map(|(callsign, radios)| json!({"callsign": callsign, "transceivers": radios}))
        .collect();
    stations.push(json!({"callsign": "ML_CTR", "transceivers": [radio(0, TUNED.into())]}));
    stations.push(json!({"callsign": "QFA1", "transceivers": [radio(0, TUNED.into())]}));
    let radios = crate::support::feed_server::Answer::ok(json!(stations).to_string());
    feed.answer(crate::support::feed_server::TRANSCEIVERS, radios);
    let main = crate::support::feed_server::Answer::ok(document.json());
    feed.answer(crate::support::feed_server::MAIN, main);
    service.await_cycles("success", 1);
    let mut expected = [
        "HALF contact ML_CTR 0 open",
        "HIGH contact ML_CTR 0 open",
        "LATE none 0 open",
        "MANY none 0 open",
        "NORTH unknown 0 open",
        "NULL contact ML_CTR 0 open",
        "OFF none 0 open",
        "QFA1 contact ML_CTR 0 open",
        "TWICE contact ML_CTR 0 open",
    ];
    expected.sort_unstable();
    let mut found = intervals(&database);
    found.sort_unstable();
    assert_eq!(found, expected);
    let surplus = "sectorwatch_feed_records_rejected_total{reason=\"too_many\"}";
    assert!((service.metric(surplus) - 9_937.0).abs() < 0.5);
}
