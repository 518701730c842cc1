//! What the profile of Australia holds, counted by hand.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
};

use super::*;
use crate::import::{Options, Selection, probe::real_data};

/// The files of the profile.
fn australia() -> Option<Vec<Source>> {
    let names = ["vatsys-default-jurisdiction.xml", "vatsys-sectors.xml", "vatsys-volumes.xml"];
    let read = |name| Some(file(name, fs::read(real_data(name)?).unwrap()));
    names.map(read).into_iter().collect()
}

#[test]
fn all_of_it_is_found_and_nothing_left_out() {
    let Some(sources) = australia() else { return };
    let (draft, findings) = import(&sources);
    assert_eq!(left_out(&findings), []);
    let expected = [
        ("sectors", 292),
        ("sectors_with_volumes", 275),
        ("volumes", 197),
        ("boundaries", 190),
        ("points_dms", 4723),
        ("points_decimal", 460),
        ("responsible_refs", 95),
        ("unresolved", 0),
        ("cycles", 1),
        ("positions", 292),
    ];
    for (name, number) in expected {
        assert_eq!(findings.found[name], number, "{name}");
    }
    assert_eq!((draft.sectors.len(), draft.positions.len()), (275, 292));
    let mended: Vec<_> = findings.repaired.iter().map(|it| &*it.element).collect();
    assert_eq!(mended, ["boundary LEARMONTH_APPROACH"]);
    let kinds = ["CTR", "TWR", "GND", "APP", "FSS", "DEL", "DEP", "FMP"];
    let positions = |kind| draft.positions.iter().filter(|it| it.suffix == kind).count();
    assert_eq!(kinds.map(positions), [83, 65, 45, 41, 22, 17, 12, 7]);
    assert!(draft.positions.iter().all(|it| it.frequency_hz.is_some()));
    let united: BTreeSet<_> = draft
        .sectors
        .iter()
        .flat_map(|it| &it.volumes)
        .filter(|it| it.unite)
        .map(|it| &*it.element)
        .collect();
    // The ninth, PEA_R155AB_CAP, is of no sector.
    assert_eq!(united.len(), 8, "{united:?}");
}

#[test]
fn what_the_files_hold_is_counted() {
    let Some(sources) = australia() else { return };
    let [_, sectors, volumes] = &sources[..] else { panic!("three files") };
    let (mut hidden, mut claiming) = (0, 0);
    let mut count = |element: xml::Element| {
        hidden += usize::from(element.attribute("DisplayInSectorsWindow") == Some("False"));
        claiming += usize::from(!element.list("ResponsibleSectors").is_empty());
    };
    xml::each(sectors, &["Sector"], &mut count).unwrap();
    assert_eq!((hidden, claiming), (40, 32));
    let (mut names, mut of_two, mut open) = (BTreeSet::new(), 0, 0);
    let mut count = |element: xml::Element| match &*element.name {
        "Volume" => of_two += usize::from(element.list("Boundaries").len() == 2),
        _ => {
            names.insert(element.attribute("Name").map(str::to_owned));
            let points = element.text.split('/').map(str::trim).filter(|it| !it.is_empty());
            let points: Vec<&str> = points.collect();
            open += usize::from(points.first() != points.last());
        }
    };
    xml::each(volumes, &["Boundary", "Volume"], &mut count).unwrap();
    assert_eq!((names.len(), of_two, open), (189, 9, 0));
    let (draft, _) = import(&sources);
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for sector in &draft.sectors {
        for volume in &sector.volumes {
            users.entry(&volume.element).or_default().push(sector.kind.as_deref().unwrap_or(""));
        }
    }
    let shared: Vec<_> = users.values().filter(|kinds| kinds.len() > 1).collect();
    assert_eq!(shared.len(), 54);
    let kind = |kinds: &[&str], kind: &str| kinds.iter().filter(|it| **it == kind).count();
    let of_sydney = |kinds: &&&Vec<&str>| (kind(kinds, "APP"), kind(kinds, "DEP")) == (4, 3);
    assert!(shared.iter().find(of_sydney).is_some());
}

#[test]
fn rings_across_the_antimeridian_and_across_themselves_are_mended() {
    let Some(sources) = australia() else { return };
    let report = crate::import::import(&sources, &Options::default()).unwrap().report;
    let boundaries = |is_meant: fn(&str) -> bool| -> BTreeSet<&str> {
        let meant = report.repaired.iter().filter(|it| is_meant(&it.what));
        // Of a volume that has the name of its boundary, only that stands there.
        meant
            .map(|it| match it.element.split_once("(boundary ") {
                Some((_, boundary)) => boundary.trim_end_matches(')'),
                None => it.element.trim_start_matches("volume "),
            })
            .collect()
    };
    let unwrapped = boundaries(|what| what.contains("unwrapped across"));
    assert_eq!(unwrapped, BTreeSet::from(["NADI_CTA", "NFFF", "NZCM", "NZZO"]));
    let crossing = boundaries(|it| it.contains("cross or touch") && !it.contains("unwrapped"));
    assert_eq!(crossing, BTreeSet::from(["TAILEM_BEND"]));
}

#[test]
fn what_may_not_be_meant_is_told() {
    let Some(sources) = australia() else { return };
    let warnings = import(&sources).1.warnings;
    for expected in [
        "MAV is claimed 4 times: by ",
        "MAW is claimed 3 times: by ",
        "CBW is claimed 2 times: by ",
        "MAV, MAW claim each other in a cycle",
        "files that are not imported: 1 of DefaultJurisdiction",
    ] {
        assert_eq!(warnings.iter().filter(|it| it.starts_with(expected)).count(), 1, "{expected}");
    }
    let unused = warnings.iter().find_map(|it| it.strip_prefix("volumes of no sector: ")).unwrap();
    let mut unused: Vec<&str> = unused.split(", ").collect();
    unused.sort_unstable();
    assert_eq!(unused, ["AAP", "ADR", "ASETWR", "MLA_AV", "MLW", "PEA_R155AB_CAP"]);
    assert_eq!(warnings.len(), 6, "{warnings:?}");
}

#[test]
fn owners_are_in_the_order_of_the_profile() {
    let Some(sources) = australia() else { return };
    let draft = import(&sources).0;
    for expected in
        ["SAN SAS GUN", "CNK ARL", "BDN BAN NSA INL", "CBW WOL CBE", "MAV BLA MAE MDS MAW"]
    {
        let id = expected.split(' ').next().unwrap();
        assert_eq!(sector(&draft, id).owners.join(" "), expected);
    }
    assert_eq!(sector(&draft, "SY FMP").owners, [""; 0]);
}

#[test]
fn points_are_in_the_sectors_of_the_profile() {
    let Some(sources) = australia() else { return };
    let selection = Selection {
        kinds: ["CTR", "FSS", "APP"].map(str::to_owned).to_vec(),
        ..Default::default()
    };
    let options = Options { selection, ..Options::default() };
    let imported = crate::import::import(&sources, &options).unwrap();
    let (airspace, _) = crate::parse(&imported.text).unwrap();
    let levels = [3_000, 20_000, 28_000, 35_000];
    let sydney = "SAN SAS SFE SFW";
    let both = "BIK SAN SAS SFE SFW";
    for ((latitude, longitude), expected) in [
        ((-33.946111, 151.177222), [sydney, sydney, both, "BIK"]),
        ((-37.673333, 144.843333), ["MAE", "MAE", "ELW", "ELW"]),
        ((-27.384167, 153.117222), ["BAN BAS", "NSA", "NSA", "NSA"]),
        ((-12.414722, 130.876667), ["DAE DAW", "TRT", "TRT", "TRT"]),
        ((-20.0, -175.0), ["", "", "NZZO", "NZZO"]),
        ((-30.0, 105.0), ["", "", "IND", "IND"]),
    ] {
        for (level, expected) in levels.into_iter().zip(expected) {
            let hits = airspace.sectors_at(latitude, longitude, level, Some(1013));
            let mut hits: Vec<_> = hits.map(|sector| &*sector.id).collect();
            hits.sort_unstable();
            assert_eq!(hits.join(" "), expected, "{latitude} {longitude} at {level} ft");
        }
    }
}
