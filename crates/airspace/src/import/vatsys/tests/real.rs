//! What the profile of Australia holds, counted by hand.

use std::{env, fs, path::Path};

use super::*;
use crate::import::{Options, Selection};

/// The files of the profile; none, and a line that says so, where they are not there.
fn australia() -> Option<Vec<Source>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = env::var_os("SECTORWATCH_REAL_DATA").unwrap_or("../shared".into());
    let folder = root.join(data).join("airspace");
    let names = ["vatsys-default-jurisdiction.xml", "vatsys-sectors.xml", "vatsys-volumes.xml"];
    let read = |name| fs::read(folder.join(name)).map(|bytes| file(name, bytes)).ok();
    let sources: Option<Vec<Source>> = names.map(read).into_iter().collect();
    if sources.is_none() {
        let message =
            format!("not run: no profile in {} (set SECTORWATCH_REAL_DATA)", folder.display());
        assert!(env::var_os("CI").is_none(), "{message}");
        println!("{message}");
    }
    sources
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
    let united: std::collections::BTreeSet<_> = draft
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
        // Of the two last points the design says nothing below.
        let told = levels.into_iter().zip(expected).filter(|(_, expected)| !expected.is_empty());
        for (level, expected) in told {
            let hits = airspace.sectors_at(latitude, longitude, level, Some(1013));
            let mut hits: Vec<_> = hits.map(|sector| &*sector.id).collect();
            hits.sort_unstable();
            assert_eq!(hits.join(" "), expected, "{latitude} {longitude} at {level} ft");
        }
    }
}
