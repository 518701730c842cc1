//! A status in which nothing is null and no two values are equal.

use chrono::TimeDelta;
use strum::VariantArray as _;

use super::*;
use crate::status::{
    Aircraft, AircraftList, AircraftRadio, ConnectFailure, Contact, CycleFigures, DatabaseCheck,
    JobFigures, LastError, LastReload, LatestLeak, LeakKind, Moves, OldestLease, Outlines,
    PhaseTimes, PoolFigures, RadioCounts, RadioState, ReloadOutcome, Restarts, SectorFigures,
    SectorOutline, TableReport, VolumeOutline,
    outcome::{Phase, PollerState},
    progress::{Running, Storing},
};
use sectorwatch_core::control::{Control, Holder};

pub fn at(seconds: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::seconds(1_700_000_000 + seconds)
}

/// The time at which the sample is read.
pub const NOW: i64 = 4_000;

/// Degraded: leaks in both pools.
pub fn busy() -> (StatusSnapshot, Live) {
    let service = Service {
        version: "0.1.0",
        revision: Some("3f2a77c"),
        started_at: at(0),
        instance: "<melbourne&co>".into(),
    };
    let mut snapshot = StatusSnapshot::at_start(service, Duration::from_secs(15), true);
    for (outcome, count) in [(CycleOutcome::Success, 263), (CycleOutcome::FetchError, 3)] {
        for _ in 0..count {
            snapshot.cycles.finished(outcome, at(3_990));
        }
    }
    snapshot.cycles.finished(CycleOutcome::Unchanged, at(3_989));
    snapshot.cycles.last_error =
        Some(LastError { phase: Phase::Fetch, kind: "timeout", at: at(3_001) });
    snapshot.published_at = at(3_991);
    for (index, phase) in Phase::VARIANTS.iter().copied().enumerate() {
        let mut times = PhaseTimes::default();
        for step in 1..=20 {
            let micros = 1_000 * (index as u64 + 1) * 7 + 100 * step;
            times.push(Duration::from_micros(micros), index != 7);
        }
        snapshot.phases.insert(phase, times);
    }
    let feed = &mut snapshot.feed;
    feed.url_host = Some("data.vatsim.net".into());
    feed.answered_at = Some(at(3_990));
    feed.published_at = Some(at(3_980));
    feed.lag = Some(Duration::from_millis(4_300));
    feed.connected_pilots = Some(1_486);
    feed.etag = Some("\"5d8c\"".into());
    feed.rejected_total = 77;
    feed.drift = Some(sectorwatch_core::drift::Drift {
        pilots: 1_486,
        refused: 3,
        field: Some(("transponder", 2)),
    });
    let airspace = &mut snapshot.airspace;
    airspace.flights = Some(102);
    airspace.radio = Some(RadioCounts { contact: 57, none: 38, unknown: 8 });
    airspace.tracked = Some(104);
    airspace.revision = "0123456789ab".into();
    airspace.approximate = true;
    airspace.pending_transitions = Some(0);
    airspace.open_entries = Some(83);
    airspace.sectors = sectors();
    airspace.aircraft = aircraft();
    airspace.outlines = Arc::new(outlines());
    let moves = [("ML-<W>", (61, 59)), ("SY", (31, 32))];
    let moves = moves.map(|(id, (entered, left))| (Arc::<str>::from(id), Moves { entered, left }));
    airspace.last_hour.push(at(3_990), &moves.into());
    snapshot.controllers = Some([("ctr", 13), ("twr", 11)].into());
    snapshot.recent.push(CycleFigures {
        finished_at: at(3_990),
        outcome: CycleOutcome::Success,
        flights_written: 4_014,
        positions: 3_986,
        controllers: 907,
        transceivers: 5_103,
        transitions: 25,
    });
    (snapshot, live())
}

fn live() -> Live {
    let mut live = Live { migrated: true, ..Live::default() };
    live.last_reload = Some(LastReload {
        outcome: ReloadOutcome::Failed,
        at: at(3_777),
        error: Some("mine.geojson: is not JSON".into()),
    });
    live.liveness.state = PollerState::Idle;
    live.liveness.heartbeat_at = Some(at(3_999));
    live.liveness.last_attempt_at = Some(at(3_988));
    live.liveness.running = Some(Running {
        began_at: at(3_987),
        age: Duration::from_millis(12_345),
        phase: Phase::Transceivers,
    });
    live.liveness.storing = Storing {
        mark: Some(at(3_972)),
        stored_at: Some(at(3_974)),
        answered_at: Some(at(3_973)),
        in_vain: Duration::from_secs(26),
        advances_behind: false,
    };
    live.liveness.skipped_ticks = 6;
    live.liveness.generation = 9;
    live.liveness.restarts = Restarts { panic: 17, exit: 18, stall: 19 };
    live.ingest = Some(pool(20));
    live.read = Some(pool(40));
    live.database.reachable = Some(true);
    live.database.contact_at = Some(at(3_998));
    live.database.latency_seconds = Some(0.0043);
    live.database.server_version = Some("15.18".into());
    live.database.migration = Some("20261101000004".into());
    live.database.checked_at = Some(at(3_997));
    live.database.error_class = Some("57");
    live.read_database = Some(DatabaseCheck {
        reachable: Some(true),
        contact_at: Some(at(3_997)),
        latency_seconds: Some(0.0061),
        server_version: Some("15.17".into()),
        migration: Some("20261101000003".into()),
        checked_at: Some(at(3_996)),
        error_class: Some("io"),
    });
    let table = |name: &str, rows_estimate, bytes| TableReport {
        name: name.into(),
        rows_estimate,
        live_rows: Some(7),
        estimate: true,
        bytes,
        as_of: at(3_971),
    };
    live.tables = vec![
        table("flights", Some(48_213), 61_300_000),
        table("flight_positions", Some(9_204_001), 1_730_000_000),
        table("rejected_records", None, 24_576),
    ];
    let period = Duration::from_secs(3_600);
    live.jobs = vec![JobFigures { name: "retention", period, last_success_at: Some(at(1_234)) }];
    live
}

fn pool(first: u32) -> PoolFigures {
    PoolFigures {
        max: first + 8,
        checked_out: first + 1,
        idle: first + 2,
        establishing: first + 3,
        pending: first + 4,
        acquire_p95_seconds: Some(f64::from(first + 5) / 1e3),
        acquire_p95_window_seconds: u64::from(first + 8) * 3,
        timeouts_total: u64::from(first) + 6,
        highwater: first + 7,
        oldest_lease: Some(OldestLease {
            owner: "flights",
            seconds: f64::from(first) * 3.0,
            location: "src/poller/cycle.rs:93".into(),
        }),
        unaccounted: -i64::from(first),
        suspects: first + 9,
        leaks_confirmed: [("forgotten", u64::from(first) + 300), ("outlived_scope", 0)].into(),
        latest_leak: Some(LatestLeak { kind: LeakKind::Forgotten, at: at(3_900) }),
        last_audit_at: Some(at(3_970 + i64::from(first) / 20)),
        last_connect_error: Some(ConnectFailure { class: "timeout", at: at(50) }),
        exhausted_since: None,
        by_owner: Vec::new(),
    }
}

fn sectors() -> Vec<SectorFigures> {
    let sector = |name: &str, occupancy, staff: Option<&[&str]>| SectorFigures {
        name: name.into(),
        occupancy,
        capacity: (name == "OLD").then_some(11),
        control: control(staff),
        staff: staff.map(|callsigns| callsigns.iter().map(|&callsign| callsign.into()).collect()),
    };
    vec![
        sector("SY", 2, Some(&[])),
        sector("ML-<W>", 35, Some(&["ML-BLA_CTR", "ML-WOL_CTR"])),
        sector("OLD", 12, None),
    ]
}

/// Control by the second of a sector's owners where somebody staffs it.
pub fn control(staff: Option<&[&str]>) -> Option<Control> {
    Some(match staff? {
        [] => Control::Uncontrolled,
        [first, ..] => Control::Controlled(Holder {
            controller_id: Some(1),
            callsign: Some((*first).into()),
            rank: 1,
        }),
    })
}

fn radio(heading_deg: Option<i16>) -> AircraftRadio {
    let contact = heading_deg.filter(|heading| *heading > 0);
    AircraftRadio {
        radio: Some(heading_deg.map_or(RadioState::Unknown, |_| match contact {
            Some(_) => RadioState::Contact,
            None => RadioState::None,
        })),
        contact: contact
            .map(|_| Contact { callsign: Some("ML-BLA_CTR".into()), frequency_hz: 132_200_000 }),
        tuned: contact.map(|_| vec!["ML-BLA_CTR".to_owned(), "ML_<APP>".to_owned()]),
    }
}

fn aircraft() -> AircraftList {
    let one = |callsign: &str, longitude, heading_deg, sector: Option<&str>| Aircraft {
        flight_id: None,
        callsign: callsign.into(),
        latitude: -35.0,
        longitude,
        heading_deg,
        altitude_ft: 37_001,
        groundspeed_kt: heading_deg.map(|_| 451),
        sector: sector.map(Arc::from),
        radio: radio(heading_deg),
    };
    [
        one("QFA<1>", 145.0, Some(90), Some("ML-<W>")),
        one("QFA2", 151.0, None, None),
        one("QFA3", 149.0, Some(0), Some("SY")),
    ]
    .into_iter()
    .collect()
}

/// Two adjacent sectors, one of which surrounds the third.
pub fn outlines() -> Outlines {
    let square = |west: f64, south: f64, side: f64| {
        let (east, north) = (west + side, south + side);
        vec![vec![(west, south), (east, south), (east, north), (west, north), (west, south)]]
    };
    let sector = |id: &str, west, south, side| SectorOutline {
        id: id.into(),
        name: format!("{id} & all"),
        volumes: vec![VolumeOutline {
            polygons: vec![square(west, south, side)],
            ..VolumeOutline::default()
        }],
    };
    Outlines {
        boundary: vec![square(135.0, -45.0, 30.0)],
        sectors: vec![
            sector("SY", 150.0, -36.0, 2.0),
            sector("ML-<W>", 140.0, -45.0, 20.0),
            sector("OLD", 151.0, -30.0, 3.0),
        ],
    }
}
