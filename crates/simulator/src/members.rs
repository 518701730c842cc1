//! The pilots of the simulated network, and the one route of each.

use std::sync::Arc;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{
    SimulatorSettings,
    aerodromes::{AUSTRALIA, Aerodrome, GATEWAYS, OVERFLIGHTS, WORLD},
    aircraft::{self, Aircraft},
    circuit::Circuit,
    profile::{LapEnd, Profile},
    reference,
    rng::{Question, pick, seeded_rng},
};

/// Clearly not a real CID.
const FIRST_CID: i32 = 9_000_000;

const DOMESTIC_AIRLINES: [&str; 5] = ["QFA", "VOZ", "JST", "RXA", "QLK"];
const INTERNATIONAL_AIRLINES: [&str; 8] = ["QFA", "SIA", "UAE", "ANZ", "CPA", "QTR", "JST", "MAS"];
const WORLD_AIRLINES: [&str; 18] = [
    "BAW", "DLH", "AFR", "KLM", "UAL", "AAL", "DAL", "SWA", "RYR", "EZY", "THY", "ANA", "JAL",
    "ACA", "TAM", "SAS", "FIN", "IBE",
];

/// A member who flies a route there and back, with a break after each leg.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) index: usize,
    pub(super) cid: i32,
    pub(super) name: String,
    pub(super) server: &'static str,
    pub(super) pilot_rating: i32,
    pub(super) home: &'static Aerodrome,
    pub(super) away: &'static Aerodrome,
    pub(super) aircraft: &'static Aircraft,
    pub(super) profile: Profile,
    /// The circuit of a member who trains at one aerodrome.
    pub(super) circuit: Option<Circuit>,
    airline: &'static str,
    /// The time off the network at the beginning of each leg.
    break_s: f64,
    /// Spreads the members over their legs and over the seconds of a report interval.
    pub(super) offset_s: f64,
}

impl Member {
    /// All members of a network.
    pub(super) fn all(settings: &SimulatorSettings) -> Vec<Arc<Member>> {
        // A tenth of them is on a break or has lost the connection.
        let count = settings.pilots + settings.pilots.div_ceil(10);
        (0..count).map(|index| Arc::new(Self::new(settings, index))).collect()
    }

    fn new(settings: &SimulatorSettings, index: usize) -> Self {
        let rng = &mut seeded_rng(settings.seed, Question::Member, index, 0);
        let (home, away, airlines) = route(rng, index % 100, settings.domestic_percent);
        let distance_nm = home.distance_nm(away);
        let is_training = std::ptr::eq(home, away);
        let aircraft = match is_training {
            true => aircraft::trainer(),
            false => *pick(rng, &aircraft::suited_to(distance_nm)),
        };
        let before_s = rng.random_range(300.0..900.0);
        let after_s = rng.random_range(180.0..480.0);
        let circuit = is_training.then(|| Circuit { bearing: rng.random_range(0.0..360.0) });
        let profile = match is_training {
            true => Profile::circuits(aircraft, home.elevation_ft, &laps(rng), before_s, after_s),
            false => Profile::new(aircraft, distance_nm, before_s, after_s),
        };
        let break_s = profile.duration_s() * rng.random_range(0.04..0.11);
        Self {
            index,
            cid: FIRST_CID + index as i32,
            name: format!("Demo {index:05} {}", home.icao),
            server: pick(rng, &reference::SERVERS).name,
            pilot_rating: *pick(rng, &[0, 0, 0, 1, 3, 7, 15]),
            home,
            away,
            aircraft,
            airline: *pick(rng, airlines),
            offset_s: rng.random_range(0.0..break_s + profile.duration_s()),
            profile,
            circuit,
            break_s,
        }
    }

    /// The leg that the member flies, or prepares for, at a moment.
    pub(super) fn leg_number(&self, now_s: f64) -> i64 {
        ((now_s + self.offset_s) / self.period_s()).floor() as i64
    }

    /// When a leg begins, in simulated seconds since the start.
    pub(super) fn leg_begins_s(&self, number: i64) -> f64 {
        number as f64 * self.period_s() - self.offset_s + self.break_s
    }

    /// The time from the end of one leg to the end of the next.
    fn period_s(&self) -> f64 {
        self.break_s + self.profile.duration_s()
    }

    /// Unique in the network at any moment, because it contains the index.
    pub(super) fn callsign(&self, outbound: bool) -> String {
        let number = self.index * 2 + if outbound { 1 } else { 2 };
        match (self.aircraft.is_light, self.home.icao.starts_with('Y')) {
            (true, true) => {
                let letter = |place: usize| char::from(b'A' + (self.index / place % 26) as u8);
                let dash = if self.index.is_multiple_of(3) { "-" } else { "" };
                format!("VH{dash}{}{}{}", letter(676), letter(26), letter(1))
            }
            (true, false) => format!("N{}D", 100 + self.index),
            (false, _) => format!("{}{number}", self.airline),
        }
    }
}

/// The place in each hundred of a member who flies circuits.
const TRAINING: usize = 99;

/// How the laps of a training flight end before the last one: in both ways at least once.
fn laps(rng: &mut ChaCha8Rng) -> Vec<LapEnd> {
    let more = rng.random_range(0..3);
    let more = (0..more).map(|_| *pick(rng, &[LapEnd::TouchAndGo, LapEnd::GoAround]));
    [LapEnd::TouchAndGo, LapEnd::GoAround].into_iter().chain(more).collect()
}

type Route = (&'static Aerodrome, &'static Aerodrome, &'static [&'static str]);

/// The route of a member, by its position in each hundred.
fn route(rng: &mut ChaCha8Rng, place: usize, domestic_percent: usize) -> Route {
    match place.saturating_sub(domestic_percent) {
        _ if place == TRAINING => {
            let home = pick(rng, &AUSTRALIA[..8]);
            (home, home, &DOMESTIC_AIRLINES)
        }
        _ if place < domestic_percent => {
            let (from, to) = two_of(rng, &AUSTRALIA);
            (from, to, &DOMESTIC_AIRLINES)
        }
        0..3 => (pick(rng, &AUSTRALIA[..8]), pick(rng, &GATEWAYS), &INTERNATIONAL_AIRLINES),
        3 => {
            let (from, to) = pick(rng, &OVERFLIGHTS);
            (from, to, &INTERNATIONAL_AIRLINES)
        }
        _ => {
            let (from, to) = two_of(rng, &WORLD);
            (from, to, &WORLD_AIRLINES)
        }
    }
}

fn two_of(
    rng: &mut ChaCha8Rng,
    list: &'static [Aerodrome],
) -> (&'static Aerodrome, &'static Aerodrome) {
    let from = rng.random_range(0..list.len());
    let to = (from + rng.random_range(1..list.len())) % list.len();
    (&list[from], &list[to])
}
