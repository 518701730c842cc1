use super::*;

#[test]
fn a_line_keeps_what_can_be_seen() {
    let line = [(0.0, 0.0), (1.0, 0.1), (2.0, -0.1), (3.0, 5.0), (4.0, 5.1), (5.0, 5.0)];
    assert_eq!(simplified(&line, 0.3), [(0.0, 0.0), (2.0, -0.1), (3.0, 5.0), (5.0, 5.0)]);
    assert_eq!(simplified(&line, 0.0), line);
    assert_eq!(simplified(&[], 1.0), []);
    // A ring stays a ring.
    let ring = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (4.5, 9.01), (0.0, 9.0), (0.0, 0.0)];
    assert_eq!(
        simplified(&ring, 0.3),
        [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)]
    );
}

#[test]
fn a_path_is_short_and_exact_to_a_tenth() {
    let of = |line: &[Point], is_closed| {
        let mut path = String::new();
        path_of(&mut path, line, is_closed);
        path
    };
    let square = [(1.0, -2.04), (11.0, -2.0), (11.04, 8.5), (1.0, 8.5), (1.0, -2.04)];
    assert_eq!(of(&square, true), "M1-2l10 0 0 10.5-10 0z");
    assert_eq!(of(&square, false), "M1-2l10 0 0 10.5-10 0 0-10.5");
    assert_eq!(of(&[(0.5, 0.5), (0.52, 0.49)], true), "M.5 .5h0z", "a dot");
    assert_eq!(of(&[], true), "");
    // Errors of rounding do not add up along a line.
    let line: Vec<Point> = (0..=1000).map(|n| (f64::from(n) * 0.14, 0.0)).collect();
    let path = of(&line, false);
    let numbers = path.split(['M', 'l', ' ']).filter_map(|number| number.parse::<f64>().ok());
    assert!((numbers.sum::<f64>() - 140.0).abs() < 1e-6, "{path}");
}

#[test]
fn only_what_may_be_in_view_is_kept() {
    let sheet = Bounds { west: 0.0, east: 10.0, south: 0.0, north: 10.0 };
    let line = [(-9.0, 5.0), (-5.0, 5.0), (5.0, 5.0), (15.0, 5.0), (20.0, 5.0), (5.0, -9.0)];
    let parts = clipped(line.into_iter().map(Some), &sheet);
    assert_eq!(parts, [vec![(-5.0, 5.0), (5.0, 5.0), (15.0, 5.0)], vec![(20.0, 5.0), (5.0, -9.0)]]);
    let torn =
        clipped([Some((1.0, 1.0)), None, Some((2.0, 2.0)), Some((3.0, 3.0))].into_iter(), &sheet);
    assert_eq!(torn, [vec![(2.0, 2.0), (3.0, 3.0)]]);
}

#[test]
fn edges_are_drawn_in_steps() {
    let steps = in_steps(&[(0.0, 0.0), (10.0, 5.0)]);
    assert_eq!(steps, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0].map(|step| (2.0 * step, step)));
    assert_eq!(in_steps(&[]), []);
}
