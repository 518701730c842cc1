use super::*;
use crate::Position;

fn square(west: f64, south: f64, side: f64) -> Vec<Position> {
    let (east, north) = (west + side, south + side);
    vec![(west, south), (east, south), (east, north), (west, north), (west, south)]
}

fn frame(west: f64, south: f64, side: f64) -> Frame {
    Frame::over(&[&square(west, south, side)]).expect("a frame")
}

#[test]
fn a_shape_has_its_pole_inside_and_away_from_its_lines() {
    let frame = frame(0.0, 40.0, 10.0);
    // A crescent, whose middle is outside.
    let mut crescent: Vec<Position> = Vec::new();
    for (radius, steps) in [(5.0, 0..=20), (4.0, 0..=20)] {
        let mut arc: Vec<Position> = steps
            .map(|step| f64::from(step) * std::f64::consts::PI / 20.0)
            .map(|angle| (5.0 + radius * angle.cos(), 41.0 + radius * angle.sin()))
            .collect();
        if radius < 5.0 {
            arc.reverse();
        }
        crescent.extend(arc);
    }
    crescent.push(crescent[0]);
    let [shape] = &Shape::drawn(&frame, &[crescent])[..] else { panic!("one shape") };
    assert!(shape.contains(shape.pole()), "{:?}", shape.pole());
    assert!(!shape.contains(shape.bounds().middle()));
    // In a square with a hole, the pole is beside the hole.
    let [holed] = &Shape::drawn(&frame, &[square(0.0, 40.0, 10.0), square(3.0, 43.0, 5.0)])[..]
    else {
        panic!("one shape")
    };
    assert!(holed.contains(holed.pole()) && !holed.contains(frame.place((5.5, 45.5))));
}

#[test]
fn what_lies_over_each_other_is_filled_as_one() {
    let frame = frame(0.0, 0.0, 10.0);
    let mut reversed = square(2.0, 2.0, 4.0);
    reversed.reverse();
    for ring in [square(2.0, 2.0, 4.0), reversed] {
        let [shape] = &Shape::drawn(&frame, &[ring])[..] else { panic!("one shape") };
        let turns = shape.rings().iter().map(|ring| signed_area(ring) > 0.0);
        assert_eq!(turns.collect::<Vec<_>>(), [true], "clockwise, whatever the file has");
    }
    let shapes = Shape::drawn(&frame, &[square(0.0, 0.0, 10.0), square(2.0, 2.0, 4.0)]);
    let turns = shapes[0].rings().iter().map(|ring| signed_area(ring) > 0.0);
    assert_eq!(turns.collect::<Vec<_>>(), [true, false], "a hole the other way");
}

#[test]
fn a_shape_across_the_edge_of_the_globe_is_at_both_edges() {
    let world = [square(-180.0, -90.0, 180.0), square(0.0, -90.0, 180.0)];
    let rings: Vec<&[Position]> = world.iter().map(Vec::as_slice).collect();
    let frame = Frame::over(&rings).expect("a frame");
    let shapes = Shape::drawn(&frame, &[square(170.0, -40.0, 20.0)]);
    let [one, other] = &shapes[..] else { panic!("{shapes:?}") };
    for shape in [one, other] {
        // Nowhere across the map.
        assert!(shape.bounds().width() < 60.0, "{:?}", shape.bounds());
    }
    assert!(one.bounds().east > 1000.0 && other.bounds().west < 0.0);
    // One that is written a turn away is drawn where it is.
    let [away] = &Shape::drawn(&frame, &[square(200.0, 0.0, 10.0)])[..] else { panic!("one") };
    assert!(away.bounds().east < 200.0, "{:?}", away.bounds());
    assert_eq!(Shape::drawn(&frame, &[]), []);
}

#[test]
fn a_shape_smaller_than_a_pixel_is_a_dot() {
    let frame = frame(0.0, 0.0, 100.0);
    let [shape] = &Shape::drawn(&frame, &[square(5.0, 5.0, 0.001)])[..] else { panic!("one") };
    let mut path = String::new();
    shape.add_to(&mut path);
    assert!(path.ends_with("h0z") && path.len() < 20, "{path}");
    assert!(shape.pole().0.is_finite() && shape.area() < 0.1);
}
