//! Flight plans, in the different spellings that people use.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::{
    clock::{Clock, hhmm},
    rng::pick,
    trip::Trip,
};

/// A flight plan in the feed.
#[derive(Debug, Serialize)]
pub(super) struct PlanRecord {
    pub(super) flight_rules: &'static str,
    pub(super) aircraft: String,
    pub(super) aircraft_faa: String,
    pub(super) aircraft_short: &'static str,
    pub(super) departure: &'static str,
    pub(super) arrival: &'static str,
    pub(super) alternate: &'static str,
    pub(super) cruise_tas: String,
    pub(super) altitude: String,
    pub(super) deptime: String,
    pub(super) enroute_time: String,
    pub(super) fuel_time: String,
    pub(super) remarks: String,
    pub(super) route: String,
    pub(super) revision_id: i32,
    pub(super) assigned_transponder: String,
}

/// The random choices of a plan. Everything else follows from the trip.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    spelling: usize,
    waypoints: Vec<String>,
    endurance_s: f64,
    states_deptime: bool,
    revision_id: i32,
    is_assigned_squawk: bool,
}

impl Plan {
    /// The plan of a pilot. One in twenty files none.
    pub(super) fn file(rng: &mut ChaCha8Rng) -> Option<Self> {
        let plan = Self {
            spelling: rng.random_range(0..10),
            waypoints: (0..rng.random_range(2..7)).map(|_| waypoint(rng)).collect(),
            endurance_s: rng.random_range(2_700.0..7_200.0),
            states_deptime: rng.random_bool(0.97),
            revision_id: rng.random_range(0..6),
            is_assigned_squawk: rng.random_bool(0.4),
        };
        rng.random_bool(0.95).then_some(plan)
    }

    /// The plan in the feed's form.
    pub(super) fn record(&self, trip: &Trip, clock: &Clock) -> PlanRecord {
        let aircraft = trip.member.aircraft;
        let profile = &trip.member.profile;
        let airborne_s = profile.airborne_s();
        let enroute_s = airborne_s.end - airborne_s.start;
        let off_blocks = clock.feed_time(trip.begins_s + airborne_s.start - 300.0);
        let (departure, arrival) = (trip.departure().icao, trip.arrival().icao);
        PlanRecord {
            flight_rules: if aircraft.is_light { "V" } else { "I" },
            aircraft: format!("{}/{}", aircraft.short, aircraft.equipment),
            aircraft_faa: format!("{}{}/L", aircraft.faa_prefix, aircraft.short),
            aircraft_short: aircraft.short,
            departure,
            arrival,
            alternate: if self.spelling == 0 { "" } else { departure },
            cruise_tas: format!("{:.0}", aircraft.cruise_kt),
            altitude: self.altitude(trip.cruise_ft() as i32, aircraft.is_light),
            deptime: if self.states_deptime {
                off_blocks.format("%H%M").to_string()
            } else {
                "0000".to_owned()
            },
            enroute_time: hhmm(enroute_s),
            fuel_time: hhmm(enroute_s + self.endurance_s),
            remarks: format!(
                "PBN/A1B1C1D1S2 DOF/{} REG/DEMO{} PER/C RMK/SIMULATED FLIGHT NO REAL MEMBER /V/",
                off_blocks.format("%y%m%d"),
                trip.member.index,
            ),
            route: self.route(),
            revision_id: self.revision_id,
            assigned_transponder: if self.is_assigned_squawk {
                format!("{:04o}", trip.squawk)
            } else {
                "0000".to_owned()
            },
        }
    }

    /// An altitude in one of its spellings.
    fn altitude(&self, feet: i32, is_light: bool) -> String {
        let hundreds = feet / 100;
        match self.spelling {
            0 if is_light => "VFR".to_owned(),
            0 | 1 => format!("FL{hundreds:03}"),
            2 => format!("F{hundreds:03}"),
            3 => format!("{hundreds}"),
            4 if is_light => format!("A{hundreds:03}"),
            _ => format!("{feet}"),
        }
    }

    fn route(&self) -> String {
        let via = if self.spelling.is_multiple_of(2) {
            " DCT ".to_owned()
        } else {
            format!(" Y{} ", 10 + self.spelling * 7)
        };
        self.waypoints.join(&via)
    }
}

/// Five letters that can be pronounced, like a waypoint's name.
fn waypoint(rng: &mut ChaCha8Rng) -> String {
    const CONSONANTS: &[u8] = b"BDGKLMNPRSTV";
    const VOWELS: &[u8] = b"AEIOU";
    [CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS]
        .iter()
        .map(|letters| char::from(*pick(rng, letters)))
        .collect()
}
