//! The transceivers document: frequencies and places of radios.

use geo::Point;
use serde::Serialize;

use super::{
    controllers::Duty,
    documents::{PilotRecord, rounded},
};

const UNICOM_HZ: i64 = 122_800_000;
const GUARD_HZ: i64 = 121_500_000;
const METRES_PER_FOOT: f64 = 0.3048;

#[derive(Debug, Serialize)]
pub(super) struct Station<'a> {
    callsign: &'a str,
    transceivers: Vec<Radio>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Radio {
    id: i32,
    frequency: i64,
    lat_deg: f64,
    lon_deg: f64,
    height_msl_m: f64,
    height_agl_m: f64,
}

/// The radios of a pilot: tuned to a controller in range, or else to UNICOM. One pilot in twenty-five uses
/// only text and has none.
pub(super) fn of_pilot<'a>(pilot: &PilotRecord<'a>, duties: &[Duty]) -> Option<Station<'a>> {
    if pilot.cid % 25 == 0 {
        return None;
    }
    let place = Point::new(pilot.longitude, pilot.latitude);
    let tuned_hz = duties
        .iter()
        .filter(|duty| duty.position.facility >= 5 && is_within_reach(place, duty))
        .find_map(Duty::frequency_hz)
        .unwrap_or(UNICOM_HZ);
    let height_m = f64::from(pilot.altitude) * METRES_PER_FOOT;
    let radio = |id, frequency| Radio {
        id,
        frequency,
        lat_deg: pilot.latitude,
        lon_deg: pilot.longitude,
        height_msl_m: rounded(height_m, 1e2),
        height_agl_m: rounded(height_m.max(0.0), 1e2),
    };
    let mut transceivers = vec![radio(0, tuned_hz)];
    if pilot.cid % 3 == 0 {
        transceivers.push(radio(1, GUARD_HZ));
    }
    Some(Station { callsign: pilot.callsign, transceivers })
}

/// The radio of a controller with a frequency, on a mast.
pub(super) fn of_controller<'a>(duty: &'a Duty) -> Option<Station<'a>> {
    const MAST_M: f64 = 15.0;
    let radio = Radio {
        id: 0,
        frequency: duty.frequency_hz()?,
        lat_deg: duty.position.latitude,
        lon_deg: duty.position.longitude,
        height_msl_m: MAST_M,
        height_agl_m: MAST_M,
    };
    Some(Station { callsign: duty.position.callsign, transceivers: vec![radio] })
}

/// Whether a pilot is in the square around a controller, which is precise enough to choose a frequency.
fn is_within_reach(place: Point, duty: &Duty) -> bool {
    let reach_deg = f64::from(duty.visual_range()) / 60.0;
    let (north, east) = (place.y() - duty.position.latitude, place.x() - duty.position.longitude);
    north.abs() <= reach_deg && (east * place.y().to_radians().cos()).abs() <= reach_deg
}
