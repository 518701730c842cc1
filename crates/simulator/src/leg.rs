//! One leg of a member: when it is connected, what goes wrong, and where it is.

use std::{ops::Range, sync::Arc};

use geo::{Bearing, Haversine, InterpolatePoint, Point};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::value::{RawValue, to_raw_value};

use super::{
    clock::Clock,
    connections::{Session, connections},
    members::Member,
    plan::Plan,
    rng::{Question, seeded_rng},
    trip::{Trip, is_outbound},
};

/// Seconds between two reports of a pilot's position to the network.
const REPORT_S: f64 = 15.0;
/// How long a spell of lost reports, or of reports without speed, may last at most.
const SPELL_S: f64 = 90.0;

/// A flight from stand to stand. All seconds are simulated ones since the start of the world.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) trip: Trip,
    pub(super) sessions: Vec<Session>,
    /// The filed plan, ready to be published.
    pub(super) plan: Option<Box<RawValue>>,
    pub(super) qnh_mb: i32,
    /// No report is heard: `last_updated` and position stand still.
    silence_s: Range<f64>,
    /// Reports are heard, but without speed.
    speedless_s: Range<f64>,
}

/// What the network knows of a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct State {
    pub(super) position: Point,
    pub(super) altitude_ft: f64,
    pub(super) groundspeed_kt: Option<f64>,
    pub(super) heading: f64,
    pub(super) heard_s: f64,
}

impl Leg {
    /// A leg of a member: always the same one for the same number.
    pub(super) fn new(member: &Arc<Member>, number: i64, seed: u64, clock: &Clock) -> Self {
        let begins_s = member.leg_begins_s(number);
        let rng = &mut seeded_rng(seed, Question::Leg, member.index, number);
        let sessions = connections(rng, member, is_outbound(number), begins_s);
        let qnh_mb = rng.random_range(996..1_030);
        let squawk = rng.random_range(0..0o10000);
        let trip = Trip { member: member.clone(), number, begins_s, squawk };
        let silence_s = spell(rng, member, begins_s);
        let speedless_s = spell(rng, member, begins_s);
        let plan = Plan::file(rng).and_then(|plan| to_raw_value(&plan.record(&trip, clock)).ok());
        Self { trip, sessions, plan, qnh_mb, silence_s, speedless_s }
    }

    /// What the network shows of a session at a moment, if it shows it.
    pub(super) fn state(&self, session: &Session, now_s: f64) -> Option<State> {
        if !(session.since_s..session.shown_until_s).contains(&now_s) {
            return None;
        }
        let unheard = self.silence_s.contains(&now_s);
        let sent_s = if unheard { self.silence_s.start } else { now_s };
        let phase_s = self.trip.member.offset_s % REPORT_S;
        let reported_s = ((sent_s - phase_s) / REPORT_S).floor() * REPORT_S + phase_s;
        Some(self.state_at(reported_s.clamp(session.since_s, session.until_s)))
    }

    fn state_at(&self, heard_s: f64) -> State {
        let progress = self.trip.member.profile.at(heard_s - self.trip.begins_s);
        let (from, to) = (self.trip.departure(), self.trip.arrival());
        let along = progress.along;
        let position = Haversine.point_at_ratio_between(from.point(), to.point(), along);
        let heading = if along < 0.999 {
            Haversine.bearing(position, to.point())
        } else {
            Haversine.bearing(from.point(), position)
        };
        let field_ft = if along < 0.5 { from.elevation_ft } else { to.elevation_ft };
        let pressure_ft = field_ft + progress.height * (self.trip.cruise_ft() - field_ft);
        // Flight levels are of standard pressure, the feed states true altitude.
        let deviation_ft = f64::from(self.qnh_mb - 1013) * 28.9 * progress.height;
        State {
            position,
            altitude_ft: pressure_ft + deviation_ft,
            groundspeed_kt: (!self.speedless_s.contains(&heard_s))
                .then_some(progress.groundspeed_kt),
            heading,
            heard_s,
        }
    }
}

/// A short while somewhere on the leg.
fn spell(rng: &mut ChaCha8Rng, member: &Member, begins_s: f64) -> Range<f64> {
    let starts_s = begins_s + rng.random_range(0.0..member.profile.duration_s());
    starts_s..starts_s + rng.random_range(20.0..SPELL_S)
}
