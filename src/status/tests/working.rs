//! What a service that works says of one sector and one aircraft.

use super::*;
use sectorwatch_core::control::{Control, Holder};

fn sector() -> SectorFigures {
    SectorFigures {
        name: "ML-WOL".into(),
        occupancy: 3,
        capacity: None,
        staff: Some(vec!["ML-WOL__CTR".into()]),
        control: Some(Control::Controlled(Holder {
            controller_id: Some(7),
            callsign: Some("ML-WOL__CTR".into()),
            rank: 0,
        })),
    }
}

fn aircraft() -> Aircraft {
    Aircraft {
        flight_id: Some(1),
        callsign: "QFA1".into(),
        latitude: -33.5,
        longitude: 151.25,
        heading_deg: None,
        altitude_ft: 5_000,
        groundspeed_kt: Some(250),
        sector: Some("ML-WOL".into()),
        radio: AircraftRadio {
            radio: Some(RadioState::Contact),
            contact: Some(Contact {
                callsign: Some("ML-WOL_CTR".into()),
                frequency_hz: 125_000_000,
            }),
            tuned: Some(vec!["ML-WOL_CTR".to_owned(), "ML_APP".to_owned()]),
        },
    }
}

#[test]
fn a_working_service_says_what_it_did() {
    let mut snapshot = at_start();
    snapshot.cycles.finished(CycleOutcome::Success, at(61));
    snapshot.feed.answered_at = Some(at(60));
    let mut times = PhaseTimes::default();
    times.push(Duration::from_millis(250), true);
    snapshot.phases.insert(Phase::Flights, times);
    snapshot.airspace.sectors = vec![sector()];
    let moves = Moves { entered: 5, left: 2 };
    snapshot.airspace.last_hour.push(at(61), &[("ML-WOL".into(), moves)].into());
    snapshot.airspace.radio = Some(RadioCounts { contact: 1, none: 2, unknown: 5 });
    snapshot.airspace.aircraft = [aircraft()].into_iter().collect();
    snapshot.airspace.flights = Some(3);
    snapshot.controllers = Some([("ctr", 2)].into());
    snapshot.recent.push(CycleFigures {
        finished_at: at(61),
        outcome: CycleOutcome::Success,
        flights_written: 3,
        positions: 4,
        controllers: 5,
        transceivers: 6,
        transitions: 7,
    });
    let mut live = Live::default();
    live.database.reachable = Some(true);
    live.database.contact_at = Some(at(62));
    let report = json_of(&snapshot, &live, 63);
    assert_eq!(report["status"], "ok");
    assert_eq!(report["reasons"], json!([]));
    assert_eq!(report["poller"]["cycles"]["success"], 1);
    assert_eq!(
        report["phases"],
        json!([{"name": "flights", "last_seconds": 0.25, "p50": 0.25, "p95": 0.25, "outcome": "ok",
                "runs": 1}])
    );
    assert_eq!(
        report["sectors"],
        json!([{"name": "ML-WOL", "occupancy": 3, "capacity": null, "entered_last_hour": 5, "left_last_hour": 2,
                "staffed": true, "staffed_by": ["ML-WOL__CTR"],
                "control": "controlled", "controlled_by": "ML-WOL__CTR", "owner_rank": 0}])
    );
    assert_eq!(
        report["aircraft"],
        json!([{"callsign": "QFA1", "latitude": -33.5, "longitude": 151.25, "heading_deg": null,
                "altitude_ft": 5000, "groundspeed_kt": 250, "sector": "ML-WOL", "radio": "contact",
                "contact": {"callsign": "ML-WOL_CTR", "frequency_hz": 125_000_000},
                "tuned": ["ML-WOL_CTR", "ML_APP"]}])
    );
    let airspace = &report["airspace"];
    let radio = ["flights_in_contact", "flights_without_contact", "flights_contact_unknown"];
    assert_eq!(radio.map(|field| &airspace[field]), [1, 2, 5]);
    assert_eq!(airspace["coverage"], 1.0 / 3.0);
    assert_eq!(report["controllers"], json!({"ctr": 2}));
    assert_eq!(report["database"]["reachable"], true);
    assert_eq!(
        report["recent"],
        json!({"window_seconds": 600, "flights": 3, "positions": 4, "controllers": 5,
               "transceivers": 6, "transitions": 7, "failed_cycles": 0, "cycles": 1})
    );
}
