//! The traffic has the promised kind and amount.

use std::collections::{BTreeMap, HashMap, HashSet};

use geo::{Contains, Distance, Haversine, LineString, Point, Polygon};

use super::{super::aerodromes::AUSTRALIA, *};

/// From the north-west corner of YBBB eastwards along the region's edge.
const NORTHERN_EDGE: [(f64, f64); 15] = [
    (123.333, -12.0),
    (126.833, -9.333),
    (135.0, -7.0),
    (139.667, -9.833),
    (141.0, -9.833),
    (141.033, -9.617),
    (143.883, -9.133),
    (144.217, -9.4),
    (144.0, -12.0),
    (155.0, -12.0),
    (155.0, -14.0),
    (161.25, -14.0),
    (163.0, -17.667),
    (163.0, -45.0),
    (150.0, -45.0),
];

/// Approximately the line between the two FIRs, from east to west.
const DIVIDING_LINE: [(f64, f64); 12] = [
    (151.0, -43.0),
    (150.75, -37.0),
    (153.0, -35.3),
    (152.0, -33.6),
    (150.5, -33.5),
    (146.5, -29.0),
    (141.5, -28.0),
    (136.25, -21.5),
    (126.0, -23.5),
    (121.5, -20.0),
    (115.0, -14.0),
    (114.5, -12.0),
];

fn polygon(points: Vec<(f64, f64)>) -> Polygon {
    Polygon::new(LineString::from(points), vec![])
}

fn region() -> Polygon {
    let west = [(163.0, -60.0), (75.0, -60.0), (75.0, -6.0), (78.0, -2.0), (92.0, -2.0)];
    let to_163 = NORTHERN_EDGE[..13].iter().copied();
    polygon(to_163.chain(west).chain([(107.0, -12.0)]).collect())
}

fn brisbane() -> Polygon {
    polygon(NORTHERN_EDGE.into_iter().chain(DIVIDING_LINE).collect())
}

#[test]
fn all_day_long_there_are_enough_pilots_and_enough_of_them_in_the_region() {
    let (world, start) = world(1.0);
    let region = region();
    for step in 0..144 {
        let at = start + TimeDelta::minutes(10 * step);
        let legs = world.legs(at);
        let pilots = world.pilots(&legs, at);
        let inside = pilots
            .iter()
            .filter(|pilot| pilot.flight_plan.is_some())
            .filter(|pilot| region.contains(&Point::new(pilot.longitude, pilot.latitude)))
            .count();
        assert!((1_300..=1_700).contains(&pilots.len()), "{at}: {} pilots", pilots.len());
        assert!((40..=200).contains(&inside), "{at}: {inside} in the region");
    }
}

/// The latest observation of a flight.
#[derive(Clone)]
struct Sight {
    step: i64,
    position: Point,
    groundspeed: Option<i32>,
    last_updated: Time,
}

type Counts = BTreeMap<&'static str, usize>;

/// What happened to a flight between two observations.
fn compare(before: &Sight, now: &Sight, areas: &[(&'static str, Polygon)], counts: &mut Counts) {
    let mut count = |what| *counts.entry(what).or_default() += 1;
    if now.step - before.step > 1 {
        count("returned within five minutes");
        assert!((now.step - before.step) * 15 <= 300);
    }
    if now.last_updated == before.last_updated {
        count("stood still");
    }
    let (Some(then_kt), Some(now_kt)) = (before.groundspeed, now.groundspeed) else {
        return count("without groundspeed");
    };
    let hours = (now.last_updated - before.last_updated).as_seconds_f64() / 3600.0;
    let moved_nm = Haversine.distance(before.position, now.position) / 1852.0;
    // Over a long gap, the speed in between may have been higher than at both ends.
    if now.step - before.step == 1 {
        let fastest_kt = f64::from(then_kt.max(now_kt));
        assert!(moved_nm <= (fastest_kt + 5.0) * hours + 0.01, "{moved_nm} NM in {hours} h");
    }
    let at_terminal = AUSTRALIA[..8]
        .iter()
        .any(|aerodrome| Haversine.distance(aerodrome.point(), now.position) < 5.0 * 1852.0);
    if at_terminal && then_kt < 60 && now_kt >= 60 {
        count("took off");
    }
    if at_terminal && then_kt >= 30 && now_kt < 30 {
        count("landed");
    }
    for (crossed, area) in areas {
        if area.contains(&before.position) != area.contains(&now.position) {
            count(crossed);
        }
    }
}

#[test]
fn an_hour_sees_everything_that_happens_on_the_network() {
    let settings = SimulatorSettings { pilots: 700, domestic_percent: 15, ..Default::default() };
    let (start, world) = (settings.start, World::new(settings));
    let areas = [("crossed the boundary", region()), ("crossed the FIRs", brisbane())];
    let mut sights = HashMap::<(i32, String, String), Sight>::new();
    let mut logons = HashMap::<(i32, String), (i64, String)>::new();
    let mut counts = Counts::new();
    for step in 0..240 {
        let at = start + TimeDelta::seconds(15 * step);
        let legs = world.legs(at);
        let (mut callsigns, mut cids) = (HashSet::new(), HashSet::new());
        for pilot in world.pilots(&legs, at) {
            assert!(callsigns.insert(pilot.callsign), "{} is there twice", pilot.callsign);
            if !cids.insert(pilot.cid) {
                *counts.entry("ghosts").or_default() += 1;
            }
            if pilot.flight_plan.is_none() {
                *counts.entry("without a plan").or_default() += 1;
            }
            let now = Sight {
                step,
                position: Point::new(pilot.longitude, pilot.latitude),
                groundspeed: pilot.groundspeed,
                last_updated: pilot.last_updated.parse().unwrap(),
            };
            assert!(now.last_updated <= at && at - now.last_updated < TimeDelta::minutes(3));
            let member = (pilot.cid, pilot.callsign.to_owned());
            if let Some((seen, logon)) = logons.insert(member, (step, pilot.logon_time.clone()))
                && logon != pilot.logon_time
                && step - seen <= 20
            {
                *counts.entry("logged on again within five minutes").or_default() += 1;
            }
            let key = (pilot.cid, pilot.callsign.to_owned(), pilot.logon_time);
            if let Some(before) = sights.insert(key, now.clone()) {
                compare(&before, &now, &areas, &mut counts);
            }
        }
    }
    let vanished = |sight: &&Sight| sight.step < 220 && sight.groundspeed > Some(200);
    counts.insert("never returned", sights.values().filter(vanished).count());
    for (what, least) in [
        ("took off", 10),
        ("landed", 10),
        ("crossed the boundary", 2),
        ("crossed the FIRs", 2),
        ("returned within five minutes", 5),
        ("never returned", 5),
        ("logged on again within five minutes", 3),
        ("ghosts", 5),
        ("stood still", 100),
        ("without groundspeed", 100),
        ("without a plan", 1_000),
    ] {
        let count = counts.get(what).copied().unwrap_or_default();
        assert!(count >= least, "{what}: {count} of at least {least}; all: {counts:?}");
    }
}
