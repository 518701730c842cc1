use super::{airspaces, block, file, left_out, read_one};

#[test]
fn an_airspace_is_a_sector_with_its_blocks_and_owners_in_order() {
    let blocks = [block(r#""min": 195, "max": 244"#, 1), block(r#""min": 245"#, 2)];
    let (draft, findings) = read_one(&file(&airspaces(&[("Alpha", r#"["B","A"]"#, &blocks)])));
    let [sector] = &draft.sectors[..] else { panic!("{draft:?}") };
    assert_eq!((&*sector.id, &*sector.name), ("Alpha", "Alpha"));
    assert_eq!(sector.owners, ["B", "A"]);
    assert_eq!(sector.kind.as_deref(), Some("CTR"));
    let [lower, upper] = &sector.volumes[..] else { panic!("{sector:?}") };
    assert_eq!(lower.element, "airspace Alpha, block 1");
    assert_eq!((lower.floor_ft, lower.ceiling_ft), (Some(19_500.0), Some(24_500.0)));
    assert_eq!((upper.floor_ft, upper.ceiling_ft), (Some(24_500.0), None));
    let ring: Vec<_> = upper.outlines[0].exterior.iter().map(|at| (at.y, at.x)).collect();
    assert_eq!(ring, [(50.0, 2.0), (51.0, 2.0), (51.0, 3.0)]);
    let position = &draft.positions[0];
    assert_eq!((&*position.id, &*position.suffix), ("A", "APP"));
    assert_eq!(position.name.as_deref(), Some("Alpha Approach"));
    let hertz: Vec<_> = draft.positions.iter().map(|it| it.frequency_hz).collect();
    assert_eq!(hertz, [Some(118_005_000), Some(135_400_000), Some(127_905_000)]);
    assert_eq!(draft.positions[1].prefixes, ["XY", "XY-B"]);
    let found = ["airspaces", "blocks", "positions", "owner_refs", "unresolved", "points_dms"];
    assert_eq!(found.map(|name| findings.found[name]), [1, 2, 3, 2, 0, 6]);
    assert!(findings.left_out.is_empty() && findings.warnings.is_empty(), "{findings:?}");
}

#[test]
fn airspaces_of_one_id_are_one_sector_when_their_owners_are_equal() {
    let of = |degree| [block("", degree)];
    let (draft, findings) = read_one(&file(&airspaces(&[
        ("Same", r#"["A"]"#, &of(1)),
        ("Same", r#"["B","A"]"#, &of(2)),
        ("Other", r#"["A"]"#, &of(3)),
        ("Same", r#"["A"]"#, &of(4)),
        ("Same", r#"["A","B"]"#, &of(5)),
        ("Same~3", r#"["A"]"#, &of(6)),
    ])));
    let ids: Vec<_> =
        draft.sectors.iter().map(|it| (&*it.id, &*it.name, it.volumes.len())).collect();
    let expected = [
        ("Same", "Same", 2),
        ("Same~2", "Same", 1),
        ("Other", "Other", 1),
        // Same~3 is an airspace of the file.
        ("Same~4", "Same", 1),
        ("Same~3", "Same~3", 1),
    ];
    assert_eq!(ids, expected);
    assert_eq!(draft.sectors[0].volumes[1].element, "airspace Same (no. 3 of that id), block 1");
    assert_eq!(
        findings.warnings,
        [
            "airspace Same (no. 2 of that id) has other owners: it is sector Same~2",
            "airspace Same (no. 4 of that id) has other owners: it is sector Same~4",
        ]
    );
}

#[test]
fn runway_dependent_blocks_are_always_active_with_a_warning_each() {
    let runways = r#""runways": [{"icao": "EGLL", "runway": "27L"}]"#;
    let blocks = [block(runways, 1), block("", 2), block(runways, 3)];
    let (draft, findings) = read_one(&file(&airspaces(&[("Alpha", r#"["A"]"#, &blocks)])));
    let volumes = draft.sectors[0].volumes.iter();
    let active: Vec<_> = volumes.map(|it| it.active_when.as_deref()).collect();
    assert_eq!(active, [Some("EGLL 27L"), None, Some("EGLL 27L")]);
    let told = |number| {
        let words = "is taken as always active; the file has it with EGLL 27L in use alone";
        format!("airspace Alpha, block {number} {words}")
    };
    assert_eq!(findings.warnings, [told(1), told(3)]);
}

#[test]
fn airspaces_with_times_are_counted_and_not_imported() {
    let text = r#"[
        { "id": "Danger", "owner": ["B", "GONE"], "fua": [{}], "sectors": [BLOCK, {}] },
        { "id": "Danger", "owner": ["A"], "fua": [], "sectors": [BLOCK] },
        { "id": "Empty", "owner": null, "sectors": [BLOCK] },
        { "id": "None", "sectors": [BLOCK] }
    ]"#;
    let (draft, findings) = read_one(&file(&text.replace("BLOCK", &block("", 1))));
    let ids: Vec<_> = draft.sectors.iter().map(|it| (&*it.id, it.owners.len(), &it.kind)).collect();
    let kind = Some("APP".to_owned());
    assert_eq!(ids, [("Danger", 1, &kind), ("Empty", 0, &None), ("None", 0, &None)]);
    // The counts are those of the file.
    let found = ["airspaces", "blocks", "owner_refs", "unresolved", "points_dms"];
    assert_eq!(found.map(|name| findings.found[name]), [4, 5, 3, 1, 12]);
    assert_eq!(left_out(&findings), [""; 0]);
    let told = [
        "1 airspaces that hold at some times only (`fua`) are not imported",
        "2 airspaces name no owner: nobody controls them",
    ];
    assert_eq!(findings.warnings, told);
}

#[test]
fn an_object_of_airspaces_is_read_in_its_order() {
    let text = r#"{
        "ZZ": { "id": "Zulu", "owner": ["A"], "sectors": [BLOCK] },
        "AA": { "owner": "B", "sectors": [BLOCK] },
        "ZZ": { "id": "Zulu 2", "owner": ["A"], "sectors": [BLOCK] }
    }"#;
    let (draft, _) = read_one(&file(&text.replace("BLOCK", &block("", 1))));
    let ids: Vec<_> = draft.sectors.iter().map(|it| (&*it.id, &*it.owners[0])).collect();
    assert_eq!(ids, [("Zulu 2", "A"), ("AA", "B")]);
}

#[test]
fn a_repeated_owner_counts_once() {
    let airspaces = airspaces(&[("Alpha", r#"["B","A","B"]"#, &[block("", 1)])]);
    let (draft, findings) = read_one(&file(&airspaces));
    assert_eq!(draft.sectors[0].owners, ["B", "A"]);
    assert_eq!(findings.warnings, ["airspace Alpha names its owner B twice: the first counts"]);
}
