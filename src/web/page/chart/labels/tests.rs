use std::collections::BTreeSet;

use super::*;
use crate::{
    status::{Outlines, SectorOutline},
    web::page::chart::{Chart, SectorShape},
};

fn sector(id: &str, west: f64, south: f64, side: f64) -> SectorOutline {
    let (east, north) = (west + side, south + side);
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    SectorOutline { id: id.into(), name: id.to_owned(), polygons: vec![vec![ring]] }
}

fn chart(sectors: Vec<SectorOutline>) -> Chart {
    Chart::of(&Outlines { boundary: Vec::new(), sectors })
}

/// Checks that labels do not overlap or cross the edge. Returns the share of labelled sectors.
fn share(name: &str, chart: &Chart) -> [f64; 2] {
    let sheet = Bounds { west: 0.0, east: chart.width(), south: 0.0, north: chart.height };
    chart.labels.each_ref().map(|labels| {
        for (index, label) in labels.iter().enumerate() {
            assert!(sheet.holds(&label.bounds()), "{name}: {label:?} is beyond the edge");
            for other in &labels[index + 1..] {
                let apart = !label.bounds().overlaps(&other.bounds());
                assert!(apart, "{name}: {label:?} lies over {other:?}");
            }
        }
        let ids: BTreeSet<_> = labels.iter().map(|label| &label.id).collect();
        assert_eq!(ids.len(), labels.len(), "{name}: each once");
        assert!(is_told_apart(chart), "{name}: {labels:?}");
        labels.len() as f64 / chart.sectors.len() as f64
    })
}

fn shape<'a>(chart: &'a Chart, id: &str) -> &'a SectorShape {
    chart.sectors.iter().find(|shape| *shape.id == *id).expect("a sector")
}

/// Whether the label of a separate sector is in no other sector.
fn is_told_apart(chart: &Chart) -> bool {
    chart.labels.iter().flatten().all(|label| {
        let own = shape(chart, &label.id);
        let others = || chart.sectors.iter().filter(|other| other.id != own.id);
        let is_within = others().any(|other| contains(&other.ring, own.bounds.middle()));
        is_within || !others().any(|other| contains(&other.ring, label.at))
    })
}

/// The distance from a label to its sector, in line heights.
fn lines_off(chart: &Chart, label: &Label) -> f64 {
    let (sector, own) = (shape(chart, &label.id).bounds, label.bounds());
    let right = (own.west - sector.east).max(sector.west - own.east).max(0.0);
    let down = (own.south - sector.north).max(sector.south - own.north).max(0.0);
    right.max(down) / own.height()
}

#[test]
fn the_built_in_airspace_has_all_ids_each_at_its_sector() {
    let chart = Chart::of(&Outlines::built_in());
    assert_eq!(share("Australia", &chart), [1.0, 1.0]);
    for label in chart.labels.iter().flatten() {
        assert!(lines_off(&chart, label) < 1.2, "{label:?}");
        // No label hides a small sector.
        for small in chart.sectors.iter().filter(|shape| shape.bounds.width() < 60.0) {
            assert!(!small.bounds.overlaps(&label.bounds()), "{label:?} hides {}", small.id);
        }
    }
}

#[test]
fn close_sectors_do_not_write_over_each_other() {
    // Two, then four nearly equal sectors in a large one.
    for count in [2, 4] {
        let mut sectors = vec![sector("AROUND", 140.0, -40.0, 20.0)];
        sectors.extend((0..count).map(|n| {
            let (east, north) = (f64::from(n % 2), f64::from(n / 2));
            sector(&format!("TM{n}"), 150.0 + 0.6 * east, -30.0 + 0.6 * north, 0.5)
        }));
        let chart = chart(sectors);
        assert_eq!(share("close", &chart), [1.0, 1.0], "{count}");
        assert!(chart.labels.iter().flatten().all(|label| lines_off(&chart, label) < 3.0));
    }
}

#[test]
fn an_id_that_is_far_off_is_led_to() {
    let chart = chart(vec![
        sector("AROUND", 140.0, -40.0, 20.0),
        sector("A", 150.0, -30.0, 0.4),
        sector("A-NAME-THAT-IS-LONG", 150.0, -29.5, 0.4),
        sector("ANOTHER-LONG-NAME", 150.0, -30.5, 0.4),
        sector("A-THIRD-LONG-NAME", 150.5, -30.0, 0.4),
        sector("A-FOURTH-LONG-NAME", 149.5, -30.0, 0.4),
    ]);
    share("long names", &chart);
    let mut led = 0;
    for label in chart.labels.iter().flatten() {
        let Some((from, to)) = label.leader else {
            assert!(lines_off(&chart, label) < 1.0, "{label:?}");
            continue;
        };
        led += 1;
        let own = label.bounds();
        assert_eq!(from, shape(&chart, &label.id).bounds.middle());
        assert!((own.west - 0.1..=own.east + 0.1).contains(&to.0), "{label:?}");
        assert!((own.south - 0.1..=own.north + 0.1).contains(&to.1), "{label:?}");
    }
    assert!(led > 0, "{:?}", chart.labels);
}

#[test]
fn sixty_sectors_have_most_of_their_ids_and_more_sectors_no_more_ids() {
    let mosaic = |columns: u32, rows: u32| {
        let tile = |n: u32| {
            let (x, y) = (f64::from(n % columns), f64::from(n / columns));
            sector(&format!("S{n:02}"), 3.0 * x - 10.0, 3.0 * y + 35.0, 3.0)
        };
        chart((0..columns * rows).map(tile).collect())
    };
    let [wide, narrow] = share("sixty", &mosaic(10, 6));
    assert!(wide > 0.99 && narrow > 0.3, "{wide} {narrow}");
    let crowded = mosaic(16, 8);
    share("128", &crowded);
    assert!(crowded.labels.iter().all(|labels| labels.len() <= MOST && labels.len() >= 20));
    // All in one place: some labels, without overlaps.
    let heap =
        (0..60).map(|n| sector(&format!("HEAP{n:02}"), 150.0, -30.0 + f64::from(n) * 1e-3, 1.0));
    share("a heap", &chart(heap.collect()));
}

#[test]
fn airspaces_of_other_shapes_have_their_ids_too() {
    // Across the antimeridian from either side; tall; flat; small; round the globe.
    for (name, sectors) in [
        (
            "antimeridian",
            vec![sector("NZZC", 165.0, -48.0, 14.0), sector("NZZO", -178.0, -40.0, 14.0)],
        ),
        (
            "tall",
            (0..5)
                .map(|n| sector(&format!("N{n}"), 15.0, 50.0 + 4.0 * f64::from(n), 4.0))
                .collect(),
        ),
        ("flat", (0..9).map(|n| sector(&format!("E{n}"), 6.0 * f64::from(n), 0.0, 6.0)).collect()),
        ("small", vec![sector("TWR", 9.0, 48.0, 0.1)]),
        ("globe", vec![sector("WEST", -180.0, -80.0, 160.0), sector("EAST", 20.0, -80.0, 160.0)]),
    ] {
        let chart = chart(sectors);
        assert_eq!(share(name, &chart), [1.0, 1.0], "{name}");
        assert!((200.0..=900.0).contains(&chart.height), "{name}: {}", chart.height);
    }
}
