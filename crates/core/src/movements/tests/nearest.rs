//! Which airport a flight is at.

use proptest::prelude::*;

use super::*;

#[test]
fn the_nearest_airport_within_the_radius_and_of_equals_the_first_by_code() {
    let all = [("B", 0.0), ("A", 0.0), ("C", 0.01), ("D", 0.08)];
    let all = Airports::new(all.map(|(icao, longitude)| airport(icao, 0.0, longitude, 0.0)));
    let found = |longitude| all.nearest(0.0, longitude, 3.0).map(|it| it.icao.to_string());
    assert_eq!(found(0.001).as_deref(), Some("A"));
    assert_eq!(found(0.005).as_deref(), Some("A"));
    assert_eq!(found(0.009).as_deref(), Some("C"));
    assert_eq!(found(0.0799).as_deref(), Some("D"));
    assert_eq!(found(-0.0499).as_deref(), Some("A"), "2.996 NM");
    assert_eq!(found(-0.05).as_deref(), None, "3.002 NM");
    assert!(Airports::default().nearest(0.0, 0.0, 3.0).is_none());
}

#[test]
fn airports_are_found_across_the_antimeridian_and_at_the_poles() {
    let all =
        Airports::new([airport("EAST", -17.0, 179.99, 0.0), airport("POLE", -90.0, 0.0, 9_300.0)]);
    let found = |latitude, longitude| all.nearest(latitude, longitude, 3.0).map(|it| &*it.icao);
    assert_eq!(found(-17.0, -179.99), Some("EAST"));
    assert_eq!(found(-17.0, 180.01), Some("EAST"));
    assert_eq!(found(-89.96, 123.0), Some("POLE"));
    assert_eq!(found(-89.94, 123.0), None);
}

#[test]
fn a_code_stands_for_the_first_airport_that_has_it() {
    let all = Airports::new([airport("A", 1.0, 1.0, 1.0), airport("A", 2.0, 2.0, 2.0)]);
    assert_eq!(all.len(), 1);
    assert_eq!(all.get("A").map(|it| it.latitude), Some(1.0));
    assert_eq!(all.get("B"), None);
    assert!(all.nearest(2.0, 2.0, 3.0).is_none());
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    #[test]
    fn the_index_finds_what_a_look_at_each_airport_finds(
        places in prop::collection::vec((-90.0..90.0_f64, -180.0..180.0_f64), 0..40),
        near in prop::collection::vec((-0.2..0.2_f64, -0.2..0.2_f64), 0..40),
        (latitude, longitude) in (-89.0..89.0_f64, -180.0..180.0_f64),
        radius_nm in 0.1..20.0_f64,
    ) {
        let near = near.iter().map(|(north, east)| (latitude + north, longitude + east));
        let near = near.filter(|(latitude, _)| latitude.abs() <= 90.0);
        let all: Vec<Airport> = places.into_iter().chain(near).zip(0..)
            .map(|((latitude, longitude), n)| airport(&format!("{n:02}"), latitude, longitude, 0.0))
            .collect();
        let distance = |it: &Airport| it.distance_nm(latitude, longitude);
        let nearest = all.iter().filter(|it| distance(it) <= radius_nm)
            .min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let index = Airports::new(all.clone());
        prop_assert_eq!(index.nearest(latitude, longitude, radius_nm), nearest);
    }
}
