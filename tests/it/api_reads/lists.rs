//! Each list equals one query, in order; so does each export.

use sectorwatch_store::api::{
    BoundingBox, ContactFilter, FlightFilter, HoursFilter, MovementFilter, PageOf, PositionFilter,
    ReadError, VisitFilter,
};
use serde_json::Value;

use super::scene::{MARK, Scene, at, json, span, walked};

const FLIGHT: &str = "id, callsign, logon_time, flight_rules, aircraft_short, aircraft_faa, departure, arrival, \
    alternate, route, planned_altitude, planned_altitude_ft, cruise_tas, deptime, enroute_time, fuel_time, \
    revision_id, assigned_transponder, server, pilot_rating, military_rating, latitude, longitude, altitude, \
    groundspeed, heading, transponder, qnh_mb, first_seen, last_updated, last_seen";
const VISIT: &str = "id, flight_id, callsign, sector_name, entry_timestamp, exit_timestamp, duration_seconds, \
    entry_lat, entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude, exit_reason, airspace_revision";
const CONTACT: &str = "id, flight_id, state, controller_id, controller_callsign, frequency_hz, is_primary, \
    from_timestamp, to_timestamp";
const FROM: &str = "2026-01-03T01:00:00Z";
const TO: &str = "2026-01-07T13:00:00Z";

#[test]
fn lists_equal_one_query_in_order() {
    let scene = Scene::new();
    flights(&scene);
    visits(&scene);
    contacts(&scene);
    movements(&scene);
    positions(&scene);
    cursors_and_unknown_things(&scene);
    let open = scene.stored.store.pool_figures(sectorwatch_store::PoolName::Read).checked_out;
    assert_eq!(open, 0, "leases");
    assert_eq!(scene.stored.leaks(), 0.0);
}

fn flights(scene: &Scene) {
    let all = FlightFilter { personal: true, ..FlightFilter::of(span(FROM, TO)) };
    let reads = scene.reads();
    let within = format!("first_seen >= '{FROM}' and first_seen < '{TO}'");
    let cases: [(FlightFilter, &str); 7] = [
        (all.clone(), "true"),
        (
            FlightFilter { callsign: Some("qfA3".to_owned()), ..all.clone() },
            "upper(callsign) = 'QFA3'",
        ),
        (
            FlightFilter {
                departure: Some("YSSY".to_owned()),
                arrival: Some("YPPH".to_owned()),
                ..all.clone()
            },
            "departure = 'YSSY' and arrival = 'YPPH'",
        ),
        (FlightFilter { cid: Some(1003), ..all.clone() }, "cid = 1003"),
        (
            FlightFilter { sector: Some("S2".to_owned()), ..all.clone() },
            "id in (select flight_id from flight_sector_occupancy where sector_name = 'S2' \
             and entry_timestamp < '2026-01-07T13:00Z' \
             and (exit_timestamp is null or exit_timestamp > '2026-01-03T01:00Z'))",
        ),
        (
            FlightFilter {
                bbox: Some(BoundingBox { west: -20.0, south: -35.0, east: 20.0, north: -25.0 }),
                ..all.clone()
            },
            "longitude between -20 and 20 and latitude between -35 and -25",
        ),
        (
            FlightFilter {
                bbox: Some(BoundingBox { west: 170.0, south: -35.0, east: -170.0, north: -25.0 }),
                ..all.clone()
            },
            "(longitude >= 170 or longitude <= -170) and latitude between -35 and -25",
        ),
    ];
    for (filter, condition) in cases {
        let rows = walked!(scene, 7, page => reads.flights(filter.clone(), page));
        let sql = format!(
            "select {FLIGHT}, cid, remarks from flights where {within} and {condition} \
            order by first_seen, id"
        );
        let expected = scene.rows(&sql);
        assert!(!expected.is_empty(), "{condition}");
        assert_eq!(json(&rows), expected, "{condition}");
        let count = scene.data(reads.count_flights(filter.clone(), 10_000));
        assert_eq!(count, expected.len() as u64, "{condition}");
        assert_eq!(scene.data(reads.count_flights(filter, 2)), count.min(3));
    }
    let row = scene.data(reads.flight(5, false));
    assert_eq!(json(&[row]), scene.rows(&format!("select {FLIGHT} from flights where id = 5")));
}

fn visits(scene: &Scene) {
    let reads = scene.reads();
    let overlap = "entry_timestamp < '2026-01-07T13:00Z' \
        and (exit_timestamp is null or exit_timestamp > '2026-01-03T01:00Z')";
    let all = VisitFilter::of(span(FROM, TO));
    for (filter, condition) in [
        (all.clone(), overlap),
        (
            VisitFilter { sector: Some("S1".to_owned()), ..all.clone() },
            &format!("{overlap} and sector_name = 'S1'"),
        ),
        (
            VisitFilter { callsign: Some("QFA3".to_owned()), cid: Some(1033), ..all.clone() },
            &format!(
                "{overlap} and upper(callsign) = 'QFA3' \
                and flight_id in (select id from flights where cid = 1033)"
            ),
        ),
        // The last of them are open.
        (
            VisitFilter::of(span("2026-01-10T22:00:00Z", "2026-02-01T00:00:00Z")),
            "entry_timestamp <= '2026-01-11Z' \
             and (exit_timestamp is null or exit_timestamp > '2026-01-10T22:00Z')",
        ),
        (
            VisitFilter {
                flight_id: Some(595),
                ..VisitFilter::of(sectorwatch_store::api::Asked::everything())
            },
            "flight_id = 595",
        ),
    ] {
        let rows = walked!(scene, 50, page => reads.visits(filter.clone(), page));
        let sql = format!(
            "select {VISIT} from flight_sector_occupancy where {condition} order by entry_timestamp, id"
        );
        let expected = scene.rows(&sql);
        assert!(!expected.is_empty(), "{condition}");
        assert_eq!(json(&rows), expected, "{condition}");
        assert_eq!(scene.data(reads.count_visits(filter, 10_000)), expected.len() as u64);
    }
}

fn contacts(scene: &Scene) {
    let reads = scene.reads();
    let all = ContactFilter::of(span(FROM, TO));
    let overlap = "from_timestamp < '2026-01-07T13:00Z' \
        and (to_timestamp is null or to_timestamp > '2026-01-03T01:00Z')";
    for (filter, condition) in [
        (all.clone(), overlap),
        (
            ContactFilter { callsign: Some("jst1".to_owned()), ..all.clone() },
            &format!(
                "{overlap} and flight_id in (select id from flights where upper(callsign) = 'JST1')"
            ),
        ),
        (
            ContactFilter {
                flight_id: Some(590),
                ..ContactFilter::of(sectorwatch_store::api::Asked::everything())
            },
            "flight_id = 590",
        ),
    ] {
        let rows = walked!(scene, 50, page => reads.contacts(filter.clone(), page));
        let sql = format!(
            "select {CONTACT} from flight_radio_intervals where {condition} order by from_timestamp, id"
        );
        let expected = scene.rows(&sql);
        assert!(!expected.is_empty(), "{condition}");
        assert_eq!(json(&rows), expected, "{condition}");
        assert_eq!(scene.data(reads.count_contacts(filter, 10_000)), expected.len() as u64);
    }
}

fn movements(scene: &Scene) {
    let reads = scene.reads();
    let columns = "m.id, flight_id, callsign, icao, kind, at, earliest_at, m.latitude, m.longitude";
    for icao in [None, Some("YBBN")] {
        let icao_is = icao.map_or("true".to_owned(), |icao| format!("icao = '{icao}'"));
        let filter = MovementFilter {
            icao: icao.map(str::to_owned),
            is_configured: false,
            ..MovementFilter::of(span(FROM, TO))
        };
        let rows = walked!(scene, 20, page => reads.movements(filter.clone(), page));
        let expected = scene.rows(&format!(
            "select {columns} from airport_movements m join flights f on f.id = flight_id \
             where {icao_is} and at >= '{FROM}' and at < '{TO}' order by at, m.id"
        ));
        assert!(!expected.is_empty());
        assert_eq!(json(&rows), expected);
        assert_eq!(scene.data(reads.count_movements(filter, 10_000)), expected.len() as u64);
    }
}

fn positions(scene: &Scene) {
    for (callsign, condition) in [(None, "true"), (Some("qfa3"), "upper(callsign) = 'QFA3'")] {
        let filter = PositionFilter {
            span: span(FROM, TO),
            callsign: callsign.map(str::to_owned),
            cid: None,
        };
        let rows = walked!(scene, 99, page => scene.export().positions(filter.clone(), page));
        let sql = format!(
            "select flight_id, callsign, observed_at from flight_positions join flights on id = flight_id \
             where observed_at >= '{FROM}' and observed_at < '{TO}' and {condition} \
             order by date_trunc('day', observed_at), flight_id, observed_at"
        );
        let expected = scene.rows(&sql);
        let found: Vec<Value> = rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "flight_id": row.flight_id,
                    "callsign": &*row.callsign,
                    "observed_at": row.observed_at,
                })
            })
            .collect();
        let found = json(&found);
        assert_eq!(found, expected);
        assert!(!found.is_empty());
        assert_eq!(scene.data(scene.export().count_positions(filter, 100_000)), found.len() as u64);
    }
}

fn cursors_and_unknown_things(scene: &Scene) {
    let reads = scene.reads();
    let key = scene.stored.run(reads.cursor_key()).expect("a key");
    assert_eq!(key.len(), 32);
    assert!(key.iter().any(|byte| *byte != key[0]));
    let page = PageOf { bound: Some(at(MARK) + chrono::TimeDelta::seconds(1)), ..PageOf::first(1) };
    let behind = scene.stored.run(reads.flights(FlightFilter::of(span(FROM, TO)), page));
    assert!(matches!(behind, Err(ReadError::Behind)), "{behind:?}");
    let filter = VisitFilter { flight_id: Some(99_999), ..VisitFilter::of(span(FROM, TO)) };
    let unknown = scene.stored.run(reads.visits(filter, PageOf::first(1)));
    assert!(matches!(unknown, Err(ReadError::Unknown)), "{unknown:?}");
    let unknown = scene.stored.run(reads.flight(99_999, true));
    assert!(matches!(unknown, Err(ReadError::Unknown)), "{unknown:?}");
    let unknown = scene.stored.run(reads.sector_state("S9".to_owned(), false));
    assert!(matches!(unknown, Err(ReadError::Unknown)), "{unknown:?}");
    for zone in ["Australia/Nowhere", "AEST"] {
        let filter = HoursFilter {
            span: span(FROM, TO),
            zone: zone.to_owned(),
            callsign: None,
            cid: None,
            personal: false,
        };
        let unknown = scene.stored.run(reads.hours(filter, PageOf::first(1)));
        assert!(matches!(unknown, Err(ReadError::UnknownZone)), "{zone}: {unknown:?}");
    }
    // Nothing personal is read, or written, without being asked for.
    let row = scene.data(reads.flights(FlightFilter::of(span(FROM, TO)), PageOf::first(1)));
    assert!(row.rows[0].cid.is_absent() && row.rows[0].remarks.is_absent());
    let row = &json(&row.rows)[0];
    assert!(row.get("cid").is_none() && row.get("remarks").is_none(), "{row}");
}
