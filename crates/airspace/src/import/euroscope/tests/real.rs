//! What the sector file of South Africa holds, counted by hand.

use std::{env, fs, path::Path};

use super::*;
use crate::import::Options;

/// The file; none, and a line that says so, where it is not there.
fn south_africa() -> Option<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = env::var_os("SECTORWATCH_REAL_DATA").unwrap_or("../shared".into());
    let path = root.join(data).join("airspace/euroscope-fasa.ese");
    let bytes = fs::read(&path).ok();
    if bytes.is_none() {
        let message = format!("not run: no {} (set SECTORWATCH_REAL_DATA)", path.display());
        assert!(env::var_os("CI").is_none(), "{message}");
        println!("{message}");
    }
    bytes.map(|bytes| file("FASA.ese", bytes))
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
    assert_eq!(findings.warnings.len(), 5, "{:?}", findings.warnings);
    assert_eq!(findings.warnings[4], "lines that are not imported: 65 ARRAPT, 63 DEPAPT");
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
