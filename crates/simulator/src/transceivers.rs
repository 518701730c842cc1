//! The transceivers document: frequencies and places of radios.

use serde::Serialize;

use super::{
    controllers::Duty,
    documents::{PilotRecord, rounded},
    habits::{Habit, habit},
    stations::{FEET_PER_METRE, Site},
};

const UNICOM_HZ: i64 = 122_800_000;
const GUARD_HZ: i64 = 121_500_000;

#[derive(Debug, Serialize)]
pub(super) struct Station<'a> {
    callsign: &'a str,
    transceivers: Vec<Radio>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Radio {
    id: i32,
    frequency: i64,
    lat_deg: f64,
    lon_deg: f64,
    height_msl_m: f64,
    height_agl_m: f64,
}

/// The radios of a pilot. `channel` says which one a controller has, or had this many seconds ago.
pub(super) fn of_pilot<'a>(
    pilot: &PilotRecord<'a>,
    seed: u64,
    now_s: f64,
    channel: impl Fn(i32) -> Option<i64>,
) -> Option<Station<'a>> {
    let habit = habit(seed, pilot.cid, now_s);
    let first_hz = match habit {
        Habit::Unlisted => return None,
        Habit::Deaf => return Some(Station { callsign: pilot.callsign, transceivers: Vec::new() }),
        Habit::Off => 0,
        Habit::Alone => UNICOM_HZ,
        Habit::Tuned { late_s } => channel(late_s).map_or(UNICOM_HZ, |hz| spelled(hz, pilot.cid)),
    };
    let second_hz = match (pilot.cid % 6, habit) {
        (0, _) => Some(GUARD_HZ),
        // The next controller is heard already.
        (1 | 3, Habit::Tuned { .. }) => channel(0),
        _ => None,
    };
    let height_m = f64::from(pilot.altitude) / FEET_PER_METRE;
    let radio = |(id, frequency)| Radio {
        id,
        frequency,
        lat_deg: pilot.latitude,
        lon_deg: pilot.longitude,
        height_msl_m: rounded(height_m, 1e2),
        height_agl_m: rounded(height_m.max(0.0), 1e2),
    };
    let transceivers = (0..).zip([Some(first_hz), second_hz].into_iter().flatten()).map(radio);
    Some(Station { callsign: pilot.callsign, transceivers: transceivers.collect() })
}

/// The radios of a controller who has a frequency.
pub(super) fn of_controller<'a>(duty: &'a Duty, sites: &[Site]) -> Option<Station<'a>> {
    let radio = |(id, site): (i32, &Site)| Radio {
        id,
        frequency: site.frequency_hz,
        lat_deg: rounded(site.place.y(), 1e5),
        lon_deg: rounded(site.place.x(), 1e5),
        height_msl_m: rounded(site.height_m, 1e2),
        height_agl_m: 15.0,
    };
    let transceivers: Vec<_> = (0..).zip(sites).map(radio).collect();
    (!transceivers.is_empty()).then_some(Station { callsign: &duty.callsign, transceivers })
}

/// A channel as this pilot's client names it: some name a channel of 25 kHz by the 5 kHz below.
fn spelled(hz: i64, cid: i32) -> i64 {
    if cid % 7 == 0 && hz > GUARD_HZ && hz % 25_000 == 0 { hz - 5_000 } else { hz }
}
