//! The radios of the controllers on duty, and whom a pilot would call.

use geo::{Distance, Haversine, Point};

use super::{
    aerodromes::{AUSTRALIA, Aerodrome, METRES_PER_NM, elevation_ft_at},
    controllers::{Duty, on_duty},
    rosters::{ROSTERS, Roster},
};

pub(super) const FEET_PER_METRE: f64 = 1.0 / 0.3048;
/// The channel of flight service over the oceans.
const HF_HZ: i64 = 8_867_000;
const FSS: i32 = 1;
const DEL: i32 = 2;
const GND: i32 = 3;
const TWR: i32 = 4;
const APP: i32 = 5;
const CTR: i32 = 6;
/// The farthest aerodrome at which a centre has a site.
const CENTRE_NM: f64 = 350.0;

/// A radio of a controller.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Site {
    pub(super) frequency_hz: i64,
    pub(super) place: Point,
    pub(super) height_m: f64,
    /// Whether it has the channel of a position that is closed.
    is_extension: bool,
}

/// The controllers on duty at a moment, each with its radios.
#[derive(Debug)]
pub(super) struct Stations(pub(super) Vec<(Duty, Vec<Site>)>);

/// A pilot, as far as the choice of a channel depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) place: Point,
    pub(super) altitude_ft: f64,
    pub(super) groundspeed_kt: Option<f64>,
    /// Whether a centre is called on the channel of the closed position that it covers.
    pub(super) calls_locally: bool,
}

impl Stations {
    /// The stations at a moment.
    pub(super) fn at(seed: u64, now_s: f64) -> Self {
        let duties = on_duty(seed, now_s);
        let extensions = extensions(&duties);
        let sites_of = |duty: &Duty| {
            let mut sites = own_sites(duty);
            let covered = extensions.iter().filter(|(callsign, _)| *callsign == duty.callsign);
            sites.extend(covered.map(|(_, site)| site.clone()));
            sites
        };
        let sites: Vec<_> = duties.iter().map(sites_of).collect();
        Self(duties.into_iter().zip(sites).collect())
    }

    /// The channel on which a pilot finds a controller: of the aerodrome, then of the terminal sector in the
    /// order of its owners, then the nearest centre or flight service. So who is above covers what is closed.
    pub(super) fn channel_for(&self, caller: &Caller) -> Option<i64> {
        let (aerodrome, distance_nm) = nearest(caller.place)?;
        let height_ft = caller.altitude_ft - aerodrome.elevation_ft;
        let is_slow = caller.groundspeed_kt.is_some_and(|knots| knots < 40.0);
        let at_aerodrome = if is_slow && distance_nm < 3.0 {
            if caller.groundspeed_kt == Some(0.0) { &[DEL, GND, TWR][..] } else { &[GND, TWR][..] }
        } else if distance_nm < 8.0 && height_ft < 2_500.0 {
            &[TWR][..]
        } else {
            &[][..]
        };
        let local = at_aerodrome.iter().find_map(|facility| {
            self.first(caller, |duty| {
                duty.position.facility == *facility && duty.is_near(aerodrome.point(), 2.0)
            })
        });
        let terminal = ROSTERS.iter().find(|roster| {
            roster.aerodrome == Some(aerodrome.icao)
                && distance_nm <= roster.radius_nm
                && caller.altitude_ft <= roster.ceiling_ft
        });
        let of_terminal = || {
            let owners = terminal?.callsigns.iter();
            owners
                .copied()
                .find_map(|owner| self.first(caller, |duty| duty.position.callsign == owner))
        };
        local.or_else(of_terminal).or_else(|| self.nearest_area(caller))
    }

    /// The channel of the first of these controllers that can be heard.
    fn first(&self, caller: &Caller, is_wanted: impl Fn(&Duty) -> bool) -> Option<i64> {
        let wanted = self.0.iter().filter(|(duty, _)| is_wanted(duty));
        wanted.filter_map(|(duty, sites)| caller.hears(duty, sites)).map(|(_, hz)| hz).next()
    }

    /// The channel of the centre or approach that is heard best, or else of a flight service.
    fn nearest_area(&self, caller: &Caller) -> Option<i64> {
        let areas = self.0.iter().filter(|(duty, _)| {
            let is_terminal = duty.roster.is_some_and(|(roster, _)| roster.aerodrome.is_some());
            matches!(duty.position.facility, FSS | APP | CTR) && !is_terminal
        });
        let heard = areas.filter_map(|(duty, sites)| {
            let (share, hz) = caller.hears(duty, sites)?;
            Some((duty.position.facility == FSS, share, hz))
        });
        heard.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(_, _, hz)| hz)
    }
}

impl Caller {
    /// The channel on which a controller is heard, with the share of the reach that the distance takes.
    fn hears(&self, duty: &Duty, sites: &[Site]) -> Option<(f64, i64)> {
        let heard = sites.iter().filter_map(|site| {
            let share = self.share(duty.position.facility, site)?;
            Some((site.is_extension != self.calls_locally, share, site.frequency_hz))
        });
        let best = heard.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
        Some((best.1, best.2))
    }

    fn share(&self, facility: i32, site: &Site) -> Option<f64> {
        let cap_nm = cap_nm(facility);
        // Most stations are far away, which their latitudes show at once.
        if (self.place.y() - site.place.y()).abs() * 60.0 > cap_nm + 1.0 {
            return None;
        }
        let site_ft = site.height_m * FEET_PER_METRE;
        let horizon_nm = 1.25 * (self.altitude_ft.max(164.0).sqrt() + site_ft.max(164.0).sqrt());
        // A pilot calls from somewhat nearer than the last mile of the reach.
        let reach_nm =
            0.98 * if site.frequency_hz == HF_HZ { cap_nm } else { cap_nm.min(horizon_nm) };
        let distance_nm = Haversine.distance(self.place, site.place) / METRES_PER_NM;
        (distance_nm <= reach_nm).then_some(distance_nm / reach_nm)
    }
}

/// How far a position can be heard at most, in nautical miles.
fn cap_nm(facility: i32) -> f64 {
    match facility {
        FSS => 1_500.0,
        DEL | GND => 15.0,
        TWR => 50.0,
        APP => 150.0,
        CTR => 600.0,
        _ => 0.0,
    }
}

/// The Australian aerodrome nearest to a place, and its distance in nautical miles.
fn nearest(place: Point) -> Option<(&'static Aerodrome, f64)> {
    let distance_nm =
        |aerodrome: &Aerodrome| Haversine.distance(aerodrome.point(), place) / METRES_PER_NM;
    let distances = AUSTRALIA.iter().map(|aerodrome| (aerodrome, distance_nm(aerodrome)));
    distances.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The radios of a controller on the position's channel; none before the first minute is over.
fn own_sites(duty: &Duty) -> Vec<Site> {
    const MAST_M: f64 = 15.0;
    let Some(frequency_hz) = duty.frequency_hz() else { return Vec::new() };
    let site = |place, frequency_hz, mast_m| Site {
        frequency_hz,
        place,
        height_m: elevation_ft_at(place) / FEET_PER_METRE + mast_m,
        is_extension: false,
    };
    let place = duty.position.point();
    match (duty.position.facility, duty.roster) {
        (CTR, Some(_)) => {
            let near =
                AUSTRALIA.iter().filter(|aerodrome| duty.is_near(aerodrome.point(), CENTRE_NM));
            let near = near.map(|aerodrome| site(aerodrome.point(), frequency_hz, MAST_M));
            std::iter::once(site(place, frequency_hz, 700.0)).chain(near).collect()
        }
        (FSS, Some(_)) => vec![site(place, frequency_hz, 300.0), site(place, HF_HZ, 300.0)],
        _ => vec![site(place, frequency_hz, MAST_M)],
    }
}

/// The channels of terminal sectors without a controller, each with the callsign of the centre that has it too.
fn extensions(duties: &[Duty]) -> Vec<(String, Site)> {
    let closed = |roster: &&Roster| {
        let is_open = |duty: &Duty| {
            duty.frequency_hz().is_some()
                && duty.roster.is_some_and(|(of, _)| std::ptr::eq(of, *roster))
        };
        roster.aerodrome.is_some() && !duties.iter().any(is_open)
    };
    let covered = ROSTERS.iter().filter(closed).filter_map(|roster| {
        let aerodrome = AUSTRALIA.iter().find(|it| Some(it.icao) == roster.aerodrome)?;
        let distance_m = |duty: &Duty| Haversine.distance(duty.position.point(), aerodrome.point());
        let centres = duties.iter().filter(|duty| {
            duty.position.facility == CTR
                && duty.roster.is_some()
                && duty.frequency_hz().is_some()
                && duty.is_near(aerodrome.point(), CENTRE_NM)
        });
        let centre = centres.min_by(|a, b| distance_m(a).total_cmp(&distance_m(b)))?;
        let site = Site {
            frequency_hz: super::positions::frequency_hz_of(roster.callsigns[0])?,
            place: aerodrome.point(),
            height_m: aerodrome.elevation_ft / FEET_PER_METRE + 15.0,
            is_extension: true,
        };
        Some((centre.callsign.to_string(), site))
    });
    covered.collect()
}
