use std::cmp::Ordering;

use geo::Coord;

use super::*;
use crate::geometry::Ring;

fn square(west: f64, south: f64, size: f64) -> Polygon {
    let corners = [(0.0, 0.0), (size, 0.0), (size, size), (0.0, size)];
    let vertices = corners.map(|(x, y)| Coord { x: west + x, y: south + y });
    Polygon { exterior: Ring::new(vertices.to_vec()).expect("a square"), holes: Vec::new() }
}

fn volume(polygon: Polygon, floor_ft: Option<f64>, ceiling_ft: Option<f64>) -> Volume {
    Volume { polygons: vec![polygon], floor_ft, ceiling_ft, active_when: None }
}

fn sector(id: &str, volumes: Vec<Volume>) -> Sector {
    let (id, name) = (Arc::from(id), id.to_owned());
    Sector { id, name, volumes, ..Sector::default() }
}

fn airspace(sectors: Vec<Sector>) -> Airspace {
    Airspace::new(Vec::new(), sectors, "0".repeat(12), false)
}

fn primary(airspace: &Airspace, latitude: f64, longitude: f64, altitude_ft: i32) -> Option<&str> {
    airspace.primary_sector(latitude, longitude, altitude_ft, None).map(|id| &**id)
}

#[test]
fn the_smallest_sector_whose_limits_hold_is_recorded() {
    let low = |size| vec![volume(square(0.0, 0.0, size), None, Some(5_000.0))];
    let wide = vec![volume(square(0.0, 0.0, 10.0), None, None)];
    let airspace =
        airspace(vec![sector("WIDE", wide), sector("LOW", low(4.0)), sector("TINY", low(2.0))]);
    assert_eq!(primary(&airspace, 1.0, 1.0, 5_000), Some("TINY"));
    assert_eq!(primary(&airspace, 3.0, 3.0, 5_000), Some("LOW"));
    assert_eq!(primary(&airspace, 1.0, 1.0, 5_001), Some("WIDE"));
    assert_eq!(primary(&airspace, 11.0, 1.0, 5_000), None);
    let all: Vec<&str> = airspace.sectors_at(1.0, 1.0, 0, None).map(|sector| &*sector.id).collect();
    assert_eq!(all, ["TINY", "LOW", "WIDE"]);
    let file_order: Vec<&str> = airspace.sectors().iter().map(|sector| &*sector.id).collect();
    assert_eq!(file_order, ["WIDE", "LOW", "TINY"]);
}

#[test]
fn all_volumes_of_a_sector_make_its_area() {
    // Each volume of SPLIT is smaller than WHOLE, but both together are larger.
    let split =
        vec![volume(square(0.0, 0.0, 4.0), None, None), volume(square(20.0, 0.0, 4.0), None, None)];
    let airspace = airspace(vec![
        sector("SPLIT", split),
        sector("WHOLE", vec![volume(square(0.0, 0.0, 5.0), None, None)]),
    ]);
    assert_eq!(primary(&airspace, 1.0, 1.0, 0), Some("WHOLE"));
    assert_eq!(primary(&airspace, 1.0, 21.0, 0), Some("SPLIT"));
}

#[test]
fn equal_areas_tie_by_file_order() {
    // The same shape from another vertex, with an area that differs in the last digits.
    let shape = [(100.1, -30.3), (110.7, -31.9), (112.3, -22.7), (101.9, -20.1)];
    let from = |start: usize| {
        let vertices =
            (0..4).map(|i| shape[(start + i) % 4]).map(|(x, y)| Coord { x, y }).collect();
        let polygon = Polygon { exterior: Ring::new(vertices).expect("a ring"), holes: Vec::new() };
        vec![volume(polygon, None, None)]
    };
    for start in 1..4 {
        for (first, second) in [(0, start), (start, 0)] {
            let airspace =
                airspace(vec![sector("FIRST", from(first)), sector("SECOND", from(second))]);
            assert_eq!(
                primary(&airspace, -26.0, 106.0, 0),
                Some("FIRST"),
                "{first} before {second}"
            );
        }
    }
}

#[test]
fn limits_are_inclusive_and_each_volume_has_its_own() {
    let airspace = airspace(vec![sector(
        "STEPS",
        vec![
            volume(square(0.0, 0.0, 1.0), Some(1_000.0), Some(2_000.0)),
            volume(square(5.0, 0.0, 1.0), Some(3_000.0), None),
        ],
    )]);
    for (longitude, altitude_ft, inside) in [
        (0.5, 999, false),
        (0.5, 1_000, true),
        (0.5, 2_000, true),
        (0.5, 2_001, false),
        (0.5, 3_000, false),
        (5.5, 2_000, false),
        (5.5, 2_999, false),
        (5.5, 3_000, true),
        (5.5, 100_000, true),
    ] {
        assert_eq!(
            primary(&airspace, 0.5, longitude, altitude_ft).is_some(),
            inside,
            "{longitude} {altitude_ft}"
        );
    }
}

/// LOW up to 10,000 ft, HIGH from there to 24,500 ft, at one place.
fn stacked(transition_altitude_ft: f64) -> Airspace {
    let low = vec![volume(square(0.0, 0.0, 1.0), None, Some(10_000.0))];
    let high = vec![volume(square(0.0, 0.0, 2.0), Some(10_000.0), Some(24_500.0))];
    airspace(vec![sector("LOW", low), sector("HIGH", high)])
        .with_transition_altitude(transition_altitude_ft)
}

#[test]
fn sectors_that_share_a_limit_neither_overlap_nor_leave_a_gap() {
    for (transition_altitude_ft, boundary_ft) in [(10_000.0, 10_000), (9_999.0, 9_133)] {
        let airspace = stacked(transition_altitude_ft);
        for altitude_ft in 8_000..12_000 {
            let found: Vec<&str> =
                airspace.sectors_at(0.5, 0.5, altitude_ft, Some(983)).map(|it| &*it.id).collect();
            let expected: &[&str] = match altitude_ft.cmp(&boundary_ft) {
                Ordering::Less => &["LOW"],
                // At 983 hPa, 9,133 ft are a pressure level of exactly 10,000 ft.
                Ordering::Equal => &["LOW", "HIGH"],
                Ordering::Greater => &["HIGH"],
            };
            assert_eq!(found, expected, "{altitude_ft} ft of {transition_altitude_ft}");
        }
    }
    // Not rounded: at 1014 hPa, 24,529 ft are 24,500.1 ft.
    let inside = |altitude_ft| {
        stacked(10_000.0).primary_sector(0.5, 0.5, altitude_ft, Some(1_014)).is_some()
    };
    assert!(inside(24_528) && !inside(24_529));
}

#[test]
fn a_flight_stays_in_its_sector_within_the_hysteresis() {
    let airspace = stacked(10_000.0);
    // Sector, longitude, altitude, QNH, hysteresis, whether it stays.
    for (id, longitude, altitude_ft, qnh_mb, hysteresis_ft, expected) in [
        ("LOW", 0.5, 10_000, None, 100.0, false), // exactly inside: the primary rule judges
        ("LOW", 0.5, 10_001, None, 100.0, true),
        ("LOW", 0.5, 10_100, None, 100.0, true),
        ("LOW", 0.5, 10_101, None, 100.0, false),
        ("LOW", 0.5, 10_001, None, 0.0, false),
        ("LOW", 1.5, 10_001, None, 100.0, false), // beside it
        ("HIGH", 0.5, 9_900, None, 100.0, true),
        ("HIGH", 0.5, 9_900, Some(900), 100.0, true), // its floor is an altitude
        ("HIGH", 0.5, 9_899, None, 100.0, false),
        ("HIGH", 0.5, 24_600, None, 100.0, true),
        ("HIGH", 0.5, 24_601, None, 100.0, false),
        ("HIGH", 0.5, 24_628, Some(1_014), 100.0, true), // its ceiling a level: 24,599.1 ft
        ("HIGH", 0.5, 24_629, Some(1_014), 100.0, false),
        ("GONE", 0.5, 10_001, None, 100.0, false),
    ] {
        let level = airspace.level(altitude_ft, qnh_mb);
        let stays = airspace.nearly_holds(id, (0.5, longitude), level, hysteresis_ft);
        assert_eq!(stays, expected, "{id} at {longitude}, {altitude_ft} ft, {qnh_mb:?}");
    }
}

#[test]
fn without_a_boundary_the_sectors_are_it() {
    let sectors =
        || vec![sector("HIGH", vec![volume(square(0.0, 0.0, 1.0), Some(20_000.0), None)])];
    assert!(airspace(sectors()).contains(1.0, 1.0), "an edge, whatever the altitude");
    assert!(!airspace(sectors()).contains(1.5, 1.0));
    let bounded = Airspace::new(vec![square(5.0, 5.0, 1.0)], sectors(), String::new(), false);
    assert!(bounded.contains(6.0, 5.0) && !bounded.contains(0.5, 0.5));
    assert!(
        bounded.primary_sector(0.5, 0.5, 30_000, None).is_some(),
        "sectors do not ask the boundary"
    );
}
