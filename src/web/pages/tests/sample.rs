//! Made-up answers.

use std::sync::Arc;

use chrono::TimeDelta;
use sectorwatch_core::Time;
use sectorwatch_store::api::{
    Asked, Contact, Control, Coverage, CoverageBy, CoverageGroup, Flight, Hours, Movement,
    Occupancy, OccupancyStep, Personal, Session, Span, Track, TrackPoint, Visit,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    status::Outlines,
    web::{
        pages::{
            airport, controllers, coverage, figure::Clock, flight, notes::Reach, sector, sectors,
            view::View,
        },
        v1::sectors::SectorRow,
    },
};

pub fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

/// The first of July, which all is stored of.
pub fn reach() -> Reach {
    let (from, to) = (at("2026-07-01T00:00:00Z"), at("2026-07-02T00:00:00Z"));
    let span = Span { from: Some(from), to: Some(to) };
    Reach { span, mark: Some(to), begins: Some(from - TimeDelta::days(9)) }
}

pub fn view(zone: &str) -> View {
    let clock = Clock(zone.parse().expect("a time zone"));
    View { clock, asked: Asked::everything(), span: Some("24h"), step: TimeDelta::minutes(15) }
}

/// One thing, as the API answers it.
pub fn one(data: &impl Serialize) -> Value {
    json!({"data": data, "mark": null})
}

/// A list, as the API answers it.
pub fn list(data: &impl Serialize) -> Value {
    json!({"data": data, "next": null, "mark": null})
}

fn occupancy(name: &str) -> Occupancy {
    let step = |index: i32| {
        let from = at("2026-07-01T00:00:00Z") + TimeDelta::minutes(15) * index;
        let to = from + TimeDelta::minutes(15);
        let peak = i64::from(index % 7 * 3);
        let (mean, entries, exits) =
            (peak as f64 / 3.0, i64::from(index % 3), i64::from(index % 2));
        let controlled = (index % 5 != 0).then(|| f64::from(index % 2));
        OccupancyStep { from, to, mean, peak, entries, exits, controlled, known: 0.75 }
    };
    Occupancy {
        sector_name: name.to_owned(),
        step_seconds: 900,
        steps: (0..96).map(step).collect(),
    }
}

fn row(name: &str) -> SectorRow {
    let controller_callsign = (name != "S2").then(|| "SY_CTR".to_owned());
    let state = if name == "S2" { "unknown" } else { "controlled" }.to_owned();
    SectorRow {
        sector_name: name.to_owned(),
        display_name: Some("Sydney".to_owned()),
        group: None,
        floor_ft: Some(999.5),
        ceiling_ft: None,
        capacity: Some(12),
        owners: if name == "S2" { Vec::new() } else { vec!["SY".to_owned(), "ML".to_owned()] },
        occupancy: 1_234,
        control: Control { state, controller_callsign, owner_rank: None, from_timestamp: None },
    }
}

pub fn sectors() -> sectors::Shown {
    sectors::Shown {
        rows: vec![row("S/1"), row("S2")],
        loads: vec![occupancy("S/1"), occupancy("S2")],
        cursors: (Some("this".to_owned()), Some("next".to_owned())),
    }
}

pub fn sector() -> sector::Shown {
    let load = Occupancy { steps: occupancy("S2").steps, ..occupancy("S/1") };
    sector::Shown {
        row: row("S/1"),
        load,
        visits: vec![visit(1, true), visit(2, false)],
        is_more: true,
    }
}

fn visit(id: i64, is_over: bool) -> Visit {
    let entry = at("2026-07-01T10:00:00Z");
    Visit {
        id,
        flight_id: 42,
        callsign: "QFA12".to_owned(),
        sector_name: "S/1".to_owned(),
        entry_timestamp: entry,
        exit_timestamp: is_over.then(|| entry + TimeDelta::minutes(30)),
        duration_seconds: is_over.then_some(1_800),
        entry_lat: -33.0,
        entry_lon: 151.0,
        exit_lat: None,
        exit_lon: None,
        entry_altitude: 35_000,
        exit_altitude: is_over.then_some(12_000),
        exit_reason: is_over.then(|| "left".to_owned()),
        airspace_revision: "revision".to_owned(),
    }
}

pub fn flight() -> flight::Shown {
    let first = at("2026-07-01T09:00:00Z");
    let point = |minute: i32| TrackPoint {
        observed_at: first + TimeDelta::minutes(i64::from(minute)),
        latitude: -33.9 - f64::from(minute) / 100.0,
        longitude: 151.2 - f64::from(minute) / 50.0,
        altitude: minute * 1_000,
        groundspeed: (minute % 3 != 0).then_some(400 + minute),
        heading: Some(225),
        qnh_mb: None,
        transponder: None,
    };
    let contact = |id, callsign: Option<&str>| Contact {
        id,
        flight_id: 42,
        state: if callsign.is_some() { "contact" } else { "none" }.to_owned(),
        controller_id: None,
        controller_callsign: callsign.map(str::to_owned),
        frequency_hz: callsign.map(|_| 128_300_000),
        is_primary: None,
        from_timestamp: first,
        to_timestamp: callsign.map(|_| first + TimeDelta::hours(1)),
    };
    flight::Shown {
        flight: plan(first),
        track: Track {
            flight_id: 42,
            positions_since: Some(first + TimeDelta::minutes(1)),
            points: (1..20).map(point).collect(),
        },
        visits: vec![visit(1, true)],
        contacts: vec![contact(1, Some("SY_CTR")), contact(2, None)],
        outlines: Arc::new(Outlines::built_in()),
    }
}

fn plan(first: Time) -> Flight {
    let text = |text: &str| Some(text.to_owned());
    Flight {
        id: 42,
        callsign: "QFA12".to_owned(),
        logon_time: first,
        flight_rules: text("I"),
        aircraft_short: text("A388"),
        aircraft_faa: None,
        departure: text("YSSY"),
        arrival: text("YMML"),
        alternate: None,
        route: text("DCT WOL H65 LEECE Q29 BOOIN DCT"),
        planned_altitude: None,
        planned_altitude_ft: Some(38_000),
        cruise_tas: None,
        deptime: None,
        enroute_time: None,
        fuel_time: None,
        revision_id: None,
        assigned_transponder: None,
        server: "TEST".to_owned(),
        pilot_rating: None,
        military_rating: None,
        latitude: -37.7,
        longitude: 144.8,
        altitude: 434,
        groundspeed: None,
        heading: None,
        transponder: None,
        qnh_mb: None,
        first_seen: first,
        last_updated: first,
        last_seen: first,
        // A handler does not read it; the page has it in no case.
        cid: Some(1_234_567).into(),
        remarks: Personal::absent(),
    }
}

pub fn controllers() -> controllers::Shown {
    let session = |callsign: &str, hour: i64| {
        let started_at = at("2026-07-01T00:00:00Z") + TimeDelta::hours(hour);
        Session {
            callsign: callsign.to_owned(),
            started_at,
            ended_at: started_at + TimeDelta::minutes(100),
            duration_seconds: 6_000.0,
            connections: 2,
            facility: 6,
            rating: 5,
            cid: Some(1_234_567).into(),
            id: hour,
        }
    };
    let hours = Hours {
        day: at("2026-07-01T00:00:00Z").date_naive(),
        callsign: "SY_CTR".to_owned(),
        facility: 6,
        seconds: 12_059.9,
        cid: Some(1_234_567).into(),
    };
    let sessions = vec![session("SY_CTR", 1), session("ML_CTR", 4)];
    controllers::Shown { sessions, hours: vec![hours], is_more: (true, false) }
}

pub fn airport() -> airport::Shown {
    let movement = |id: i64, kind: &str, minute: i64| Movement {
        id,
        flight_id: 42,
        callsign: format!("QFA{id}"),
        icao: "YSSY".to_owned(),
        kind: kind.to_owned(),
        at: at("2026-07-01T10:00:00Z") + TimeDelta::minutes(minute),
        earliest_at: None,
        latitude: -33.9,
        longitude: 151.2,
    };
    let movements =
        vec![movement(1, "takeoff", 1), movement(2, "landing", 3), movement(3, "takeoff", 59)];
    airport::Shown { icao: "YSSY".to_owned(), movements, is_more: false }
}

pub fn coverage() -> coverage::Shown {
    let group = |key: Option<&str>, coverage: Option<f64>| CoverageGroup {
        key: key.map(str::to_owned),
        contact_seconds: 3_725.5,
        none_seconds: coverage.map(|_| 60.0),
        unknown_seconds: coverage.map(|_| 0.0),
        coverage,
        known: coverage.map(|_| 1.0),
        share: coverage.is_none().then_some(1.0),
    };
    let of = |by, groups| Coverage { by, groups };
    let hours = vec![group(Some("1-00"), Some(0.984)), group(Some("7-23"), Some(0.1))];
    coverage::Shown {
        hours: of(CoverageBy::WeekdayHour, hours),
        sectors: of(CoverageBy::Sector, vec![group(Some("S/1"), Some(0.5))]),
        facilities: of(CoverageBy::Facility, vec![group(Some("CTR"), None), group(None, None)]),
    }
}
