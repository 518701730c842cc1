use super::*;

fn frame(west: f64, south: f64, east: f64, north: f64) -> Frame {
    let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)];
    Frame::over(&[&ring]).expect("a frame")
}

/// The distance to the nearest position of a coast, in degrees.
fn nearest((longitude, latitude): Position) -> f64 {
    let off = |(x, y): &Position| (x - longitude).hypot(y - latitude);
    rings().iter().flatten().map(off).fold(f64::MAX, f64::min)
}

#[test]
fn the_coast_is_small_whole_and_where_it_should_be() {
    assert!(LAND.len() <= 200_000, "{} bytes", LAND.len());
    assert!(rings().len() > 2_000, "{} rings", rings().len());
    for ring in rings() {
        assert!(ring.len() > 3, "{ring:?}");
        assert_eq!(ring.first(), ring.last(), "closed");
        for (longitude, latitude) in ring {
            assert!((-190.0..=200.0).contains(longitude), "{longitude}");
            assert!((-90.0..84.0).contains(latitude), "{latitude}");
        }
        let longest = ring.windows(2).filter(|side| side[0].1 > -90.0 && side[1].1 > -90.0);
        let longest = longest.map(|side| (side[1].0 - side[0].0).abs()).fold(0.0, f64::max);
        assert!(longest < 15.0, "{longest}° in one step, at {:?}", ring[0]);
    }
    for (name, place) in [
        ("Sydney", (151.29, -33.83)),
        ("Cape Horn", (-67.27, -55.98)),
        ("Land's End", (-5.71, 50.07)),
        ("the Cape of Good Hope", (18.48, -34.35)),
        ("Auckland", (174.8, -36.85)),
        ("Tokyo's bay", (139.8, 35.6)),
        ("Taveuni, on the antimeridian", (180.0, -16.8)),
    ] {
        assert!(nearest(place) < 0.15, "{name}: {}", nearest(place));
    }
    for (name, place) in [("Alice Springs", (133.9, -23.7)), ("the ocean", (-40.0, 30.0))] {
        assert!(nearest(place) > 5.0, "{name}: {}", nearest(place));
    }
}

/// The points of a path, which may have several parts.
fn points(path: &str) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for part in path.split('M').filter(|part| !part.is_empty()) {
        let spaced = part.replace('l', " ").replace('-', " -");
        let numbers: Vec<f64> = spaced.split(' ').filter_map(|it| it.parse().ok()).collect();
        let (mut x, mut y) = (0.0, 0.0);
        for pair in numbers.chunks_exact(2) {
            (x, y) = (x + pair[0], y + pair[1]);
            points.push((x, y));
        }
    }
    points
}

#[test]
fn only_what_is_in_view_is_drawn() {
    let australia = path(&frame(75.0, -60.0, 163.0, -2.0));
    assert!((5_000..60_000).contains(&australia.len()), "{} bytes", australia.len());
    let sheet = frame(75.0, -60.0, 163.0, -2.0).sheet();
    let beyond = points(&australia).into_iter().filter(|(x, y)| {
        !(sheet.west - 60.0..sheet.east + 60.0).contains(x)
            || !(sheet.south - 60.0..sheet.north + 60.0).contains(y)
    });
    assert_eq!(beyond.count(), 0);
    assert_eq!(path(&frame(-45.0, 25.0, -35.0, 30.0)), "", "nothing but ocean");
    let world = path(&frame(-180.0, -90.0, 180.0, 90.0));
    assert!(world.len() < 120_000, "{} bytes", world.len());
}

#[test]
fn no_coast_runs_across_the_map() {
    // Round the globe, across the antimeridian, around a pole.
    for (west, south, east, north) in [
        (-180.0, -90.0, 180.0, 90.0),
        (20.0, -60.0, 270.0, 60.0),
        (160.0, -60.0, 200.0, -5.0),
        (-170.0, 60.0, -10.0, 89.0),
        (-180.0, -90.0, -20.0, -60.0),
    ] {
        let frame = frame(west, south, east, north);
        let (mut longest, mut count) = (0.0_f64, 0);
        for part in rings().iter().flat_map(|ring| shores(ring)).flat_map(|it| frame.parts(it)) {
            for side in part.windows(2) {
                longest = longest.max((side[1].0 - side[0].0).hypot(side[1].1 - side[0].1));
                count += 1;
            }
        }
        assert!(count > 100, "{west}: {count} sides");
        assert!(longest < 160.0, "{west}: a side of {longest}");
    }
}

#[test]
fn new_zealand_has_its_coast_on_either_side_of_the_antimeridian() {
    let frame = frame(160.0, -60.0, 200.0, -5.0);
    let points = points(&path(&frame));
    for (name, place) in [("Auckland", (174.8, -36.85)), ("Samoa", (-171.8, -13.9))] {
        let (x, y) = frame.place(place);
        let nearest = points.iter().map(|(px, py)| (px - x).hypot(py - y)).fold(f64::MAX, f64::min);
        assert!(nearest < 12.0, "{name}: {nearest}");
    }
}

#[test]
fn numbers_are_decoded() {
    // Two rings: a triangle from (1.00, −0.01), and one that begins further off.
    let bytes = [3, 200, 1, 1, 2, 0, 0, 2, 3, 0xA0, 0x9C, 1, 0, 1, 1, 2, 0];
    let triangle = vec![(1.0, -0.01), (1.01, -0.01), (1.01, 0.0), (1.0, -0.01)];
    let decoded = decoded(&bytes);
    assert_eq!(decoded[0], triangle);
    assert_eq!(decoded[1][0], (100.0, 0.0));
    assert_eq!(super::decoded(&[]), Vec::<Vec<Position>>::new());
}
