//! Where a flight is with respect to airports, and how an observation changes that.

use std::{mem, sync::Arc};

use super::{
    airports::{Airport, Airports},
    movement::{Happened, MovementKind},
    observed::{Fix, Last, Observed},
    thresholds::Thresholds,
};
use crate::Time;

/// How long after it was last seen on the ground a flight in the air has taken off, in seconds.
const TAKEOFF_WITHIN_S: i64 = 120;
/// Feet above an airport up to which a flight may be on its ground, and begins an approach.
const LOW_FT: f64 = 300.0;
/// Feet above an airport from which a flight may begin an approach, and at which it has ended one.
const HIGH_FT: f64 = 1_000.0;
/// A landing is dated by the first observation of its approach up to this number of feet above the airport.
const TOUCHDOWN_FT: f64 = 150.0;
/// An approach that came down to this number of feet above the airport touched it.
const TOUCHED_FT: f64 = 50.0;

/// The state of one flight, which is stored in `flights.airport_state`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AirportState {
    /// The latest observation with a groundspeed.
    pub(super) last: Option<Last>,
    pub(super) place: Place,
}

/// Where a flight is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Place {
    /// Neither was seen yet.
    #[default]
    Unknown,
    Ground {
        icao: Arc<str>,
        /// The time of the last observation on the ground.
        at: Time,
    },
    Air(Air),
}

/// A flight in the air.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Air {
    /// Whether it was high above an airport, or away from all airports, since it is in the air.
    pub was_high: bool,
    pub approach: Option<Approach>,
}

/// An approach that has not ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Approach {
    pub icao: Arc<str>,
    pub lowest_ft: i32,
    pub lowest: Fix,
    /// The first observation at [`TOUCHDOWN_FT`] or lower.
    pub touchdown: Option<Fix>,
}

impl AirportState {
    /// Applies an observation. At most one movement becomes known by it.
    ///
    /// An observation without a groundspeed changes nothing, as if it had not been made.
    pub fn step(
        &self,
        seen: &Observed,
        airports: &Airports,
        thresholds: &Thresholds,
    ) -> (Self, Option<Happened>) {
        let Some(speed_kt) = seen.groundspeed else { return (self.clone(), None) };
        let (place, last) = match self.last {
            Some(last) if last.has_jumped(seen) => (Place::Unknown, None),
            last => (self.place.clone(), last),
        };
        let here = Here {
            fix: seen.fix(last),
            altitude_ft: seen.altitude,
            nearest: airports.nearest(seen.latitude, seen.longitude, thresholds.radius_nm),
            airports,
            radius_nm: thresholds.radius_nm,
        };
        let (place, happened) = match here.nearest {
            Some(airport) if speed_kt < thresholds.ground_kt && here.is_low(airport) => {
                here.on_ground(place, airport)
            }
            _ if speed_kt >= thresholds.air_kt
                && !here.nearest.is_some_and(|it| here.is_low(it)) =>
            {
                here.in_air(place)
            }
            _ => here.between(place),
        };
        (Self { last: Some(seen.last()), place }, happened)
    }
}

/// One observation, and what is around it.
struct Here<'a> {
    fix: Fix,
    altitude_ft: i32,
    nearest: Option<&'a Airport>,
    airports: &'a Airports,
    radius_nm: f64,
}

impl Here<'_> {
    fn height_ft(&self, airport: &Airport) -> f64 {
        f64::from(self.altitude_ft) - airport.elevation_ft
    }

    fn is_low(&self, airport: &Airport) -> bool {
        self.height_ft(airport) <= LOW_FT
    }

    fn is_high(&self, airport: &Airport) -> bool {
        self.height_ft(airport) >= HIGH_FT
    }

    /// The flight is on the ground of this airport. From the air, that is a landing.
    fn on_ground(&self, before: Place, airport: &Airport) -> (Place, Option<Happened>) {
        let landing = match before {
            Place::Air(Air { approach, .. }) => {
                let of_it = approach.filter(|approach| approach.icao == airport.icao);
                let fix = of_it.and_then(|approach| approach.touchdown).unwrap_or(self.fix);
                let icao = Arc::clone(&airport.icao);
                Some(Happened { kind: MovementKind::Landing, icao, fix })
            }
            Place::Ground { .. } | Place::Unknown => None,
        };
        (Place::Ground { icao: Arc::clone(&airport.icao), at: self.fix.at }, landing)
    }

    /// The flight is in the air. Soon after the ground, that is a take-off.
    fn in_air(&self, before: Place) -> (Place, Option<Happened>) {
        let (icao, at) = match before {
            Place::Air(air) => return self.fly(air),
            Place::Unknown => return (self.fly(Air::default()).0, None),
            Place::Ground { icao, at } => (icao, at),
        };
        let is_takeoff = self.fix.at - at <= chrono::TimeDelta::seconds(TAKEOFF_WITHIN_S);
        let takeoff = Happened { kind: MovementKind::Takeoff, icao, fix: self.fix };
        (self.fly(Air::default()).0, is_takeoff.then_some(takeoff))
    }

    /// The flight is where it was, on the ground or in the air.
    fn between(&self, before: Place) -> (Place, Option<Happened>) {
        match before {
            Place::Air(air) => self.fly(air),
            before @ (Place::Ground { .. } | Place::Unknown) => (before, None),
        }
    }

    /// Goes on with an approach, ends it, or begins one. What ends one may begin another.
    fn fly(&self, mut air: Air) -> (Place, Option<Happened>) {
        air.was_high |= self.nearest.is_none_or(|airport| self.is_high(airport));
        let mut happened = None;
        // The airports may be other ones than before, without this one.
        let under_way = mem::take(&mut air.approach)
            .and_then(|approach| Some((self.airports.get(&approach.icao)?, approach)));
        if let Some((airport, approach)) = under_way {
            let (latitude, longitude) = (self.fix.latitude, self.fix.longitude);
            if self.is_high(airport) {
                happened = Some(approach.ended_in_a_climb(airport));
            } else if airport.distance_nm(latitude, longitude) <= self.radius_nm {
                air.approach = Some(self.go_on(approach, airport));
            }
        }
        if air.approach.is_none()
            && air.was_high
            && let Some(airport) = self.nearest.filter(|airport| self.is_low(airport))
        {
            air.approach = Some(self.begin(airport));
        }
        (Place::Air(air), happened)
    }

    fn touchdown(&self, airport: &Airport) -> Option<Fix> {
        (self.height_ft(airport) <= TOUCHDOWN_FT).then_some(self.fix)
    }

    fn begin(&self, airport: &Airport) -> Approach {
        Approach {
            icao: Arc::clone(&airport.icao),
            lowest_ft: self.altitude_ft,
            lowest: self.fix,
            touchdown: self.touchdown(airport),
        }
    }

    fn go_on(&self, mut approach: Approach, airport: &Airport) -> Approach {
        if self.altitude_ft < approach.lowest_ft {
            (approach.lowest_ft, approach.lowest) = (self.altitude_ft, self.fix);
        }
        approach.touchdown = approach.touchdown.or_else(|| self.touchdown(airport));
        approach
    }
}

impl Approach {
    fn ended_in_a_climb(self, airport: &Airport) -> Happened {
        let touched = f64::from(self.lowest_ft) - airport.elevation_ft <= TOUCHED_FT;
        let kind = if touched { MovementKind::TouchAndGo } else { MovementKind::GoAround };
        Happened { kind, icao: self.icao, fix: self.lowest }
    }
}
