use std::fs;

use geo::Coord;

use super::super::super::{Draft, DraftSector, DraftVolume, Findings, Source, probe::real_data};

/// The file of the United Kingdom, with what was found in it.
fn united_kingdom() -> Option<(Draft, Findings)> {
    let bytes = fs::read(real_data("vatglasses-eg.json")?).unwrap();
    assert_eq!(bytes.len(), 884_535);
    let mut findings = Findings::default();
    let source = Source { path: "data/eg.json".into(), bytes };
    let draft = super::super::read(&[source], &mut findings).unwrap();
    Some((draft, findings))
}

#[test]
fn the_united_kingdom_has_the_counts_that_were_measured() {
    let Some((draft, findings)) = united_kingdom() else { return };
    let found = ["airspaces", "blocks", "positions", "points_dms", "owner_refs", "unresolved"];
    let counts = found.map(|name| findings.found[name]);
    assert_eq!(counts, [203, 982, 210, 17_997, 1_632, 1]);
    let shapes = ["polygons", "vertices", "unclosed", "invalid"].map(|name| findings.found[name]);
    assert_eq!(shapes, [982, 17_997, 982 - 557, 22]);
    assert_eq!(draft.positions.len(), 210);
    assert_eq!(draft.sectors.len(), 170);
    let volumes = || draft.sectors.iter().flat_map(|sector| &sector.volumes);
    // Without the 33 blocks of the 18 airspaces that hold at times only.
    assert_eq!(volumes().count(), 982 - 33);
    assert_eq!(volumes().filter(|volume| volume.active_when.is_some()).count(), 218);
    let told = |words: &str| findings.warnings.iter().filter(|it| it.contains(words)).count();
    assert_eq!(told("is taken as always active"), 218);
    assert_eq!(told("18 airspaces that hold at some times only"), 1);
    assert_eq!(told("topdown of 70 airports"), 1);
    assert_eq!(told("which carry over"), 2);
    let [left_out] = &findings.left_out[..] else { panic!("{:?}", findings.left_out) };
    assert!(left_out.element.ends_with(", owner CE"), "{left_out:?}");
}

#[test]
fn the_united_kingdom_has_the_owners_that_were_measured() {
    let Some((draft, _)) = united_kingdom() else { return };
    for (id, owners) in [
        ("South East (Biggin)", "TCSE TCS TC LDL LD LS LSC L"),
        ("London Middle East (26)", "LSN LD LS LSC L"),
        ("Solway", "SOL PEN BDS SWB SS SE S"),
    ] {
        let sector = draft.sectors.iter().find(|it| it.id == id).unwrap();
        assert_eq!(sector.owners.join(" "), owners);
        assert_eq!(sector.kind.as_deref(), Some("CTR"));
    }
    let position = draft.positions.iter().find(|it| it.id == "LSC").unwrap();
    assert_eq!(position.prefixes, ["LON", "LON-SC"]);
    assert_eq!(position.frequency_hz, Some(132_605_000));
}

/// Twice the area that a line encloses, and whether a point is inside it: by the even-odd rule on the raw line.
fn enclosed(line: &[Coord], (latitude, longitude): (f64, f64)) -> (f64, bool) {
    let (mut area, mut is_inside) = (0.0, false);
    for (from, to) in line.iter().zip(line.iter().cycle().skip(1)) {
        area += from.x * to.y - to.x * from.y;
        let is_beside = (from.y > latitude) != (to.y > latitude);
        let crossing = from.x + (latitude - from.y) / (to.y - from.y) * (to.x - from.x);
        is_inside ^= is_beside && longitude < crossing;
    }
    (area.abs(), is_inside)
}

#[test]
fn points_are_in_the_smallest_airspace_that_does_not_depend_on_runways() {
    let Some((mut draft, _)) = united_kingdom() else { return };
    draft.sectors.iter_mut().for_each(|it| it.volumes.retain(|it| it.active_when.is_none()));
    let heathrow = (51.4775, -0.461389);
    for (point, feet, primary) in [
        (heathrow, 15_000.0, "South East (Biggin)"),
        (heathrow, 25_000.0, "London Middle East (26)"),
        ((55.0, -3.0), 35_000.0, "Solway"),
    ] {
        let area = |sector: &DraftSector| -> f64 {
            sector.volumes.iter().map(|it| enclosed(&it.outlines[0].exterior, point).0).sum()
        };
        let holds = |volume: &DraftVolume| {
            volume.floor_ft.is_none_or(|floor| floor <= feet)
                && volume.ceiling_ft.is_none_or(|ceiling| feet <= ceiling)
                && enclosed(&volume.outlines[0].exterior, point).1
        };
        let hits = draft.sectors.iter().filter(|sector| sector.volumes.iter().any(holds));
        let smallest = hits.min_by(|a, b| area(a).total_cmp(&area(b))).unwrap();
        assert_eq!(smallest.id, primary, "{feet}");
    }
}
