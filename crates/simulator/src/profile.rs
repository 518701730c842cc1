//! How a flight moves from stand to stand: speed, distance and height over time.

use super::{aircraft::Aircraft, circuit::LAP_NM};

const TAXI_KT: f64 = 12.0;
/// The height of a circuit above its aerodrome.
const CIRCUIT_FT: f64 = 1_500.0;
const CIRCUIT_KT: f64 = 90.0;
/// How low an approach comes that ends in a go-around, as a share of [`CIRCUIT_FT`]: 150 ft.
const LOWEST: f64 = 0.1;

/// A period in which speed and height change linearly.
#[derive(Debug, Clone, Copy)]
struct Segment {
    seconds: f64,
    knots: (f64, f64),
    /// 0 on the ground, 1 at cruising altitude.
    height: (f64, f64),
}

impl Segment {
    fn new(seconds: f64, knots: (f64, f64), height: (f64, f64)) -> Self {
        Self { seconds, knots, height }
    }

    fn distance_nm(&self) -> f64 {
        (self.knots.0 + self.knots.1) / 2.0 * self.seconds / 3600.0
    }

    fn distance_after(&self, seconds: f64) -> f64 {
        (self.knots.0 + self.knots_after(seconds)) / 2.0 * seconds / 3600.0
    }

    fn knots_after(&self, seconds: f64) -> f64 {
        between(self.knots, seconds / self.seconds)
    }
}

fn between((from, to): (f64, f64), share: f64) -> f64 {
    from + (to - from) * share
}

/// The progress of a flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Progress {
    pub(super) flown_nm: f64,
    pub(super) groundspeed_kt: f64,
    /// 0 on the ground, 1 at cruising altitude.
    pub(super) height: f64,
}

/// How a lap of a circuit ends, if it is not the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LapEnd {
    TouchAndGo,
    GoAround,
}

/// A flight from stand to stand, equal in both directions.
#[derive(Debug)]
pub(super) struct Profile {
    segments: Vec<Segment>,
    distance_nm: f64,
    pub(super) cruise_ft: f64,
}

impl Profile {
    /// A flight over `distance_nm` that stands for `before_s` and `after_s` at its ends.
    pub(super) fn new(aircraft: &Aircraft, distance_nm: f64, before_s: f64, after_s: f64) -> Self {
        // 110 ft per mile leaves a third of the distance for cruising.
        let cruise_ft = aircraft.ceiling_ft.min(distance_nm * 110.0);
        let cruise_ft = (cruise_ft / 1_000.0).floor() * 1_000.0;
        let climb_s = cruise_ft / aircraft.vertical_fpm * 60.0;
        let (takeoff, cruise, landing) =
            (aircraft.takeoff_kt, aircraft.cruise_kt, aircraft.landing_kt);
        let approach = (cruise + landing) / 2.0;
        let mut segments = vec![
            Segment::new(before_s, (0.0, 0.0), (0.0, 0.0)),
            Segment::new(20.0, (0.0, TAXI_KT), (0.0, 0.0)),
            Segment::new(240.0, (TAXI_KT, TAXI_KT), (0.0, 0.0)),
            Segment::new(40.0, (TAXI_KT, takeoff), (0.0, 0.0)),
            Segment::new(climb_s, (takeoff, cruise), (0.0, 1.0)),
            Segment::new(0.0, (cruise, cruise), (1.0, 1.0)),
            Segment::new(climb_s * 0.85, (cruise, approach), (1.0, 0.15)),
            Segment::new(climb_s * 0.15, (approach, landing), (0.15, 0.0)),
            Segment::new(45.0, (landing, TAXI_KT), (0.0, 0.0)),
            Segment::new(240.0, (TAXI_KT, TAXI_KT), (0.0, 0.0)),
            Segment::new(20.0, (TAXI_KT, 0.0), (0.0, 0.0)),
            Segment::new(after_s, (0.0, 0.0), (0.0, 0.0)),
        ];
        let elsewhere_nm = segments.iter().map(Segment::distance_nm).sum::<f64>();
        segments[5].seconds = (distance_nm - elsewhere_nm).max(1.0) / cruise * 3600.0;
        Self { segments, distance_nm, cruise_ft }
    }

    /// Laps around an aerodrome: these, and one that ends with a landing.
    pub(super) fn circuits(
        aircraft: &Aircraft,
        elevation_ft: f64,
        laps: &[LapEnd],
        before_s: f64,
        after_s: f64,
    ) -> Self {
        const ROLL_S: f64 = 20.0;
        let (takeoff, landing) = (aircraft.takeoff_kt, aircraft.landing_kt);
        let mut segments = vec![
            Segment::new(before_s, (0.0, 0.0), (0.0, 0.0)),
            Segment::new(20.0, (0.0, TAXI_KT), (0.0, 0.0)),
            Segment::new(60.0, (TAXI_KT, TAXI_KT), (0.0, 0.0)),
            Segment::new(40.0, (TAXI_KT, takeoff), (0.0, 0.0)),
        ];
        let rolled_nm = Segment::new(ROLL_S, (landing, takeoff), (0.0, 0.0)).distance_nm();
        let mut from = 0.0;
        for end in laps.iter().copied().map(Some).chain([None]) {
            let to = if end == Some(LapEnd::GoAround) { LOWEST } else { 0.0 };
            let vertical_s = |share: f64| share * CIRCUIT_FT / aircraft.vertical_fpm * 60.0;
            let climb = Segment::new(vertical_s(1.0 - from), (takeoff, CIRCUIT_KT), (from, 1.0));
            let descent = Segment::new(vertical_s(1.0 - to), (CIRCUIT_KT, landing), (1.0, to));
            let level_nm = LAP_NM - rolled_nm - climb.distance_nm() - descent.distance_nm();
            let level_s = level_nm.max(0.1) / CIRCUIT_KT * 3600.0;
            let level = Segment::new(level_s, (CIRCUIT_KT, CIRCUIT_KT), (1.0, 1.0));
            segments.extend([climb, level, descent]);
            if end.is_some() {
                segments.push(Segment::new(ROLL_S, (landing, takeoff), (to, to)));
            }
            from = to;
        }
        segments.extend([
            Segment::new(45.0, (landing, TAXI_KT), (0.0, 0.0)),
            Segment::new(60.0, (TAXI_KT, TAXI_KT), (0.0, 0.0)),
            Segment::new(20.0, (TAXI_KT, 0.0), (0.0, 0.0)),
            Segment::new(after_s, (0.0, 0.0), (0.0, 0.0)),
        ]);
        let distance_nm = segments.iter().map(Segment::distance_nm).sum();
        Self { segments, distance_nm, cruise_ft: elevation_ft + CIRCUIT_FT }
    }

    /// The part of the route that was flown, 0…1.
    pub(super) fn share_of(&self, flown_nm: f64) -> f64 {
        (flown_nm / self.distance_nm).min(1.0)
    }

    /// The duration from stand to stand, including the stands.
    pub(super) fn duration_s(&self) -> f64 {
        self.segments.iter().map(|segment| segment.seconds).sum()
    }

    /// From the start of the take-off roll to the end of the landing roll.
    pub(super) fn airborne_s(&self) -> std::ops::Range<f64> {
        let until = |count| self.segments.iter().take(count).map(|s| s.seconds).sum::<f64>();
        until(3)..until(self.segments.len() - 3)
    }

    /// The progress `elapsed_s` after the flight began at its stand.
    pub(super) fn at(&self, elapsed_s: f64) -> Progress {
        let mut left_s = elapsed_s.max(0.0);
        let mut flown_nm = 0.0;
        for segment in &self.segments {
            if left_s < segment.seconds {
                return Progress {
                    flown_nm: flown_nm + segment.distance_after(left_s),
                    groundspeed_kt: segment.knots_after(left_s),
                    height: between(segment.height, left_s / segment.seconds),
                };
            }
            left_s -= segment.seconds;
            flown_nm += segment.distance_nm();
        }
        Progress { flown_nm, groundspeed_kt: 0.0, height: 0.0 }
    }
}
