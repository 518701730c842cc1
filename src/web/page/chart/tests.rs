mod built_in;

use super::*;
use crate::status::{PolygonLines, SectorOutline, VolumeOutline};

fn rectangle(west: f64, south: f64, east: f64, north: f64) -> PolygonLines {
    vec![vec![(west, south), (east, south), (east, north), (west, north), (west, south)]]
}

fn square(west: f64, south: f64, side: f64) -> PolygonLines {
    rectangle(west, south, west + side, south + side)
}

fn sector(id: &str, polygons: Vec<PolygonLines>) -> SectorOutline {
    let volumes = vec![VolumeOutline { polygons, ..VolumeOutline::default() }];
    SectorOutline { id: id.into(), name: id.to_owned(), volumes }
}

fn drawn(boundary: Vec<PolygonLines>, sectors: Vec<SectorOutline>) -> Chart {
    Chart::of(&Outlines { boundary, sectors }).expect("a chart")
}

fn bounds(chart: &Chart, id: &str) -> sectorwatch_map::Bounds {
    let sectors = chart.sectors(None);
    sectors.iter().find(|sector| **sector.id == *id).expect("a sector").shape().bounds()
}

#[test]
fn without_lines_there_is_no_chart() {
    assert!(Chart::of(&Outlines::default()).is_none());
}

#[test]
fn everything_inside_lies_on_the_drawing_the_right_way_round() {
    // Also across the antimeridian, near a pole, and round the globe.
    for (west, south, side) in
        [(140.0, -45.0, 20.0), (170.0, -50.0, 20.0), (-20.0, 60.0, 29.0), (-180.0, -60.0, 120.0)]
    {
        let chart = drawn(vec![square(west, south, side)], Vec::new());
        let part = |x: f64, y: f64| chart.place((west + side * x, south + side * y));
        for (x, y) in [part(0.0, 0.0), part(0.0, 1.0), part(1.0, 1.0), part(0.5, 0.5)] {
            assert!((0.0..=chart.frame().width()).contains(&x), "{west}: {x}");
            assert!((0.0..=chart.frame().height()).contains(&y), "{west}: {y}");
        }
        assert!(part(0.1, 0.5).0 < part(0.9, 0.5).0, "west is left");
        assert!(part(0.5, 0.9).1 < part(0.5, 0.1).1, "north is above");
    }
}

#[test]
fn edges_that_go_the_long_way_round_can_be_drawn() {
    for (west, south, east, north) in [
        (-170.0, 20.0, 170.0, 80.0),
        (-179.99, -89.99, 179.99, 89.99),
        (-180.0, -90.0, 180.0, 90.0),
        (-180.0, -10.0, 360.0, 10.0),
        (0.0, 60.0, 359.0, 90.0),
    ] {
        let wide = sector("WIDE", vec![rectangle(west, south, east, north)]);
        let chart = drawn(Vec::new(), vec![wide]);
        let height = chart.frame().height();
        assert!(height.is_finite() && height > 0.0, "{west}");
        let path = &chart.sectors(None)[0].path;
        assert!(!path.contains("NaN") && !path.contains("inf"));
        for (longitude, latitude) in [(0.0, 50.0), (-150.0, 0.0), (179.0, -80.0)] {
            let (x, y) = chart.place((longitude, latitude));
            assert!(x.is_finite() && y.is_finite(), "{west}: {longitude}, {latitude}");
        }
    }
}

#[test]
fn the_same_place_beyond_the_antimeridian_is_the_same_place() {
    let chart = drawn(vec![square(170.0, -50.0, 20.0)], Vec::new());
    let (beyond, fed) = (chart.place((185.0, -40.0)), chart.place((-175.0, -40.0)));
    assert!((beyond.0 - fed.0).abs() < 1e-6 && (beyond.1 - fed.1).abs() < 1e-6);
}

#[test]
fn a_mark_points_where_the_aircraft_flies() {
    let chart = drawn(vec![square(140.0, -45.0, 20.0)], Vec::new());
    // In the middle, meridians are vertical.
    for heading in [0.0, 45.0, 90.0, 180.0, 270.0, 359.0] {
        let turn = chart.frame().turn((150.0, -35.0), heading).rem_euclid(360.0);
        let off = (turn - heading + 180.0).rem_euclid(360.0) - 180.0;
        assert!(off.abs() < 1.0, "{heading}: {turn}");
    }
    // In the south, meridians lean towards the pole below: north-west of it, north is to the left.
    assert!(chart.frame().turn((140.0, -45.0), 0.0) < -3.0);
    assert!(chart.frame().turn((160.0, -45.0), 0.0) > 3.0);
}

#[test]
fn the_larger_sector_lies_below_and_a_small_one_is_labelled_outside() {
    let two = |id: &str, side| {
        sector(id, vec![square(145.0, -40.0, side), square(150.0, -30.0, side / 2.0)])
    };
    let boundary = vec![square(140.0, -45.0, 20.0)];
    let chart = drawn(boundary, vec![two("SMALL", 1.0), two("LARGE", 8.0)]);
    let sectors = chart.sectors(None);
    let ids: Vec<_> = sectors.iter().map(|sector| sector.id.as_ref()).collect();
    assert_eq!(ids, ["LARGE", "SMALL"]);
    assert_eq!(sectors[1].path.matches('z').count(), 2);
    for labels in chart.labels(&sectors, |_| 0) {
        let [large, small] = &labels.labels[..] else { panic!("{labels:?}") };
        // The large sector's label is in its larger part, the small one's beside it.
        assert!(bounds(&chart, "LARGE").holds(&large.bounds()), "{large:?}");
        assert!(!bounds(&chart, "SMALL").overlaps(&small.bounds()), "{small:?}");
        assert!(large.size > small.size);
    }
}

#[test]
fn traffic_comes_before_area() {
    // The same place for all: there is room for one label.
    let heap = |count: u32| {
        (0..count).map(|n| {
            sector(&format!("S{n:02}"), vec![square(150.0, -30.0, 1.0 + f64::from(n) * 1e-3)])
        })
    };
    let chart = drawn(
        Vec::new(),
        heap(80).chain([sector("ROUND", vec![square(100.0, -60.0, 80.0)])]).collect(),
    );
    let sectors = chart.sectors(None);
    let labelled = |busy: &str| {
        let labels = chart.labels(&sectors, |id| u64::from(id == busy));
        labels.map(|labels| {
            labels.labels.iter().map(|label| label.id.to_string()).collect::<Vec<_>>()
        })
    };
    for ids in labelled("S42") {
        assert!(ids.contains(&"S42".to_owned()), "{ids:?}");
    }
    // Without traffic, the largest.
    for ids in labelled("") {
        assert!(ids.contains(&"ROUND".to_owned()) && ids.contains(&"S79".to_owned()), "{ids:?}");
    }
}

#[test]
fn volumes_of_one_shape_are_drawn_once_and_those_of_a_level_alone() {
    let volume = |floor_ft, ceiling_ft, side| VolumeOutline {
        floor_ft,
        ceiling_ft,
        polygons: vec![square(145.0, -40.0, side)],
    };
    let volumes = vec![
        volume(None, Some(10_000.0), 2.0),
        volume(Some(10_000.0), Some(20_000.0), 2.0),
        volume(Some(20_000.0), None, 4.0),
    ];
    let stacked = SectorOutline { id: "S".into(), name: "S".to_owned(), volumes };
    let chart = drawn(vec![square(140.0, -45.0, 20.0)], vec![stacked]);
    let parts = |level: Option<&str>| {
        let level = level.map(|level| level.parse().expect("a level"));
        chart.sectors(level).iter().map(|sector| sector.path.matches('z').count()).sum::<usize>()
    };
    assert_eq!(parts(None), 2);
    assert_eq!(
        [parts(Some("50")), parts(Some("100")), parts(Some("200")), parts(Some("300"))],
        [1, 1, 2, 1]
    );
}

#[test]
fn sectors_on_either_side_of_the_antimeridian_lie_beside_each_other() {
    let sectors = vec![
        sector("WEST", vec![square(170.0, -40.0, 10.0)]),
        sector("EAST", vec![square(-180.0, -40.0, 10.0)]),
    ];
    let chart = drawn(Vec::new(), sectors);
    let (west, east) = (bounds(&chart, "WEST"), bounds(&chart, "EAST"));
    assert!((west.east - east.west).abs() < 20.0, "{west:?} {east:?}");
    assert!(west.width() > 400.0 && east.width() > 400.0, "{west:?} {east:?}");
    // The same for an aircraft, in either form of its longitude.
    for longitude in [-179.0, 181.0] {
        let (x, _) = chart.place((longitude, -35.0));
        assert!((500.0..600.0).contains(&x), "{longitude}: {x}");
    }
    // Also round the globe.
    let far = [("A", 20.0), ("B", 170.0), ("C", -150.0), ("D", -100.0)];
    let far = far.map(|(id, west)| sector(id, vec![square(west, -40.0, 10.0)]));
    let chart = drawn(Vec::new(), far.into());
    for id in ["A", "B", "C", "D"] {
        let around = bounds(&chart, id);
        assert!(around.west > 0.0 && around.east < 1000.0 && around.width() < 200.0, "{around:?}");
    }
}
