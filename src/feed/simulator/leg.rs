//! One leg of a member: when it is connected, what goes wrong, and where it is.

use geo::{Bearing, Haversine, InterpolatePoint, Point};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{
    aerodromes::Aerodrome,
    dice::{Question, dice, pick},
    members::Member,
    plan::Plan,
};

/// Seconds between two reports of a pilot's position to the network.
const REPORT_S: f64 = 15.0;
/// Reports in a row that share the fate of being heard or not.
const REPORTS: i64 = 8;

/// A flight from stand to stand. All seconds are simulated ones since the start of the world.
#[derive(Debug)]
pub(super) struct Leg<'a> {
    pub(super) member: &'a Member,
    pub(super) outbound: bool,
    /// When the member sits down at the stand.
    pub(super) begins_s: f64,
    pub(super) sessions: Vec<Session>,
    pub(super) plan: Option<Plan>,
    pub(super) qnh_mb: i32,
    pub(super) squawk: u32,
}

/// One connection to the network, as long as the feed shows it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Session {
    pub(super) callsign: String,
    pub(super) logon_s: f64,
    since_s: f64,
    until_s: f64,
    /// How long the network goes on showing a pilot who is no longer there.
    lingers_s: f64,
}

/// What becomes of the connection on the way.
#[derive(Debug, Clone, Copy)]
enum Mishap {
    None,
    /// Comes back under the same logon, as after a short loss of network.
    Returns,
    /// Comes back with a new logon.
    LogsOnAgain,
    /// Comes back at once under another callsign, while the old one still haunts the feed.
    LeavesGhost,
    NeverReturns,
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

impl<'a> Leg<'a> {
    /// The leg of a member at a moment.
    pub(super) fn of(member: &'a Member, seed: u64, now_s: f64) -> Self {
        let number = ((now_s + member.offset_s) / member.period_s()).floor();
        let begins_s = number * member.period_s() - member.offset_s + member.break_s;
        let number = number as i64;
        let outbound = number.rem_euclid(2) == 0;
        let rng = &mut dice(seed, Question::Leg, member.index, number);
        Self {
            member,
            outbound,
            begins_s,
            sessions: sessions(rng, member, outbound, begins_s),
            plan: Plan::file(rng),
            qnh_mb: rng.random_range(996..1_030),
            squawk: rng.random_range(0..0o10000),
        }
    }

    pub(super) fn departure(&self) -> &'static Aerodrome {
        if self.outbound {
            self.member.home
        } else {
            self.member.away
        }
    }

    pub(super) fn arrival(&self) -> &'static Aerodrome {
        if self.outbound {
            self.member.away
        } else {
            self.member.home
        }
    }

    /// Pressure altitude in cruise: odd thousands one way, even ones the other.
    pub(super) fn cruise_ft(&self) -> f64 {
        self.member.profile.cruise_ft + if self.outbound { 0.0 } else { 1_000.0 }
    }

    /// What the network shows of a session at a moment, if it shows it.
    pub(super) fn state(&self, session: &Session, seed: u64, now_s: f64) -> Option<State> {
        if !(session.since_s..session.lingers_s).contains(&now_s) {
            return None;
        }
        let (reported_s, knows_speed) = last_report(self.member, seed, now_s);
        let heard_s = reported_s.clamp(session.since_s, session.until_s);
        let mut state = self.state_at(heard_s);
        state.groundspeed_kt = state.groundspeed_kt.filter(|_| knows_speed);
        Some(state)
    }

    fn state_at(&self, heard_s: f64) -> State {
        let progress = self.member.profile.at(heard_s - self.begins_s);
        let (from, to) = (self.departure(), self.arrival());
        let along = progress.along;
        let position = Haversine.point_at_ratio_between(from.point(), to.point(), along);
        let heading = if along < 0.999 {
            Haversine.bearing(position, to.point())
        } else {
            Haversine.bearing(from.point(), position)
        };
        let field_ft = if along < 0.5 {
            from.elevation_ft
        } else {
            to.elevation_ft
        };
        let pressure_ft = field_ft + progress.height * (self.cruise_ft() - field_ft);
        // Flight levels are of standard pressure, the feed states true altitude.
        let deviation_ft = f64::from(self.qnh_mb - 1013) * 28.9 * progress.height;
        State {
            position,
            altitude_ft: pressure_ft + deviation_ft,
            groundspeed_kt: Some(progress.groundspeed_kt),
            heading,
            heard_s,
        }
    }
}

/// The connections of a leg: one, or two with a mishap between them.
fn sessions(rng: &mut ChaCha8Rng, member: &Member, outbound: bool, begins_s: f64) -> Vec<Session> {
    use Mishap::{LeavesGhost, LogsOnAgain, NeverReturns, None, Returns};
    let mishap = *pick(
        rng,
        &[
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            Returns,
            Returns,
            Returns,
            LogsOnAgain,
            LeavesGhost,
            NeverReturns,
        ],
    );
    let ends_s = begins_s + member.profile.duration_s();
    let airborne_s = member.profile.airborne_s();
    let lost_s = begins_s + rng.random_range(airborne_s);
    let gap_s = rng.random_range(40.0..280.0);
    let whole = Session {
        callsign: member.callsign(outbound),
        logon_s: begins_s,
        since_s: begins_s,
        until_s: ends_s,
        lingers_s: ends_s,
    };
    let first = Session {
        until_s: lost_s,
        lingers_s: lost_s,
        ..whole.clone()
    };
    let back_s = (lost_s + gap_s).min(ends_s);
    let second = Session {
        since_s: back_s,
        ..whole.clone()
    };
    let again = Session {
        logon_s: back_s,
        ..second.clone()
    };
    match mishap {
        None => vec![whole],
        Returns => vec![first, second],
        LogsOnAgain => vec![first, again],
        LeavesGhost => {
            let callsign = format!("{}K", whole.callsign);
            let ghost = Session {
                lingers_s: back_s + 120.0,
                ..first
            };
            vec![ghost, Session { callsign, ..again }]
        }
        NeverReturns => vec![first],
    }
}

/// When a member's latest report was made, and whether it told the speed.
///
/// Now and then a few reports in a row are lost, so `last_updated` and position stand still.
fn last_report(member: &Member, seed: u64, now_s: f64) -> (f64, bool) {
    let phase_s = member.offset_s % REPORT_S;
    let number = ((now_s - phase_s) / REPORT_S).floor() as i64;
    let (batch, place) = (number.div_euclid(REPORTS), number.rem_euclid(REPORTS));
    let fate: f64 = dice(seed, Question::Reports, member.index, batch).random();
    let heard = if fate < 0.02 {
        batch * REPORTS + place.min(2)
    } else {
        number
    };
    (heard as f64 * REPORT_S + phase_s, fate < 0.995)
}
