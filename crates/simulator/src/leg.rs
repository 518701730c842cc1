//! One leg of a member: its connections, disturbances and positions.

use std::{ops::Range, sync::Arc};

use geo::{Bearing, Haversine, InterpolatePoint, Point};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::value::{RawValue, to_raw_value};

use super::{
    clock::Clock,
    connections::{NetworkConnection, connections},
    members::Member,
    plan::Plan,
    profile::Progress,
    rng::{Question, seeded_rng},
    trip::{Trip, is_outbound},
};

/// Seconds between two position reports of a pilot.
const REPORT_S: f64 = 15.0;
/// The longest outage of reports, or of speeds in reports.
const LONGEST_OUTAGE_S: f64 = 90.0;

/// A flight from stand to stand. All times are simulated seconds since the start.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) trip: Trip,
    pub(super) connections: Vec<NetworkConnection>,
    /// The filed plan, ready to be published.
    pub(super) plan: Option<Box<RawValue>>,
    pub(super) qnh_mb: i32,
    /// No report arrives: `last_updated` and position do not change.
    silence_s: Range<f64>,
    /// Reports arrive without a speed.
    speedless_s: Range<f64>,
}

/// The network's knowledge of a connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct State {
    pub(super) position: Point,
    pub(super) altitude_ft: f64,
    pub(super) groundspeed_kt: Option<f64>,
    pub(super) heading: f64,
    pub(super) heard_s: f64,
}

impl Leg {
    /// Creates a leg of a member. The same number always gives the same leg.
    pub(super) fn new(member: &Arc<Member>, number: i64, seed: u64, clock: &Clock) -> Self {
        let begins_s = member.leg_begins_s(number);
        let rng = &mut seeded_rng(seed, Question::Leg, member.index, number);
        let connections = connections(rng, member, is_outbound(number), begins_s);
        let qnh_mb = rng.random_range(996..1_030);
        let squawk = rng.random_range(0..0o10000);
        let trip = Trip { member: member.clone(), number, begins_s, squawk };
        let silence_s = outage(rng, member, begins_s);
        let speedless_s = outage(rng, member, begins_s);
        let plan = Plan::file(rng).and_then(|plan| to_raw_value(&plan.record(&trip, clock)).ok());
        Self { trip, connections, plan, qnh_mb, silence_s, speedless_s }
    }

    /// The state of a connection at a moment, if the network shows it.
    pub(super) fn state(&self, connection: &NetworkConnection, now_s: f64) -> Option<State> {
        if !(connection.since_s..connection.visible_until_s).contains(&now_s) {
            return None;
        }
        let unheard = self.silence_s.contains(&now_s);
        let sent_s = if unheard { self.silence_s.start } else { now_s };
        let phase_s = self.trip.member.offset_s % REPORT_S;
        let reported_s = ((sent_s - phase_s) / REPORT_S).floor() * REPORT_S + phase_s;
        Some(self.state_at(reported_s.clamp(connection.since_s, connection.until_s)))
    }

    pub(super) fn state_at(&self, heard_s: f64) -> State {
        let progress = self.trip.member.profile.at(heard_s - self.trip.begins_s);
        let (from, to) = (self.trip.departure(), self.trip.arrival());
        if let Some(circuit) = &self.trip.member.circuit {
            let (position, heading) = circuit.at(from.point(), progress.flown_nm);
            // So low, altitudes are true ones.
            let height_ft = progress.height * (self.trip.cruise_ft() - from.elevation_ft);
            return State {
                position,
                altitude_ft: from.elevation_ft + height_ft,
                groundspeed_kt: self.reported_speed(heard_s, &progress),
                heading,
                heard_s,
            };
        }
        let along = self.trip.member.profile.share_of(progress.flown_nm);
        let position = Haversine.point_at_ratio_between(from.point(), to.point(), along);
        let heading = if along < 0.999 {
            Haversine.bearing(position, to.point())
        } else {
            Haversine.bearing(from.point(), position)
        };
        let field_ft = if along < 0.5 { from.elevation_ft } else { to.elevation_ft };
        let pressure_ft = field_ft + progress.height * (self.trip.cruise_ft() - field_ft);
        // Flight levels are at standard pressure; the feed has true altitude.
        let deviation_ft = f64::from(self.qnh_mb - 1013) * 28.9 * progress.height;
        State {
            position,
            altitude_ft: pressure_ft + deviation_ft,
            groundspeed_kt: self.reported_speed(heard_s, &progress),
            heading,
            heard_s,
        }
    }

    fn reported_speed(&self, heard_s: f64, progress: &Progress) -> Option<f64> {
        (!self.speedless_s.contains(&heard_s)).then_some(progress.groundspeed_kt)
    }
}

/// A short time somewhere in the leg.
fn outage(rng: &mut ChaCha8Rng, member: &Member, begins_s: f64) -> Range<f64> {
    let starts_s = begins_s + rng.random_range(0.0..member.profile.duration_s());
    starts_s..starts_s + rng.random_range(20.0..LONGEST_OUTAGE_S)
}
