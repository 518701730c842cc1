use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::watch;

use super::{
    changes::changes,
    follower::{Follower, Next},
    picture::{LiveNow, Picture},
    window::{Event, Shown, Window},
};
use crate::web::connections::Backlog as _;
use sectorwatch_store::api::{
    Control, EndedVisit, LiveController, LiveCounts, LiveFlight, LiveRadio, LiveSector,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn radio(state: &str, from: Option<i64>) -> LiveRadio {
    let from_timestamp = from.map(at);
    LiveRadio { state: state.into(), controller_callsign: None, frequency_hz: None, from_timestamp }
}

fn flight(id: i64, visit: Option<(i64, &str, i64)>) -> LiveFlight {
    LiveFlight {
        id,
        callsign: format!("QFA{id}"),
        departure: None,
        arrival: None,
        aircraft_short: None,
        latitude: 1.0,
        longitude: 2.0,
        altitude: 3,
        groundspeed: Some(4),
        heading: Some(5),
        sector_name: visit.map(|(_, sector, _)| sector.into()),
        entered_at: visit.map(|(.., entered)| at(entered)),
        visit_id: visit.map(|(id, ..)| id),
        radio: radio("unknown", None),
    }
}

fn sector(name: &str, state: &str, from: i64) -> LiveSector {
    let control = Control {
        state: state.into(),
        controller_callsign: None,
        owner_rank: None,
        from_timestamp: Some(at(from)),
    };
    LiveSector { sector_name: name.into(), occupancy: 0, control }
}

fn controller(callsign: &str, logon: i64, frequency: &str) -> LiveController {
    LiveController {
        callsign: callsign.into(),
        facility: 5,
        frequency: frequency.into(),
        logon_time: at(logon),
    }
}

fn picture(mark: i64, flights: Vec<LiveFlight>) -> Picture {
    let counts = LiveCounts { flights: flights.len(), inside: 0, controllers: 0 };
    let now = LiveNow {
        behind_seconds: Some(0.0),
        flights,
        sectors: vec![sector("A", "uncontrolled", 0)],
        controllers: Vec::new(),
        counts,
    };
    Picture { mark: Some(at(mark)), data_version: 0, now }
}

fn changed(before: &Picture, after: &Picture, ended: &[EndedVisit]) -> Value {
    serde_json::to_value(changes(before, after, ended).expect("an event")).expect("JSON")
}

#[test]
fn an_event_has_the_net_change_of_each_flight() {
    let stays = flight(1, Some((10, "A", 0)));
    let crosses = |visit| flight(2, Some(visit));
    let goes = flight(3, Some((12, "A", 5)));
    let before = picture(15, vec![stays.clone(), crosses((11, "A", 0)), goes]);
    let mut moved = stays;
    moved.altitude = 33;
    let comes = LiveFlight { radio: radio("none", Some(20)), ..flight(4, Some((14, "B", 30))) };
    let after = picture(30, vec![moved, crosses((13, "B", 30)), comes.clone(), flight(5, None)]);
    let ended = |id, reason: &str| EndedVisit {
        id,
        exit_timestamp: at(30),
        exit_reason: Some(reason.into()),
    };
    let event = changed(&before, &after, &[ended(11, "left"), ended(12, "disconnected")]);
    let visit = |flight: i64, sector: &str| json!({"flight_id": flight, "callsign": format!("QFA{flight}"), "sector_name": sector, "at": "1970-01-01T00:00:30Z"});
    let left = |flight, sector, reason: &str| {
        let mut left = visit(flight, sector);
        left["exit_reason"] = reason.into();
        left
    };
    assert_eq!(event["entered"], json!([visit(2, "B"), visit(4, "B")]));
    assert_eq!(event["left"], json!([left(2, "A", "left"), left(3, "A", "disconnected")]));
    assert_eq!(event["flights"]["gone"], json!([3]));
    let set = event["flights"]["set"].as_array().expect("flights");
    assert_eq!(set[0], serde_json::to_value(&comes).expect("JSON"));
    assert_eq!(set.iter().map(|it| &it["id"]).collect::<Vec<_>>(), [4, 5]);
    let moved = event["positions"].as_array().expect("positions").iter();
    assert_eq!(moved.map(|it| it["id"].as_i64()).collect::<Vec<_>>(), [Some(1), Some(4), Some(5)]);
    let contact = json!({"flight_id": 4, "callsign": "QFA4", "state": "none", "controller_callsign": null,
        "frequency_hz": null, "from": "1970-01-01T00:00:20Z"});
    assert_eq!(event["contacts"], json!([contact]));
    assert_eq!(event["mark"], "1970-01-01T00:00:30Z");
}

#[test]
fn a_visit_that_was_deleted_ends_at_the_mark_without_a_reason() {
    let before = picture(15, vec![flight(1, Some((10, "A", 0)))]);
    let event = changed(&before, &picture(30, vec![flight(1, None)]), &[]);
    assert_eq!(event["left"][0]["at"], "1970-01-01T00:00:30Z");
    assert_eq!(event["left"][0]["exit_reason"], Value::Null);
}

#[test]
fn what_is_no_longer_known_is_unknown_since_the_mark() {
    let known = LiveFlight { radio: radio("none", Some(5)), ..flight(1, None) };
    let mut before = picture(15, vec![known]);
    before.now.sectors = vec![sector("A", "controlled", 5), sector("B", "controlled", 5)];
    let mut after = picture(90, vec![flight(1, None)]);
    after.now.sectors = vec![
        LiveSector { control: Control::unknown(), ..sector("A", "", 0) },
        sector("B", "controlled", 5),
    ];
    let event = changed(&before, &after, &[]);
    assert_eq!(event["contacts"][0]["state"], "unknown");
    assert_eq!(event["contacts"][0]["from"], "1970-01-01T00:01:30Z");
    assert_eq!(event["control"].as_array().map(Vec::len), Some(1));
    assert_eq!(event["control"][0]["from"], "1970-01-01T00:01:30Z");
}

#[test]
fn a_controller_who_logs_on_again_or_changes_the_frequency_is_online_anew() {
    let mut before = picture(15, Vec::new());
    before.now.controllers =
        vec![controller("A", 1, "1"), controller("B", 2, "1"), controller("C", 3, "1")];
    let mut after = picture(30, Vec::new());
    after.now.controllers =
        vec![controller("A", 1, "2"), controller("B", 9, "1"), controller("C", 3, "1")];
    let event = changed(&before, &after, &[]);
    let online = event["controllers"]["online"].as_array().expect("controllers").iter();
    assert_eq!(
        online.map(|it| it["callsign"].as_str()).collect::<Vec<_>>(),
        [Some("A"), Some("B")]
    );
    let gone = json!([{"callsign": "B", "logon_time": "1970-01-01T00:00:02Z"}]);
    assert_eq!(event["controllers"]["offline"], gone);
}

#[test]
fn other_sectors_need_a_snapshot() {
    let before = picture(15, Vec::new());
    let mut after = picture(30, Vec::new());
    after.now.sectors.push(sector("B", "unknown", 0));
    assert!(changes(&before, &after, &[]).is_none());
    assert!(changes(&after, &Picture { mark: None, ..after.clone() }, &[]).is_none());
}

fn shown(mark: i64) -> Shown {
    Shown::of(picture(mark, Vec::new())).expect("JSON")
}

fn event(mark: i64) -> Event {
    let id = at(mark).timestamp_micros();
    Event { id, frame: format!("{mark}").into(), at: Instant::now() }
}

fn window(marks: impl IntoIterator<Item = i64>) -> watch::Sender<Window> {
    let window = watch::Sender::<Window>::default();
    window.send_modify(|window| window.replace(shown(0)));
    push(&window, marks);
    window
}

fn push(window: &watch::Sender<Window>, marks: impl IntoIterator<Item = i64>) {
    for mark in marks {
        window.send_modify(|window| window.push(event(mark), shown(mark)));
    }
}

/// The marks of the events that a client gets, or `snapshot`.
fn gets(follower: &mut Follower) -> Vec<String> {
    let next = std::iter::from_fn(|| match follower.next() {
        Next::Frame(frame) => {
            let text = String::from_utf8(frame.to_vec()).expect("text");
            Some(if text.starts_with("event: snapshot") { "snapshot".into() } else { text })
        }
        Next::Nothing => None,
        other => Some(format!("{other:?}")),
    });
    next.take(300).collect()
}

#[test]
fn a_client_goes_on_after_its_last_event_if_all_that_came_since_is_there() {
    let micros = |mark| Some(at(mark).timestamp_micros());
    let window = window([15, 30, 45]);
    let first = |last| gets(&mut Follower::new(window.subscribe(), last));
    assert_eq!(first(None), ["snapshot"]);
    assert_eq!(first(micros(15)), ["30", "45"]);
    assert_eq!(first(micros(45)), [""; 0]);
    assert_eq!(first(micros(0)), ["snapshot"], "from before the start of the service");
    assert_eq!(first(micros(31)), ["snapshot"]);
    let mut follower = Follower::new(window.subscribe(), micros(15));
    assert_eq!(gets(&mut follower), ["30", "45"]);
    push(&window, [60]);
    assert_eq!(gets(&mut follower), ["60"]);
    window.send_modify(|window| window.replace(shown(10)));
    push(&window, [20]);
    assert_eq!(gets(&mut follower), ["snapshot"], "after everything was replaced");
    window.send_modify(Window::close);
    assert_eq!(follower.next(), Next::Over);
}

#[test]
fn an_hour_of_events_is_kept_and_no_more_bytes_than_allowed() {
    let window = window((1..=250).map(|number| 15 * number));
    let resumed = |number: i64| {
        let id = Some(at(15 * number).timestamp_micros());
        gets(&mut Follower::new(window.subscribe(), id)).len()
    };
    assert_eq!([resumed(9), resumed(10), resumed(11), resumed(249)], [1, 240, 239, 1]);
    let large = Event { frame: vec![0; 9 << 20].into(), ..event(10_000) };
    window.send_modify(|window| window.push(large.clone(), shown(10_000)));
    window.send_modify(|window| window.push(Event { id: 7, ..large }, shown(10_015)));
    assert_eq!(gets(&mut Follower::new(window.subscribe(), Some(7))).len(), 0);
    assert_eq!(window.borrow().end(), 252);
    assert!(window.borrow().has_forgotten(250));
    assert!(!window.borrow().has_forgotten(251));
}

#[test]
fn a_client_that_needs_a_forgotten_event_is_lost() {
    let window = window([15]);
    let mut follower = Follower::new(window.subscribe(), Some(at(15).timestamp_micros()));
    assert_eq!(follower.next(), Next::Nothing);
    push(&window, (2..=300).map(|number| 15 * number));
    assert_eq!(follower.next(), Next::Lost);
}

#[test]
fn a_client_is_too_slow_with_three_events_pending_or_one_for_half_a_minute() {
    let window = window([15]);
    let mut follower = Follower::new(window.subscribe(), None);
    let pending = follower.pending();
    let now = Instant::now;
    let (long, short) = (Duration::from_secs(5), Duration::from_millis(4900));
    let later = now() + long;
    let is_too_long = |blocked: Duration| pending.is_too_long(later, Some(later - blocked));
    assert_eq!(gets(&mut follower), ["snapshot"]);
    assert!(pending.is_empty_since(now()));
    push(&window, [30, 45]);
    assert!(!is_too_long(long), "two are pending");
    assert!(!pending.is_empty_since(now() + long));
    assert!(pending.is_empty_since(now() - long), "they have just come");
    push(&window, [60]);
    assert!(is_too_long(long));
    assert!(!is_too_long(short), "it took a byte lately");
    assert!(!pending.is_too_long(now() + long, None), "it takes bytes");
    assert!(pending.is_too_long(now() + Duration::from_secs(31), None), "half a minute behind");
    assert!(matches!(follower.next(), Next::Frame(_)));
    assert!(is_too_long(long), "the first is still being sent");
    assert!(matches!(follower.next(), Next::Frame(_)));
    assert!(!is_too_long(long), "the first was sent");
}

#[test]
fn events_from_before_a_client_came_are_never_too_much() {
    let window = window([15, 30, 45, 60, 75]);
    let mut follower = Follower::new(window.subscribe(), Some(at(15).timestamp_micros()));
    let pending = follower.pending();
    let later = Instant::now() + Duration::from_secs(60);
    assert!(matches!(follower.next(), Next::Frame(_)));
    assert!(!pending.is_too_long(later, Some(Instant::now())));
    push(&window, [90]);
    assert!(pending.is_too_long(later, None), "one came since");
}
