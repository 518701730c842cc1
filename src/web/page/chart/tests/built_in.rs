//! The labels of the built-in airspace and of airspaces of other shapes: each has its ids, at its sectors.

use std::collections::BTreeSet;

use sectorwatch_map::labels::Label;

use super::*;

/// Checks that labels do not overlap, cross the edge or mislead. Returns the share of labelled sectors.
fn share(name: &str, chart: &Chart) -> [f64; 3] {
    let sectors = chart.sectors(None);
    let sheet = chart.frame().sheet();
    chart.labels(&sectors, |_| 0).map(|Labels { labels, .. }| {
        for (index, label) in labels.iter().enumerate() {
            assert!(sheet.holds(&label.bounds()), "{name}: {label:?} is beyond the edge");
            for other in &labels[index + 1..] {
                let apart = !label.bounds().overlaps(&other.bounds());
                assert!(apart, "{name}: {label:?} lies over {other:?}");
            }
            assert!(is_told_apart(&sectors, label), "{name}: {label:?}");
        }
        let ids: BTreeSet<_> = labels.iter().map(|label| &label.id).collect();
        assert_eq!(ids.len(), labels.len(), "{name}: each once");
        labels.len() as f64 / sectors.len() as f64
    })
}

/// Whether the label of a separate sector is in no other sector.
fn is_told_apart(sectors: &[DrawnSector<'_>], label: &Label) -> bool {
    let own = sectors.iter().find(|it| *it.id == label.id).expect("a sector").shape();
    let others = || sectors.iter().filter(|other| *other.id != label.id).map(DrawnSector::shape);
    own.contains(label.at)
        || others().any(|other| other.contains(own.pole()))
        || !others().any(|other| other.contains(label.at))
}

/// The distance from a label to its sector, in line heights.
fn lines_off(chart: &Chart, label: &Label) -> f64 {
    let (sector, own) = (bounds(chart, &label.id), label.bounds());
    let right = (own.west - sector.east).max(sector.west - own.east).max(0.0);
    let down = (own.south - sector.north).max(sector.south - own.north).max(0.0);
    right.max(down) / own.height()
}

#[test]
fn the_built_in_airspace_has_all_ids_each_at_its_sector() {
    let chart = Chart::of(&Outlines::built_in()).expect("a chart");
    assert_eq!(share("Australia", &chart), [1.0; 3]);
    let sectors = chart.sectors(None);
    let small: Vec<_> = sectors.iter().map(|sector| sector.shape().bounds()).collect();
    // Whoever is busy: traffic changes who is placed first.
    for busy in [None, Some("SYD"), Some("YMMM"), Some("CBR")] {
        let all = chart.labels(&sectors, |id| u64::from(Some(id) == busy) * 9);
        for label in all.iter().flat_map(|labels| &labels.labels) {
            assert!(lines_off(&chart, label) < 1.2, "{busy:?}: {label:?}");
            // No label hides a small sector.
            for small in small.iter().filter(|small| small.width() < 60.0) {
                assert!(!small.overlaps(&label.bounds()), "{busy:?}: {label:?}");
            }
        }
        assert!(all.iter().all(|labels| labels.labels.len() == 10), "{busy:?}");
    }
    assert!(chart.coast.len() > 5_000, "{} bytes of coast", chart.coast.len());
}

#[test]
fn close_sectors_do_not_write_over_each_other() {
    // Two, then four nearly equal sectors in a large one.
    for count in [2, 4] {
        let mut sectors = vec![sector("AROUND", vec![square(140.0, -40.0, 20.0)])];
        sectors.extend((0..count).map(|n| {
            let (east, north) = (f64::from(n % 2), f64::from(n / 2));
            let polygon = square(150.0 + 0.6 * east, -30.0 + 0.6 * north, 0.5);
            sector(&format!("TM{n}"), vec![polygon])
        }));
        let chart = drawn(Vec::new(), sectors);
        assert_eq!(share("close", &chart), [1.0; 3], "{count}");
        for labels in chart.labels(&chart.sectors(None), |_| 0) {
            assert!(labels.labels.iter().all(|label| lines_off(&chart, label) < 3.0));
        }
    }
}

#[test]
fn an_id_that_is_far_off_is_led_to() {
    let small = |id: &str, west, south| sector(id, vec![square(west, south, 0.4)]);
    let chart = drawn(
        Vec::new(),
        vec![
            sector("AROUND", vec![square(140.0, -40.0, 20.0)]),
            small("A", 150.0, -30.0),
            small("A-NAME-THAT-IS-LONG", 150.0, -29.5),
            small("ANOTHER-LONG-NAME", 150.0, -30.5),
            small("A-THIRD-LONG-NAME", 150.5, -30.0),
            small("A-FOURTH-LONG-NAME", 149.5, -30.0),
        ],
    );
    share("long names", &chart);
    let sectors = chart.sectors(None);
    let all = chart.labels(&sectors, |_| 0);
    let mut led = 0;
    for label in all.iter().flat_map(|labels| &labels.labels) {
        let Some((from, to)) = label.leader else {
            assert!(lines_off(&chart, label) < 1.0, "{label:?}");
            continue;
        };
        led += 1;
        let (sector, own) = (bounds(&chart, &label.id), label.bounds());
        assert!((sector.west..=sector.east).contains(&from.0), "{label:?}");
        assert!((own.west - 0.1..=own.east + 0.1).contains(&to.0), "{label:?}");
        assert!((own.south - 0.1..=own.north + 0.1).contains(&to.1), "{label:?}");
    }
    assert!(led > 0, "{all:?}");
}

#[test]
fn sixty_sectors_have_most_of_their_ids_and_many_sectors_no_crowd_of_ids() {
    let mosaic = |columns: u32, rows: u32| {
        let tile = |n: u32| {
            let (x, y) = (f64::from(n % columns), f64::from(n / columns));
            sector(&format!("S{n:02}"), vec![square(3.0 * x - 10.0, 3.0 * y + 35.0, 3.0)])
        };
        drawn(Vec::new(), (0..columns * rows).map(tile).collect())
    };
    let [large, medium, narrow] = share("sixty", &mosaic(10, 6));
    assert!(large > 0.99 && medium > 0.99 && narrow > 0.3, "{large} {medium} {narrow}");
    let crowded = mosaic(16, 8);
    share("128", &crowded);
    let counts = crowded.labels(&crowded.sectors(None), |_| 0).map(|it| it.labels.len());
    let most = letterings(crowded.frame()).map(|lettering| lettering.most);
    assert!((0..3).all(|at| (20..=most[at]).contains(&counts[at])), "{counts:?} of {most:?}");
    // All in one place: some labels, without overlaps.
    let heap = (0..60).map(|n| {
        let polygon = square(150.0, -30.0 + f64::from(n) * 1e-3, 1.0);
        sector(&format!("HEAP{n:02}"), vec![polygon])
    });
    share("a heap", &drawn(Vec::new(), heap.collect()));
}

#[test]
fn airspaces_of_other_shapes_have_their_ids_too() {
    let one = |id: &str, west, south, side| sector(id, vec![square(west, south, side)]);
    let row = |n: u32, west: f64, south: f64, side| one(&format!("N{n}"), west, south, side);
    // Across the antimeridian from either side; tall; flat; small; round the globe.
    for (name, sectors) in [
        ("antimeridian", vec![one("NZZC", 165.0, -48.0, 14.0), one("NZZO", -178.0, -40.0, 14.0)]),
        ("tall", (0..5).map(|n| row(n, 15.0, 50.0 + 4.0 * f64::from(n), 4.0)).collect()),
        ("flat", (0..9).map(|n| row(n, 6.0 * f64::from(n), 0.0, 6.0)).collect()),
        ("small", vec![one("TWR", 9.0, 48.0, 0.1)]),
        ("globe", vec![one("WEST", -180.0, -80.0, 160.0), one("EAST", 20.0, -80.0, 160.0)]),
    ] {
        let chart = drawn(Vec::new(), sectors);
        assert_eq!(share(name, &chart), [1.0; 3], "{name}");
        let height = chart.frame().height();
        assert!((200.0..=900.0).contains(&height), "{name}: {height}");
    }
}
