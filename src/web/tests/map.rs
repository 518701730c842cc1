//! The map of the page: the place and heading of each aircraft, the colour of each sector.

use super::{
    forms::{page_at, page_of},
    sample, *,
};
use crate::{
    status::{Aircraft, AircraftRadio, Outlines, SectorFigures, SectorOutline, VolumeOutline},
    web::{
        format,
        page::{self, View},
    },
};

fn report(aircraft: Vec<Aircraft>) -> StatusReport {
    let (mut snapshot, live) = sample::busy();
    snapshot.airspace.aircraft = aircraft.into_iter().collect();
    snapshot.report(&live, sample::at(sample::NOW))
}

fn aircraft(longitude: f64, latitude: f64, heading_deg: Option<i16>) -> Aircraft {
    Aircraft {
        flight_id: None,
        callsign: "QFA1".into(),
        latitude,
        longitude,
        heading_deg,
        altitude_ft: 37_001,
        groundspeed_kt: Some(451),
        sector: None,
        radio: AircraftRadio::default(),
    }
}

/// The place, rotation and shape of each mark.
fn marks(html: &str) -> Vec<((f64, f64), Option<f64>, &str)> {
    let numbers = |text: &str| -> Vec<f64> {
        text.split([' ', '(', ')']).filter_map(|number| number.parse().ok()).collect()
    };
    (html.split("<g class=\"aircraft\" transform=\"").skip(1))
        .map(|mark| {
            let (transform, rest) = mark.split_once('"').expect("an end");
            let numbers = numbers(transform);
            let shape = if rest.contains("<path") { "dart" } else { "dot" };
            let shape = rest.split("</g>").next().map_or("", |own| {
                if own.contains("<path d=\"M0-9 6 7 0 4-6 7z\"") { shape } else { "dot" }
            });
            ((numbers[0], numbers[1]), numbers.get(2).copied(), shape)
        })
        .collect()
}

#[test]
fn each_mark_stands_at_its_place_and_points_where_it_flies() {
    // The boundary's middle is at 150° E, 30° S; its parallels are curved, its meridian is not.
    let rows: Vec<(f64, f64, Option<i16>)> = vec![
        (150.0, -30.0, Some(90)),
        (150.0, -30.0, Some(0)),
        (150.0, -44.0, Some(180)),
        (150.0, -16.0, Some(270)),
        (136.0, -30.0, Some(0)),
        (164.0, -30.0, Some(0)),
        (150.0, -30.0, None),
    ];
    let html = page_of(&report(rows.iter().map(|(x, y, h)| aircraft(*x, *y, *h)).collect()));
    let marks = marks(&html);
    assert_eq!(marks.len(), rows.len());
    let turns: Vec<_> = marks.iter().map(|(_, turn, shape)| (*turn, *shape)).collect();
    assert_eq!(turns[0], (Some(90.0), "dart"));
    assert_eq!(turns[1], (Some(0.0), "dart"));
    assert_eq!(turns[2].0.map(|turn| turn.rem_euclid(360.0)), Some(180.0));
    assert_eq!(turns[3].0.map(|turn| turn.rem_euclid(360.0)), Some(270.0));
    assert_eq!(turns[6], (None, "dot"));
    // In the south, north leans away from the middle.
    assert!(turns[4].0 < Some(-3.0) && turns[5].0 > Some(3.0), "{turns:?}");
    let [middle, _, south, north, west, east, _] = &marks[..] else { panic!("{marks:?}") };
    assert!((middle.0.0 - 500.0).abs() < 1.0, "{middle:?}");
    assert!((south.0.0 - 500.0).abs() < 1.0 && (north.0.0 - 500.0).abs() < 1.0, "the meridian");
    assert!(south.0.1 > middle.0.1 + 100.0 && north.0.1 < middle.0.1 - 100.0, "north is above");
    assert!(west.0.0 < 200.0 && east.0.0 > 800.0, "west is left");
}

#[test]
fn no_aircraft_is_missing_and_none_is_there_twice() {
    for count in [0, 1, 399, 2_000] {
        let all = (0..count).map(|n| Aircraft {
            callsign: format!("QFA{n}").into(),
            ..aircraft(140.0 + f64::from(n % 20), -20.0 - f64::from(n / 200), Some(n as i16 % 360))
        });
        let report = report(all.collect());
        let html = page_of(&report);
        assert_eq!(marks(&html).len(), count as usize);
        for number in 0..count {
            let told = format!("<title>QFA{number}, 37,001 ft, 451 kt</title>");
            assert_eq!(html.matches(&told).count(), 1, "{told}");
        }
        let is_crowd = html.contains("<g class=\"traffic crowd\">");
        assert_eq!(is_crowd, count >= 400, "{count}: smaller marks");
        assert!(html.len() < 60_000 + 180 * count as usize, "{count}: {} bytes", html.len());
    }
}

#[test]
fn marks_tell_what_is_known_and_sectors_have_the_colour_of_their_aircraft() {
    let (snapshot, live) = sample::busy();
    let html = page_of(&snapshot.report(&live, sample::at(sample::NOW)));
    let titles: Vec<&str> = (html.split("\" transform=\"translate("))
        .skip(1)
        .map(|mark| mark.split("<title>").nth(1).and_then(|t| t.split("</title>").next()))
        .map(|title| title.expect("a title"))
        .collect();
    let told = [
        "QFA&lt;1&gt;, 37,001 ft, 451 kt, in ML-&lt;W&gt;, in contact with ML-BLA_CTR on 132.200, \
         also tuned to ML_&lt;APP&gt;",
        "QFA2, 37,001 ft, contact unknown",
        "QFA3, 37,001 ft, 451 kt, in SY, in contact with nobody",
    ];
    assert_eq!(titles, told);
    // Only the last is known to be alone.
    assert_eq!(html.matches("<g class=\"aircraft alone\"").count(), 1);
    // The largest first, coloured by its share of the busiest or of its capacity, and by its staff.
    let sectors: Vec<&str> = (html.split("<path class=\"sector "))
        .skip(1)
        .map(|sector| sector.split('"').next().expect("classes"))
        .collect();
    assert_eq!(sectors, ["load-whole staffed", "load-over unstaffed", "load-quarter unstaffed"]);
    assert!(html.contains("SY &amp; all: 2 aircraft"), "{html}");
    assert!(html.contains("OLD &amp; all: 12 of 11 aircraft, over its capacity"), "{html}");
    // Each label once for each width of a page.
    for group in ["large", "medium", "narrow"].map(|width| format!("<g class=\"ids {width}\"")) {
        let group = group.as_str();
        let ids = html.split(group).nth(1).and_then(|ids| ids.split("</g>").next()).expect(group);
        for id in [">SY<", ">OLD<", ">ML-&lt;W&gt;<"] {
            assert_eq!(ids.matches(id).count(), 1, "{group}: {id}");
        }
    }
}

#[test]
fn only_the_sectors_of_a_level_are_drawn() {
    let (mut snapshot, live) = sample::busy();
    let mut outlines = sample::outlines();
    // From the ground to FL100, inclusive; above it; and one without limits.
    outlines.sectors[0].volumes[0].ceiling_ft = Some(10_000.0);
    outlines.sectors[1].volumes[0].floor_ft = Some(10_000.0);
    snapshot.airspace.outlines = Arc::new(outlines);
    let report = snapshot.report(&live, sample::at(sample::NOW));
    for (level, expected) in [
        (None, vec!["ML-&lt;W&gt;", "OLD", "SY"]),
        (Some("99"), vec!["OLD", "SY"]),
        (Some("100"), vec!["ML-&lt;W&gt;", "OLD", "SY"]),
        (Some("101"), vec!["ML-&lt;W&gt;", "OLD"]),
    ] {
        let view = View { refreshes: true, level: level.and_then(|level| level.parse().ok()) };
        let html = page_at(&report, view);
        let drawn: Vec<&str> = (html.split("<path class=\"sector ").skip(1))
            .filter_map(|sector| sector.split_once("<title>")?.1.split_once(' '))
            .map(|(id, _)| id)
            .collect();
        assert_eq!(drawn, expected, "{level:?}");
        // Who is not drawn has no label, and is still in the table.
        for id in ["ML-&lt;W&gt;", "OLD", "SY"] {
            let labels = html.matches(&format!("\">{id}</text>")).count();
            assert_eq!(labels, if expected.contains(&id) { 3 } else { 0 }, "{level:?}: {id}");
            assert!(html.contains(&format!("/name\">{id}</span>")), "{level:?}: {id}");
        }
        let said = level.map_or("all levels".to_owned(), |level| format!("contain FL {level},"));
        assert!(html.contains(&said), "{level:?}");
    }
}

#[test]
fn a_large_airspace_makes_no_huge_page() {
    let (mut snapshot, live) = sample::busy();
    let tile = |n: u32| {
        let (west, south) = (f64::from(n % 40) * 9.0 - 180.0, f64::from(n / 40) * 6.0 - 84.0);
        // A coast of many bends, as real borders have.
        let side = |at: u32| f64::from(at) / 25.0;
        let bend = |at: u32| f64::from(at % 2) * 0.02;
        let ring =
            [(0, 0), (1, 0), (1, 1), (0, 1)].into_iter().enumerate().flat_map(|(edge, _)| {
                (0..25).map(move |at| match edge {
                    0 => (west + 9.0 * side(at), south + bend(at)),
                    1 => (west + 9.0 + bend(at), south + 6.0 * side(at)),
                    2 => (west + 9.0 - 9.0 * side(at), south + 6.0 + bend(at)),
                    _ => (west + bend(at), south + 6.0 - 6.0 * side(at)),
                })
            });
        let mut ring: Vec<(f64, f64)> = ring.collect();
        ring.push(ring[0]);
        let volumes = vec![VolumeOutline { polygons: vec![vec![ring]], ..Default::default() }];
        SectorOutline { id: format!("S{n:04}").into(), name: format!("Sector {n}"), volumes }
    };
    let sectors: Vec<SectorOutline> = (0..1_096).map(tile).collect();
    snapshot.airspace.sectors = (sectors.iter().enumerate())
        .map(|(n, sector)| SectorFigures {
            name: sector.id.clone(),
            occupancy: if n % 10 == 0 { n as u64 % 37 } else { 0 },
            ..SectorFigures::default()
        })
        .collect();
    snapshot.airspace.outlines = Arc::new(Outlines { boundary: Vec::new(), sectors });
    let report = snapshot.report(&live, sample::at(sample::NOW));
    let html = page_of(&report);
    assert_eq!(html.matches("<path class=\"sector ").count(), 1_096);
    assert!(html.len() < 450_000, "{} bytes", html.len());
    // The busiest have labels and rows; the others have titles.
    let large = html.split("<g class=\"ids large\"").nth(1).and_then(|it| it.split("</g>").next());
    let large = large.expect("labels").matches("<text").count();
    assert!((60..=200).contains(&large), "{large}");
    assert_eq!(html.matches("<title>S").count(), 1_096);
    let busy = report.sectors.iter().filter(|sector| sector.occupancy > 0).count();
    let rows = html.matches("/entered_last_hour\">").count();
    assert_eq!(rows, busy);
    assert!(html.contains(&format!("Left out: {} sectors", format::total(1_096 - busy as u64))));
}

#[test]
fn another_airspace_has_another_chart() {
    let (outlines, other) = (Arc::new(sample::outlines()), Arc::new(Outlines::built_in()));
    let charts = page::Charts::of(&outlines);
    let drawn = |outlines| charts.chart(outlines).expect("a chart");
    let first = drawn(&outlines);
    assert!(Arc::ptr_eq(&first, &drawn(&outlines)), "drawn once");
    let second = drawn(&other);
    assert_eq!((first.sectors(None).len(), second.sectors(None).len()), (3, 10));
    assert!(Arc::ptr_eq(&second, &drawn(&other)));
    assert!(charts.chart(&Arc::default()).is_none(), "without lines");
}
