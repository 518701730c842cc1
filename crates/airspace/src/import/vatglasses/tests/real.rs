use std::{env, fs, path::Path};

use super::super::super::{Draft, Findings, Source};

/// The file of the United Kingdom, with what was found in it.
fn united_kingdom() -> Option<(Draft, Findings)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = env::var_os("SECTORWATCH_REAL_DATA").unwrap_or_else(|| "../shared".into());
    let path = root.join(folder).join("airspace/vatglasses-eg.json");
    let Ok(bytes) = fs::read(&path) else {
        assert!(env::var_os("CI").is_none(), "{} is missing", path.display());
        eprintln!("not run: {} is missing", path.display());
        return None;
    };
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
