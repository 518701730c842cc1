//! Sessions, hours and staffing equal the views, though they look at few connections.

use sectorwatch_store::api::{ConnectionFilter, HoursFilter, PageOf, ReadError, SessionFilter};

use super::scene::{Scene, json, span, walked};

const FROM: &str = "2026-01-03T01:00:00Z";
const TO: &str = "2026-01-07T13:00:00Z";

#[test]
fn sessions_hours_and_staffing_equal_the_views() {
    let scene = Scene::new();
    sessions_and_hours(&scene, FROM, TO);
    // Within sessions that began days before and ended a day after.
    sessions_and_hours(&scene, "2026-01-05T00:00:00Z", "2026-01-05T12:00:00Z");
    staffing(&scene);
    connections(&scene);
}

fn sessions_and_hours(scene: &Scene, from: &str, to: &str) {
    let reads = scene.reads();
    const SESSION: &str =
        "callsign, started_at, ended_at, duration_seconds, connections, facility, rating, cid";
    let overlap = format!("started_at < '{to}' and ended_at > '{from}'");
    for (callsign, cid, condition) in [
        (None, None, "true"),
        (Some("sy__app"), None, "callsign = 'SY_APP'"),
        (None, Some(2001), "cid = 2001"),
    ] {
        let callsign = callsign.map(str::to_owned);
        let filter = SessionFilter {
            callsign: callsign.clone(),
            cid,
            personal: true,
            ..SessionFilter::of(span(from, to))
        };
        let rows = walked!(scene, 3, page => reads.sessions(filter.clone(), page.clone()));
        let expected = scene.rows(&format!(
            "select {SESSION} from v_controller_sessions where {overlap} and {condition} \
             order by started_at, callsign, id"
        ));
        assert!(!expected.is_empty(), "{condition}");
        assert_eq!(json(&rows), expected, "{condition}");
        let zone = "Australia/Adelaide".to_owned();
        let filter = HoursFilter { span: span(from, to), zone, callsign, cid, personal: true };
        let rows = walked!(scene, 3, page => reads.hours(filter.clone(), page.clone()));
        let hours =
            format!("controller_hours('{from}', '{to}', 'Australia/Adelaide') where {condition}");
        let expected = scene.rows(&format!(
            "select day, callsign, facility, seconds, cid from {hours} \
             order by day, callsign, facility, cid"
        ));
        assert_eq!(json(&rows), expected, "{condition}");
        let filter = HoursFilter { personal: false, ..filter };
        let rows = walked!(scene, 3, page => reads.hours(filter.clone(), page.clone()));
        let expected = scene.rows(&format!(
            "select day, callsign, facility, sum(seconds) as seconds from {hours} \
             group by 1, 2, 3 order by 1, 2, 3"
        ));
        assert_eq!(json(&rows), expected, "{condition}");
    }
}

fn staffing(scene: &Scene) {
    let reads = scene.reads();
    let rows = walked!(scene, 3, page =>
        reads.staffing("sy__app".to_owned(), false, span(FROM, TO), true, page.clone()));
    let expected = scene.rows(&format!(
        "select callsign, started_at, ended_at, duration_seconds, cardinality(cids) as controllers, cids \
         from v_position_staffing \
         where callsign = 'SY_APP' and started_at < '{TO}' and ended_at > '{FROM}' order by started_at"
    ));
    assert!(!expected.is_empty());
    assert_eq!(json(&rows), expected);
    let unknown =
        reads.staffing("XX_TWR".to_owned(), false, span(FROM, TO), false, PageOf::first(1));
    assert!(matches!(scene.stored.run(unknown), Err(ReadError::Unknown)));
}

fn connections(scene: &Scene) {
    let export = scene.export();
    let filter =
        ConnectionFilter { span: span(FROM, TO), callsign: None, cid: None, personal: true };
    let rows = walked!(scene, 13, page => export.connections(filter.clone(), page.clone()));
    let expected = scene.rows(&format!(
        "select id, callsign, logon_time, facility, rating, frequency, visual_range, server, first_seen, \
             last_updated, last_seen, cid, text_atis from controllers \
         where least(logon_time, first_seen) < '{TO}' and last_seen > '{FROM}' \
         order by least(logon_time, first_seen), callsign, id"
    ));
    assert_eq!(json(&rows), expected);
    assert_eq!(scene.data(export.count_connections(filter, 10_000)), expected.len() as u64);
}
