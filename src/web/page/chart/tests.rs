use super::*;
use crate::status::SectorOutline;

fn square(west: f64, south: f64, side: f64) -> PolygonLines {
    let (east, north) = (west + side, south + side);
    vec![vec![(west, south), (east, south), (east, north), (west, north), (west, south)]]
}

fn chart(boundary: PolygonLines) -> Chart {
    Chart::of(&Outlines { boundary: vec![boundary], sectors: Vec::new() })
}

#[test]
fn without_lines_there_is_no_chart() {
    assert!(Chart::of(&Outlines::default()).is_empty());
    assert!(!chart(square(140.0, -45.0, 20.0)).is_empty());
}

#[test]
fn everything_inside_lies_on_the_drawing_the_right_way_round() {
    // Also across the antimeridian, near a pole, and round the globe.
    for (west, south, side) in
        [(140.0, -45.0, 20.0), (170.0, -50.0, 20.0), (-20.0, 60.0, 29.0), (-180.0, -60.0, 120.0)]
    {
        let chart = chart(square(west, south, side));
        let part = |x: f64, y: f64| chart.place((west + side * x, south + side * y));
        for (x, y) in [part(0.0, 0.0), part(0.0, 1.0), part(1.0, 1.0), part(0.5, 0.5)] {
            assert!((0.0..=chart.width()).contains(&x), "{west}: {x}");
            assert!((0.0..=chart.height).contains(&y), "{west}: {y} of {}", chart.height);
        }
        assert!(part(0.1, 0.5).0 < part(0.9, 0.5).0, "west is left");
        assert!(part(0.5, 0.9).1 < part(0.5, 0.1).1, "north is above");
    }
}

#[test]
fn edges_that_go_the_long_way_round_can_be_drawn() {
    let rectangle = |west, south, east, north| {
        vec![vec![(west, south), (east, south), (east, north), (west, north), (west, south)]]
    };
    for (west, south, east, north) in [
        (-170.0, 20.0, 170.0, 80.0),
        (-179.99, -89.99, 179.99, 89.99),
        (-180.0, -90.0, 180.0, 90.0),
        (-180.0, -10.0, 360.0, 10.0),
        (0.0, 60.0, 359.0, 90.0),
    ] {
        let outline = SectorOutline {
            id: "WIDE".into(),
            name: "WIDE".to_owned(),
            polygons: vec![rectangle(west, south, east, north)],
        };
        let chart = Chart::of(&Outlines { boundary: Vec::new(), sectors: vec![outline] });
        assert!(chart.height.is_finite() && chart.height > 0.0, "{west}");
        assert!(!chart.sectors[0].path.contains("NaN") && !chart.sectors[0].path.contains("inf"));
        for (longitude, latitude) in [(0.0, 50.0), (-150.0, 0.0), (179.0, -80.0)] {
            let (x, y) = chart.place((longitude, latitude));
            assert!(x.is_finite() && y.is_finite(), "{west}: {longitude}, {latitude}");
        }
    }
}

#[test]
fn the_same_place_beyond_the_antimeridian_is_the_same_place() {
    let chart = chart(square(170.0, -50.0, 20.0));
    let (beyond, fed) = (chart.place((185.0, -40.0)), chart.place((-175.0, -40.0)));
    assert!((beyond.0 - fed.0).abs() < 1e-6 && (beyond.1 - fed.1).abs() < 1e-6);
}

#[test]
fn a_mark_points_where_the_aircraft_flies() {
    let chart = chart(square(140.0, -45.0, 20.0));
    // In the middle, meridians are vertical.
    for heading in [0.0, 45.0, 90.0, 180.0, 270.0, 359.0] {
        let turn = chart.turn((150.0, -35.0), heading).rem_euclid(360.0);
        let off = (turn - heading + 180.0).rem_euclid(360.0) - 180.0;
        assert!(off.abs() < 1.0, "{heading}: {turn}");
    }
    // In the south, meridians lean towards the pole below: north-west of it, north is to the left.
    assert!(chart.turn((140.0, -45.0), 0.0) < -3.0);
    assert!(chart.turn((160.0, -45.0), 0.0) > 3.0);
}

#[test]
fn the_larger_sector_lies_below_and_a_small_one_is_labelled_outside() {
    let sector = |id: &str, side| SectorOutline {
        id: id.into(),
        name: id.to_owned(),
        polygons: vec![square(145.0, -40.0, side), square(150.0, -30.0, side / 2.0)],
    };
    let outlines = Outlines {
        boundary: vec![square(140.0, -45.0, 20.0)],
        sectors: vec![sector("SMALL", 1.0), sector("LARGE", 8.0)],
    };
    let chart = Chart::of(&outlines);
    let ids: Vec<_> = chart.sectors.iter().map(|sector| sector.id.as_ref()).collect();
    assert_eq!(ids, ["LARGE", "SMALL"]);
    assert_eq!(chart.sectors[1].path.matches('z').count(), 2);
    for labels in &chart.labels {
        let [large, small] = &labels[..] else { panic!("{labels:?}") };
        // The large sector's label is in its larger part, the small one's beside it.
        assert!(chart.sectors[0].bounds.holds(&large.bounds()), "{large:?}");
        assert!(!chart.sectors[1].bounds.overlaps(&small.bounds()), "{small:?}");
        assert!(large.size > small.size);
    }
}

#[test]
fn sectors_on_either_side_of_the_antimeridian_lie_beside_each_other() {
    let sector = |id: &str, west| SectorOutline {
        id: id.into(),
        name: id.to_owned(),
        polygons: vec![square(west, -40.0, 10.0)],
    };
    let sectors = vec![sector("WEST", 170.0), sector("EAST", -180.0)];
    let chart = Chart::of(&Outlines { boundary: Vec::new(), sectors });
    let [west, east] = ["WEST", "EAST"]
        .map(|id| chart.sectors.iter().find(|sector| &*sector.id == id).expect("a sector").bounds);
    assert!((west.east - east.west).abs() < 20.0, "{west:?} {east:?}");
    assert!(west.width() > 400.0 && east.width() > 400.0, "{west:?} {east:?}");
    // The same for an aircraft, in either form of its longitude.
    for longitude in [-179.0, 181.0] {
        let (x, _) = chart.place((longitude, -35.0));
        assert!((500.0..600.0).contains(&x), "{longitude}: {x}");
    }
    // Also round the globe.
    let sectors =
        vec![sector("A", 20.0), sector("B", 170.0), sector("C", -150.0), sector("D", -100.0)];
    let chart = Chart::of(&Outlines { boundary: Vec::new(), sectors });
    for sector in &chart.sectors {
        let around = sector.bounds;
        assert!(around.west > 0.0 && around.east < 1000.0 && around.width() < 200.0, "{around:?}");
    }
}
