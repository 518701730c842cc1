//! What the sector file of South Africa holds, counted by hand.

use std::fs;

use super::*;
use crate::import::{Options, euroscope::records::Shape, probe::real_data};

fn south_africa() -> Option<Source> {
    let path = real_data("euroscope-fasa.ese")?;
    Some(file("FASA.ese", fs::read(path).unwrap()))
}

#[test]
fn all_of_it_is_found_and_nothing_left_out() {
    let Some(source) = south_africa() else { return };
    assert!(recognises(&source));
    let (draft, findings) = import(&[source]);
    assert_eq!(left_out(&findings), []);
    let expected = [
        ("positions", 113),
        ("sectors", 148),
        ("unresolved", 0),
        ("polygons", 148),
        ("unclosed", 0),
        ("invalid", 1),
    ];
    for (name, number) in expected {
        assert_eq!(findings.found[name], number, "{name}");
    }
    let volumes: usize = draft.sectors.iter().map(|sector| sector.volumes.len()).sum();
    assert_eq!((draft.sectors.len(), volumes, draft.positions.len()), (148, 148, 113));
    let ownerless: Vec<_> =
        draft.sectors.iter().filter(|it| it.owners.is_empty()).map(|it| &*it.id).collect();
    assert_eq!(ownerless, ["FASA\u{b7}FALW-ATZ\u{b7}000\u{b7}050"]);
    assert!(draft.positions.iter().all(|it| it.frequency_hz.is_some()));
}

#[test]
fn borders_close_by_chains_single_lines_and_circles() {
    let Some(source) = south_africa() else { return };
    assert_eq!(source.bytes.len(), 389_098);
    let (mut positions, mut findings) = (Positions::default(), Findings::default());
    let records = records(&source, &mut positions, &mut Vec::new(), &mut findings);
    let content = source.content();
    let rows: Vec<&str> =
        text::rows(&content).filter_map(|row| row.text.split(':').next()).collect();
    let of = |keyword: &str| rows.iter().filter(|it| **it == keyword).count();
    assert_eq!(["SECTORLINE", "COORD", "CIRCLE_SECTORLINE"].map(of), [278, 6_349, 4]);
    assert_eq!(["DISPLAY", "SECTOR", "OWNER", "BORDER"].map(of), [1_052, 148, 147, 148]);
    let is_circle =
        |name: &String| matches!(records.shapes.get(name), Some(Some(Shape::Circle(..))));
    let (mut chained, mut single, mut round) = (0, 0, 0);
    for sector in &records.sectors {
        match &sector.border[..] {
            [circle] if is_circle(circle) => round += 1,
            [_] => single += 1,
            _ => chained += 1,
        }
    }
    assert_eq!((chained, single, round), (125, 19, 4));
    let active = records.sectors.iter().filter(|it| !it.active.is_empty()).count();
    assert_eq!(active, 4);
    let borders = Borders::new(records.shapes, &Fixes::default(), &mut findings);
    assert!(records.sectors.iter().all(|it| borders.outline(&it.border).is_ok()));
    assert_eq!(left_out(&findings), []);
}

#[test]
fn what_depends_on_runways_and_what_is_not_imported_is_told() {
    let Some(source) = south_africa() else { return };
    let (draft, findings) = import(&[source]);
    let active: Vec<_> = draft
        .sectors
        .iter()
        .flat_map(|it| &it.volumes)
        .filter_map(|it| it.active_when.as_deref())
        .collect();
    assert_eq!(active, ["FAOR 03L,03R", "FAOR 21L,21R", "FACT 01", "FACT 19"]);
    let [letters, active @ .., others] = &findings.warnings[..] else { panic!("{findings:?}") };
    assert!(
        letters.ends_with(" and 144 more")
            && letters
                .starts_with("letters are read as Windows-1252 in CIRCLE_SECTORLINE FASA\u{b7}"),
        "{letters}"
    );
    assert_eq!(active.len(), 4, "{active:?}");
    assert_eq!(others, "lines that are not imported: 65 ARRAPT, 63 DEPAPT");
}

#[test]
fn owners_and_kinds_are_those_of_the_file() {
    let Some(source) = south_africa() else { return };
    let (draft, _) = import(&[source]);
    for (id, owners, kind) in [
        ("FASA\u{b7}FAJANES\u{b7}145\u{b7}195", "JNE ZAC", "CTR"),
        ("FASA\u{b7}FAJANE\u{b7}245\u{b7}660", "JNE ZAC AS", "CTR"),
        ("FASA\u{b7}FACT-TMA-I-MI\u{b7}000\u{b7}085", "CTF CTA CAW ZAC", "APP"),
    ] {
        let sector = sector(&draft, id);
        assert_eq!(
            (sector.owners.join(" "), sector.kind.as_deref()),
            (owners.to_owned(), Some(kind))
        );
    }
}

#[test]
fn points_are_in_the_smallest_sector_of_the_file() {
    let Some(source) = south_africa() else { return };
    let imported = crate::import::import(&[source], &Options::default()).unwrap();
    let (airspace, _) = crate::parse(&imported.text).unwrap();
    let primary = |(latitude, longitude), level| {
        airspace.primary_sector(latitude, longitude, level, Some(1013)).map(|id| &**id)
    };
    let (faor, fact) = ((-26.139, 28.246), (-33.9648, 18.6017));
    assert_eq!(primary(faor, 15_000), Some("FASA\u{b7}FAJANES\u{b7}145\u{b7}195"));
    assert_eq!(primary(faor, 35_000), Some("FASA\u{b7}FAJANE\u{b7}245\u{b7}660"));
    assert_eq!(primary(fact, 3_000), Some("FASA\u{b7}FACT-TMA-I-MI\u{b7}000\u{b7}085"));
}
