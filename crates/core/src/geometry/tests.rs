use geo::coordinate_position::coord_pos_relative_to_ring;
use proptest::prelude::*;

use super::*;

fn ring(vertices: &[(f64, f64)]) -> Ring {
    Ring::new(vertices.iter().map(|&(x, y)| Coord { x, y }).collect()).expect("a ring with an area")
}

fn square(west: f64, south: f64, size: f64) -> Ring {
    ring(&[(west, south), (west + size, south), (west + size, south + size), (west, south + size)])
}

fn plain(exterior: Ring) -> Polygon {
    Polygon { exterior, holes: Vec::new() }
}

/// Checks points: latitude, longitude, expected result.
fn check(polygon: &Polygon, points: &[(f64, f64, bool)]) {
    for &(latitude, longitude, expected) in points {
        assert_eq!(polygon.contains(latitude, longitude), expected, "at {latitude}, {longitude}");
    }
}

#[test]
fn edges_and_vertices_are_inside() {
    check(
        &plain(square(0.0, 0.0, 10.0)),
        &[
            (5.0, 5.0, true),
            (0.0, 5.0, true),
            (10.0, 5.0, true),
            (5.0, 0.0, true),
            (5.0, 10.0, true),
            (0.0, 0.0, true),
            (10.0, 10.0, true),
            (10.0, 0.0, true),
            (0.0, 10.0, true),
            (-1e-12, 5.0, false),
            (5.0, 10.000_000_000_001, false),
            (0.0, -5.0, false),
            (10.0, 15.0, false),
            (f64::NAN, 5.0, false),
            (5.0, f64::INFINITY, false),
        ],
    );
}

#[test]
fn slanted_edges_are_exact() {
    let triangle = plain(ring(&[(0.0, 0.0), (8.0, 0.0), (0.0, 4.0)]));
    check(
        &triangle,
        &[
            (2.0, 4.0, true),
            (1.0, 6.0, true),
            (2.0_f64.next_up(), 4.0, false),
            (2.0, 4.0_f64.next_down(), true),
        ],
    );
}

#[test]
fn a_ray_through_a_vertex_counts_once() {
    let diamond = plain(ring(&[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)]));
    check(
        &diamond,
        &[
            (0.0, -6.0, false),
            (0.0, 6.0, false),
            (0.0, 0.0, true),
            (5.0, -1.0, false),
            (5.0, 0.0, true),
        ],
    );
}

#[test]
fn holes_are_outside_and_their_edges_are_not() {
    for hole in [square(4.0, 4.0, 2.0), ring(&[(4.0, 4.0), (4.0, 6.0), (6.0, 6.0), (6.0, 4.0)])] {
        let polygon = Polygon { exterior: square(0.0, 0.0, 10.0), holes: vec![hole] };
        check(&polygon, &[(5.0, 5.0, false), (4.0, 5.0, true), (6.0, 6.0, true), (5.0, 3.0, true)]);
        assert_eq!(polygon.area(), 96.0);
    }
}

#[test]
fn one_meridian_has_two_spellings() {
    let west_of_it = plain(square(170.0, 0.0, 10.0));
    let east_of_it = plain(square(-180.0, 0.0, 10.0));
    let across = plain(ring(&[(170.0, 0.0), (190.0, 0.0), (190.0, 10.0), (170.0, 10.0)]));
    let across_from_the_east =
        plain(ring(&[(-170.0, 0.0), (-170.0, 10.0), (-190.0, 10.0), (-190.0, 0.0)]));
    for (longitude, expected) in [
        (180.0, [true, true, true]),
        (-180.0, [true, true, true]),
        (175.0, [true, false, true]),
        (-175.0, [false, true, true]),
        (-170.0, [false, true, true]),
        (0.0, [false, false, false]),
        (-165.0, [false, false, false]),
        (169.0, [false, false, false]),
    ] {
        let found =
            [&west_of_it, &east_of_it, &across].map(|polygon| polygon.contains(5.0, longitude));
        assert_eq!(found, expected, "at {longitude}");
        assert_eq!(across_from_the_east.contains(5.0, longitude), expected[2], "at {longitude}");
    }
}

#[test]
fn a_ring_that_crosses_itself_holds_all_it_goes_round() {
    let bow_tie = ring(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]);
    assert!(bow_tie.touches_itself());
    assert_eq!(bow_tie.area(), 8.0);
    check(
        &plain(bow_tie),
        &[(2.0, 1.0, true), (2.0, 3.0, true), (3.0, 2.0, false), (2.0, 2.0, true)],
    );

    let through_a_vertex =
        ring(&[(0.0, 0.0), (2.0, 2.0), (4.0, 4.0), (4.0, 0.0), (2.0, 2.0), (0.0, 4.0)]);
    assert_eq!(through_a_vertex.area(), 8.0);

    // Twice round the middle, which is inside and counted once.
    let loops = ring(&[
        (0.0, 0.0),
        (6.0, 0.0),
        (6.0, 4.0),
        (2.0, 4.0),
        (2.0, 1.0),
        (4.0, 1.0),
        (4.0, 6.0),
        (0.0, 6.0),
    ]);
    assert_eq!(loops.area(), 6.0 * 4.0 + 4.0 * 2.0);
    check(&plain(loops), &[(2.0, 3.0, true), (5.0, 5.0, false), (5.0, 1.0, true)]);
}

#[test]
fn the_plain_area_is_that_of_the_strips() {
    let shape =
        ring(&[(100.0, -30.0), (110.5, -31.0), (112.0, -22.25), (104.0, -25.0), (101.0, -20.0)]);
    assert!(!shape.touches_itself());
    let strips = enclosed::area(&shape.line, Vec::new(), &mut Effort::default()).expect("an area");
    assert!((shape.area() - strips).abs() < 1e-9, "{} and {strips}", shape.area());
}

#[test]
fn nothing_enclosed_is_no_ring() {
    for vertices in [
        &[][..],
        &[(1.0, 1.0)],
        &[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)],
        &[(0.0, 0.0), (5.0, 0.0), (0.0, 0.0)],
    ] {
        let vertices: Vec<Coord> = vertices.iter().map(|&(x, y)| Coord { x, y }).collect();
        assert_eq!(Ring::new(vertices.clone()), None, "{vertices:?}");
    }
}

/// A ring of many short sides round the origin, with a latitude that several vertices share.
fn star(radii: &[f64]) -> Ring {
    let vertex = |(at, radius): (usize, &f64)| {
        let angle = std::f64::consts::TAU * at as f64 / radii.len() as f64;
        // In steps, so that sides lie along a latitude and vertices on one.
        let step = |degrees: f64| (degrees * 4.0).round() / 4.0;
        Coord { x: step(radius * angle.cos()), y: step(radius * angle.sin()) }
    };
    Ring::new(radii.iter().enumerate().map(vertex).collect()).expect("an area")
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    #[test]
    fn a_point_in_its_band_is_where_it_is_among_all_sides(
        radii in prop::collection::vec(5.0..20.0_f64, 30..200),
        points in prop::collection::vec((-84..84_i32, -84..84_i32), 50),
    ) {
        let ring = star(&radii);
        prop_assert!(ring.bands.at(0.0).is_some_and(|sides| sides.len() < radii.len()));
        let given = points.iter().map(|&(x, y)| Coord { x: f64::from(x) / 4.0, y: f64::from(y) / 4.0 });
        let given: Vec<Coord> = given.chain(ring.vertices().iter().copied()).collect();
        for point in given {
            prop_assert_eq!(ring.position_of(point), coord_pos_relative_to_ring(point, &ring.line));
        }
    }

    #[test]
    fn the_other_direction_is_the_same_ring(radii in prop::collection::vec(5.0..20.0_f64, 30..60)) {
        let ring = star(&radii);
        let reversed = ring.clone().reversed();
        prop_assert_eq!(ring.area(), reversed.area());
        for &point in ring.vertices() {
            prop_assert_eq!(ring.position_of(point), reversed.position_of(point));
        }
    }
}

#[test]
fn what_takes_too_long_is_no_ring() {
    // A comb whose teeth lie beside one another: no two sides meet, but all of their boxes do.
    let tooth = |at: u32| {
        let x = f64::from(at) * 0.001;
        let (low, high) = (Coord { x, y: 0.0 }, Coord { x: x + 50.0, y: 50.0 });
        if at.is_multiple_of(2) { [low, high] } else { [high, low] }
    };
    let comb: Vec<Coord> = (0..500).flat_map(tooth).collect();
    let closed = |effort: usize| Ring::within(comb.clone(), &mut Effort::of(effort));
    assert_eq!(closed(100_000), Err(NoRing::Tangled));
    assert!(closed(100_000_000).is_ok());
    assert_eq!(Ring::within(Vec::new(), &mut Effort::of(0)), Err(NoRing::NoArea));
}
