use super::*;

/// id, latitude, longitude, radius in nautical miles, ceiling in feet
const CYLINDERS: [(&str, f64, f64, f64, f64); 8] = [
    ("SYD", -33.946, 151.177, 45.0, 28_000.0),
    ("MEL", -37.673, 144.843, 36.0, 24_500.0),
    ("BNE", -27.384, 153.117, 36.0, 24_500.0),
    ("ADL", -34.945, 138.531, 36.0, 24_500.0),
    ("PER", -31.940, 115.967, 36.0, 24_500.0),
    ("CNS", -16.886, 145.755, 36.0, 24_500.0),
    ("CBR", -35.307, 149.195, 36.0, 24_500.0),
    ("DRW", -12.415, 130.877, 36.0, 24_500.0),
];

fn australia() -> Airspace {
    load(&[]).expect("the built-in airspace").0
}

fn sector<'a>(airspace: &'a Airspace, id: &str) -> &'a Sector {
    airspace.sectors().iter().find(|sector| *sector.id == *id).expect(id)
}

/// Haversine, on the sphere that the file names.
fn nautical_miles(from: (f64, f64), to: (f64, f64)) -> f64 {
    let [a, b, c, d] = [from.0, from.1, to.0, to.1].map(f64::to_radians);
    let h = ((c - a) / 2.0).sin().powi(2) + a.cos() * c.cos() * ((d - b) / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().asin() / 1_852.0
}

#[test]
fn it_needs_no_repair_and_leaves_no_gap() {
    let (airspace, report) = load(&[]).expect("the built-in airspace");
    let text = report.surveyed(&airspace).to_string();
    for says in [
        "11 features, 10 sectors",
        "sectors without owners (never staffed): none",
        "repaired: none",
        "by sampling): none\ngaps (by sampling): none",
    ] {
        assert!(text.contains(says), "{text}");
    }
    assert!(airspace.is_approximate());
    let ids: Vec<&str> = airspace.sectors().iter().map(|sector| &*sector.id).collect();
    assert_eq!(ids, ["YBBB", "YMMM", "SYD", "MEL", "BNE", "ADL", "PER", "CNS", "CBR", "DRW"]);
}

#[test]
fn every_position_staffs_one_sector_and_fits_it() {
    let mut named = std::collections::BTreeSet::new();
    for sector in australia().sectors() {
        let wanted: &[&str] = match sector.group.as_deref() {
            Some("en-route") => &["_CTR", "_FSS"],
            _ => &["_APP", "_DEP", "_TWR"],
        };
        for end in wanted {
            let ends_so = |callsign: &String| callsign.ends_with(end);
            assert!(sector.callsigns.iter().any(ends_so), "no {end} in {}", sector.id);
        }
        for callsign in &sector.callsigns {
            assert!(wanted.iter().any(|end| callsign.ends_with(end)), "{callsign}");
            assert!(named.insert(position(callsign)), "{callsign} stands in two sectors");
        }
    }
}

#[test]
fn terminal_sectors_are_cylinders() {
    let airspace = australia();
    for (id, latitude, longitude, radius, ceiling_ft) in CYLINDERS {
        let [volume] = &sector(&airspace, id).volumes[..] else { panic!("{id} has one volume") };
        assert_eq!((volume.floor_ft, volume.ceiling_ft), (None, Some(ceiling_ft)), "{id}");
        let vertices = volume.polygons[0].exterior.vertices();
        assert_eq!(vertices.len(), 64 + 1, "{id}");
        for vertex in vertices {
            let distance = nautical_miles((latitude, longitude), (vertex.y, vertex.x));
            assert!((distance / radius - 1.0).abs() < 0.001, "{id}: a vertex at {distance} NM");
        }
    }
}

#[test]
fn the_two_regions_tile_the_boundary() {
    let airspace = australia();
    let boundary: f64 = airspace.boundary().iter().map(Polygon::area).sum();
    let [ybbb, ymmm] = ["YBBB", "YMMM"].map(|id| sector(&airspace, id));
    assert!((ybbb.area() + ymmm.area() - boundary).abs() < 1e-6);
    let holds = |sector: &Sector, at: (f64, f64)| sector.volumes[0].contains(at.0, at.1);
    let mut inside = 0;
    for latitude in -121..0 {
        for longitude in 148..328 {
            let at = (f64::from(latitude) / 2.0, f64::from(longitude) / 2.0);
            let tiles = holds(ybbb, at) || holds(ymmm, at);
            assert_eq!(airspace.contains(at.0, at.1), tiles, "{at:?}");
            inside += u32::from(tiles);
        }
    }
    assert!(inside > 15_000, "{inside} points");
}

#[test]
fn known_places_are_where_they_belong() {
    let airspace = australia();
    for (latitude, longitude, altitude_ft, expected) in [
        (-33.946, 151.177, 0, Some("SYD")),
        (-33.946, 151.177, -50, Some("SYD")),
        (-33.946, 151.177, 28_000, Some("SYD")),
        (-33.946, 151.177, 28_001, Some("YMMM")),
        (-37.673, 144.843, 24_501, Some("YMMM")),
        (-27.384, 153.117, 24_501, Some("YBBB")),
        (-12.415, 130.877, 5_000, Some("DRW")),
        (-23.8, 133.9, 35_000, Some("YMMM")),
        (-5.0, 80.0, 35_000, Some("YMMM")),
        (-12.0, 114.5, 35_000, Some("YBBB")),
        (-45.0, 163.0, 35_000, Some("YBBB")),
        (-60.0, 75.0, 35_000, Some("YMMM")),
        (-41.3, 174.8, 35_000, None),
        (-8.0, 115.0, 35_000, None),
    ] {
        let found = airspace.primary_sector(latitude, longitude, altitude_ft, None).map(|id| &**id);
        assert_eq!(found, expected, "{latitude}, {longitude}, {altitude_ft} ft");
        assert_eq!(
            airspace.contains(latitude, longitude),
            expected.is_some(),
            "{latitude}, {longitude}"
        );
    }
}
