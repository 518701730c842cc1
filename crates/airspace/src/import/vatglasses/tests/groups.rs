use super::{airspaces, block, file, left_out, read};

/// The first group, one of whose airspaces falls to a position of the other.
fn home() -> String {
    file(&airspaces(&[("North", r#"["A","away/B","C"]"#, &[block("", 1)])]))
}

/// The other group, with the same ids of positions and an airspace of the same id.
fn away() -> String {
    file(&airspaces(&[
        ("North", r#"["A"]"#, &[block("", 3)]),
        ("South", r#"["away/C","home/A"]"#, &[block("", 4)]),
    ]))
}

#[test]
fn positions_of_other_groups_are_named_with_their_group() {
    let (draft, findings) = read(&[("d/home.json", &home()), ("d/away.json", &away())]);
    let draft = draft.unwrap();
    let owners: Vec<_> = draft.sectors.iter().map(|it| (&*it.id, it.owners.join(" "))).collect();
    let expected = [("North", "A away/B C"), ("North~2", "away/A"), ("South", "away/C A")];
    assert_eq!(owners, expected.map(|(id, owners)| (id, owners.to_owned())));
    let ids: Vec<_> = draft.positions.iter().map(|it| &*it.id).collect();
    assert_eq!(ids, ["A", "B", "C", "away/A", "away/B", "away/C"]);
    assert_eq!((findings.found["owner_refs"], findings.found["unresolved"]), (6, 0));
    assert_eq!(draft.sectors[1].volumes[0].element, "away: airspace North, block 1");
    assert_eq!(findings.warnings, ["away: airspace North has other owners: it is sector North~2"]);
}

#[test]
fn what_is_unknown_in_another_group_is_named() {
    let home = home().replace("away/B", "away/GONE");
    let (draft, findings) = read(&[("d/home.json", &home), ("d/away.json", &away())]);
    assert_eq!(left_out(&findings), ["home: airspace North, owner away/GONE"]);
    assert_eq!(findings.left_out[0].reason, "group away has no position GONE");
    assert_eq!(draft.unwrap().positions.len(), 6);
    // Alone, the other group is missing.
    let (draft, findings) = read(&[("d/home.json", &home)]);
    assert_eq!(left_out(&findings), ["airspace North, owner away/GONE"]);
    assert_eq!(findings.left_out[0].reason, "group away is not among the files");
    assert_eq!(draft.unwrap().sectors[0].owners, ["A", "C"]);
}

#[test]
fn a_folder_is_a_group_of_two_files() {
    let airspace = r#"{ "airspace": { "N": { "id": "North", "owner": ["S", "home/A"], "sectors": [BLOCK] } },
        "airports": { "EIDW": { "topdown": ["S"] }, "EIKY": { "callsign": "Kerry" } } }"#;
    let airspace = airspace.replace("BLOCK", &block("", 1));
    let positions = r#"{ "positions": { "S": { "pre": ["EISN"], "type": "CTR" } } }"#;
    let ownership = r#"{ "name": "Default", "airspace": { "N": ["S"] } }"#;
    let (draft, findings) = read(&[
        ("data/ei/airspace.json", &airspace),
        ("data/ei/ownership/default.json", ownership),
        ("data/ei/positions.json", positions),
        ("data/home.json", &file("[]")),
    ]);
    let draft = draft.unwrap();
    assert_eq!(draft.sectors[0].owners, ["S", "home/A"]);
    assert_eq!(draft.positions.len(), 4);
    assert_eq!(findings.found["airspaces"], 1);
    let told = [
        "data/ei/ownership/default.json is not imported: neither airspaces with their blocks nor positions",
        "ei: topdown of 1 airports is not imported",
    ];
    assert_eq!(findings.warnings, told);
    assert_eq!(left_out(&findings), [""; 0]);
}

#[test]
fn two_files_in_the_folder_of_the_program_are_one_group() {
    let positions = r#"{ "positions": { "S": { "pre": ["EISN"], "type": "CTR" } } }"#;
    let airspace =
        format!(r#"{{ "airspace": {} }}"#, airspaces(&[("N", r#"["S"]"#, &[block("", 1)])]));
    let (draft, findings) = read(&[("airspace.json", &airspace), ("positions.json", positions)]);
    assert_eq!(draft.unwrap().sectors[0].owners, ["S"]);
    assert_eq!(left_out(&findings), [""; 0]);
}

#[test]
fn a_position_that_stands_twice_is_the_last_one() {
    let first = file("[]").replace(r#""C":"#, r#""A":"#);
    let second = r#"{ "positions": { "B": { "pre": ["ZZ"], "type": "FSS" } } }"#;
    let (draft, findings) = read(&[("a/xy.json", &first), ("b/xy.json", second)]);
    let positions = draft.unwrap().positions;
    let read: Vec<_> = positions.iter().map(|it| (&*it.id, it.prefixes.join(" "))).collect();
    assert_eq!(read, [("A", "XY".to_owned()), ("B", "ZZ".to_owned())]);
    let told = [
        "position A stands there twice: the last one counts",
        "position B stands in two files of the group: the last one counts",
    ];
    assert_eq!(findings.warnings, told);
}
