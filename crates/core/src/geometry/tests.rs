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
    let strips = enclosed_area(&shape.line, Vec::new());
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
