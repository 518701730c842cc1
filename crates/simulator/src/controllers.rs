//! Which controller is at which position, and the feed's record of them.

use std::borrow::Cow;

use geo::{Distance, Haversine, Point};
use rand::Rng;
use serde::Serialize;

use super::{
    aerodromes::METRES_PER_NM,
    clock::{Clock, stamp},
    positions::{NO_FREQUENCY, POSITIONS, Position, frequency_hz},
    reference,
    rng::{Question, pick, seeded_rng},
    rosters::{Roster, Shift, roster_of},
};

/// Clearly not a real CID, and separate from those of pilots.
const FIRST_CID: i32 = 9_100_000;
/// The member who relieves the controller of a position.
const RELIEF: usize = 500;

#[derive(Debug, Serialize)]
pub(super) struct ControllerRecord {
    pub(super) cid: i32,
    name: String,
    pub(super) callsign: String,
    pub(super) frequency: &'static str,
    facility: i32,
    rating: i32,
    server: &'static str,
    visual_range: i32,
    text_atis: Option<Vec<String>>,
    last_updated: String,
    logon_time: String,
}

#[derive(Debug, Serialize)]
pub(super) struct AtisRecord {
    cid: i32,
    name: String,
    callsign: &'static str,
    frequency: &'static str,
    facility: i32,
    rating: i32,
    server: &'static str,
    visual_range: i32,
    atis_code: char,
    text_atis: Vec<String>,
    last_updated: String,
    logon_time: String,
}

/// A controller on duty. Times are simulated seconds since the start.
#[derive(Debug)]
pub(super) struct Duty {
    /// The number of the member.
    index: usize,
    pub(super) callsign: Cow<'static, str>,
    pub(super) position: &'static Position,
    /// Where the position owns a sector of the default airspace: the roster, and the rank there.
    pub(super) roster: Option<(&'static Roster, usize)>,
    logon_s: f64,
    heard_s: f64,
    server: &'static str,
    rating: i32,
    /// `None` in the first minute, before the radio is tuned.
    frequency: Option<&'static str>,
}

/// All controllers on duty at a moment.
pub(super) fn on_duty(seed: u64, now_s: f64) -> Vec<Duty> {
    POSITIONS
        .iter()
        .enumerate()
        .flat_map(|(index, position)| duties(seed, index, position, now_s))
        .collect()
}

/// Who is on duty at a position: nobody, a controller, or also the relief.
fn duties(seed: u64, index: usize, position: &'static Position, now_s: f64) -> Vec<Duty> {
    let rng = &mut seeded_rng(seed, Question::Controller, index, 0);
    let shift_s = rng.random_range(9_000.0..21_600.0);
    let offset_s = rng.random_range(0.0..shift_s);
    let server = pick(rng, &reference::SERVERS).name;
    let begins_s = ((now_s + offset_s) / shift_s).floor() * shift_s - offset_s;
    let roster = roster_of(position.callsign);
    let shifts = match roster {
        Some((roster, rank)) => roster.shifts(rank, seed, now_s),
        None => {
            let time_s = begins_s + shift_s * 0.1..begins_s + shift_s;
            vec![Shift { time_s, infix: "_" }]
        }
    };
    let now = shifts.into_iter().filter(|shift| shift.time_s.contains(&now_s));
    now.map(|shift| duty(index, position, roster, &shift, (now_s, offset_s, server))).collect()
}

fn duty(
    index: usize,
    position: &'static Position,
    roster: Option<(&'static Roster, usize)>,
    shift: &Shift,
    (now_s, offset_s, server): (f64, f64, &'static str),
) -> Duty {
    let logon_s = shift.time_s.start;
    let phase_s = offset_s % 15.0;
    let reported_s = ((now_s - phase_s) / 15.0).floor() * 15.0 + phase_s;
    let is_relief = shift.infix != "_";
    let callsign = match position.callsign.split_once('_') {
        Some((stem, suffix)) if is_relief => format!("{stem}{}{suffix}", shift.infix).into(),
        _ => position.callsign.into(),
    };
    let rating = match position.facility {
        0 if position.callsign.ends_with("_SUP") => 11,
        0 => 1,
        facility => facility.min(5),
    };
    Duty {
        index: if is_relief { index + RELIEF } else { index },
        callsign,
        position,
        roster,
        logon_s,
        heard_s: reported_s.max(logon_s),
        server,
        rating,
        frequency: (now_s - logon_s >= 60.0 && position.frequency != NO_FREQUENCY)
            .then_some(position.frequency),
    }
}

impl Duty {
    /// The frequency in hertz, as in the transceivers document.
    pub(super) fn frequency_hz(&self) -> Option<i64> {
        frequency_hz(self.frequency?)
    }

    /// Whether the position is within this distance of a place.
    pub(super) fn is_near(&self, place: Point, nm: f64) -> bool {
        Haversine.distance(self.position.point(), place) <= nm * METRES_PER_NM
    }

    /// The visual range of the controller, in nautical miles.
    fn visual_range(&self) -> i32 {
        match self.position.facility {
            0 => 40,
            1 => 1_000,
            2 | 3 => 20,
            4 => 50,
            5 => 150,
            _ => 400,
        }
    }

    pub(super) fn record(&self, clock: &Clock) -> ControllerRecord {
        let position = self.position;
        ControllerRecord {
            cid: self.cid(),
            name: self.name(),
            callsign: self.callsign.to_string(),
            frequency: self.frequency.unwrap_or(NO_FREQUENCY),
            facility: position.facility,
            rating: self.rating,
            server: self.server,
            visual_range: self.visual_range(),
            text_atis: (position.facility > 0).then(|| {
                vec![
                    format!("{} simulated, no real controller", self.callsign),
                    format!("Monitor {}", position.frequency),
                ]
            }),
            last_updated: stamp(clock.feed_time(self.heard_s)),
            logon_time: stamp(clock.feed_time(self.logon_s)),
        }
    }

    /// The ATIS of the position, with a new letter every half hour.
    pub(super) fn atis(&self, seed: u64, now_s: f64, clock: &Clock) -> Option<AtisRecord> {
        let (callsign, frequency) = self.position.atis.filter(|_| self.index < RELIEF)?;
        let half_hour = (now_s / 1_800.0).floor() as i64;
        let rng = &mut seeded_rng(seed, Question::Atis, self.index, half_hour);
        let code = char::from(b'A' + half_hour.rem_euclid(26) as u8);
        let (wind, knots) = (rng.random_range(1..37) * 10, rng.random_range(2..25));
        let qnh = rng.random_range(996..1_030);
        Some(AtisRecord {
            cid: self.cid(),
            name: self.name(),
            callsign,
            frequency,
            facility: 4,
            rating: self.rating,
            server: self.server,
            visual_range: 0,
            atis_code: code,
            text_atis: vec![
                format!("{} INFORMATION {code}", callsign.replace('_', " ")),
                format!("WIND {wind:03} DEGREES {knots} KNOTS QNH {qnh}"),
                "SIMULATED WEATHER".to_owned(),
            ],
            last_updated: stamp(clock.feed_time(self.heard_s)),
            logon_time: stamp(clock.feed_time(self.logon_s)),
        })
    }

    fn cid(&self) -> i32 {
        FIRST_CID + self.index as i32
    }

    fn name(&self) -> String {
        format!("Demo C{:04}", self.index)
    }
}
