use super::super::super::Draft;
use super::{airspaces, block, file, left_out, read_one};

/// Three airspaces of two blocks; the middle one is what the tests break.
fn clean() -> String {
    let of = |degree| [block(r#""min": 10, "max": 20"#, degree), block("", degree + 1)];
    file(&airspaces(&[
        ("First", r#"["A","B"]"#, &of(1)),
        ("Second", r#"["B","C"]"#, &of(3)),
        ("Third", r#"["C"]"#, &of(5)),
        ("Second", r#"["A"]"#, &of(7)),
    ]))
}

/// Breaks the clean file by replacing `from`, which stands there once, and says which element was named.
/// All other sectors, and all other volumes of this one, must stay as they are.
fn cost(from: &str, to: &str, reason: &str) -> (Draft, String) {
    let (clean, before) = (clean(), left_out(&read_one(&clean()).1).len());
    assert_eq!((before, clean.matches(from).count()), (0, 1), "{from}");
    let (draft, findings) = read_one(&clean.replacen(from, to, 1));
    let [only] = &findings.left_out[..] else { panic!("{findings:?}") };
    assert!(only.reason.contains(reason), "{only:?}");
    let sound = read_one(&clean).0;
    for sector in sound.sectors.iter().filter(|sector| sector.id != "Second") {
        assert!(draft.sectors.contains(sector), "{sector:?}\n{draft:?}");
    }
    (draft, only.element.clone())
}

/// How many volumes are left of the sector that is broken.
fn volumes(draft: &Draft) -> usize {
    draft.sectors.iter().find(|it| it.id == "Second").map_or(0, |it| it.volumes.len())
}

#[test]
fn a_bad_point_costs_its_block() {
    for bad in ["003000", "1810000", "003000E", "００30000"] {
        let from = r#"["500000","0030000"], ["510000","0030000"]"#;
        let to = format!(r#"["500000","0030000"], ["510000","{bad}"]"#);
        let (draft, element) = cost(from, &to, "point 2 is no ");
        assert_eq!((&*element, volumes(&draft)), ("airspace Second, block 1", 1));
    }
}

#[test]
fn min_above_max_costs_its_block() {
    let from = r#""min": 10, "max": 20, "points": [["500000","0030000"]"#;
    let to = r#""min": 21, "max": 20, "points": [["500000","0030000"]"#;
    let (draft, element) = cost(from, to, "above its max of 20");
    assert_eq!((&*element, volumes(&draft)), ("airspace Second, block 1", 1));
}

#[test]
fn a_block_that_is_none_costs_itself() {
    let from = r#"{ "points": [["500000","0040000"]"#;
    let (draft, element) = cost(from, r#"{ "dots": [["500000","0040000"]"#, "no points");
    assert_eq!((&*element, volumes(&draft)), ("airspace Second, block 2", 1));
}

#[test]
fn an_unknown_owner_costs_its_place_alone() {
    let (draft, element) = cost(r#"["B","C"]"#, r#"["B","GONE","C"]"#, "no position GONE");
    assert_eq!((&*element, volumes(&draft)), ("airspace Second, owner GONE", 2));
    assert_eq!(draft.sectors, read_one(&clean()).0.sectors);
    let (_, element) = cost(r#"["B","C"]"#, r#"["B",{},"C"]"#, "no text");
    assert_eq!(element, "airspace Second, owner no. 2");
    let (_, element) = cost(r#"["B","C"]"#, r#"["B","C","eg/LS"]"#, "eg is not among the files");
    assert_eq!(element, "airspace Second, owner eg/LS");
}

#[test]
fn an_unknown_owner_does_not_make_two_sectors_one() {
    let text = clean().replace(r#""owner": ["B","C"]"#, r#""owner": ["GONE","A"]"#);
    let (draft, _) = read_one(&text);
    let ids: Vec<_> = draft.sectors.iter().map(|it| &*it.id).collect();
    assert_eq!(ids, ["First", "Second", "Third", "Second~2"]);
    assert_eq!(draft.sectors[1].owners, draft.sectors[3].owners);
}

#[test]
fn the_last_block_of_a_sector_takes_it_along_and_the_others_keep_their_ids() {
    let text =
        clean().replace(r#"["500000","0030000"]"#, "[]").replace(r#"["500000","0040000"]"#, "[]");
    let (draft, findings) = read_one(&text);
    assert_eq!(left_out(&findings), ["airspace Second, block 1", "airspace Second, block 2"]);
    let ids: Vec<_> = draft.sectors.iter().map(|it| &*it.id).collect();
    assert_eq!(ids, ["First", "Third", "Second~2"]);
}

#[test]
fn an_airspace_that_cannot_be_read_costs_itself() {
    let [good] = [airspaces(&[("Good", r#"["A"]"#, &[block("", 1)])])];
    for (json, element, reason) in [
        ("7", "airspace no. 1", "it is no object: 7"),
        ("null", "airspace no. 1", "it is no object: null"),
        (r#"{ "owner": [] }"#, "airspace no. 1", "it has no id"),
        (r#"{ "id": "" }"#, "airspace no. 1", "it has no id"),
        (r#"{ "id": "A\u0007" }"#, "airspace no. 1", "its id has control characters"),
        (r#"{ "id": "A" }"#, "airspace A", "it has no blocks (`sectors`)"),
        (r#"{ "id": "A", "sectors": [] }"#, "airspace A", "it has no blocks (`sectors`)"),
        (r#"{ "id": "A", "sectors": 5 }"#, "airspace A", "its blocks (`sectors`) are no list"),
    ] {
        let (draft, findings) = read_one(&file(&good.replacen('[', &format!("[{json}, "), 1)));
        let [only] = &findings.left_out[..] else { panic!("{json}: {findings:?}") };
        assert_eq!((&*only.element, &*only.reason), (element, reason));
        assert_eq!(draft.sectors, read_one(&file(&good)).0.sectors);
    }
}

#[test]
fn an_airspace_without_blocks_keeps_its_number_among_those_of_its_id() {
    let of =
        |blocks| file(&airspaces(&[("A", r#"["A"]"#, blocks), ("A", r#"["B"]"#, &[block("", 1)])]));
    let (sound, broken) = (read_one(&of(&[block("", 3)])).0, read_one(&of(&[])).0);
    assert_eq!(sound.sectors[1..], broken.sectors[..]);
}

#[test]
fn a_position_on_which_nobody_can_be_found_is_named_once() {
    let sound = r#""A": { "pre": ["XYAA"], "type": "APP", "#;
    for (broken, reason) in [
        (r#""A": { "pre": ["XYAA"], "#, "it has no type"),
        (r#""A": { "pre": [], "type": "APP", "#, "it has no pre"),
        (r#""A": { "pre": ["", " "], "type": "APP", "#, "it has no pre"),
        (r#""A": { "pre": [{}], "type": "APP", "#, "it has no pre"),
        (r#""A": { "type": "APP", "#, "it has no pre"),
    ] {
        let (draft, findings) = read_one(&clean().replace(sound, broken));
        let [only] = &findings.left_out[..] else { panic!("{findings:?}") };
        assert_eq!(only.element, "position A");
        assert!(only.reason.starts_with(reason), "{only:?}");
        // Its owners go without a word, and are not counted as unresolved: the position is there.
        assert_eq!(
            (&*draft.sectors[0].owners, findings.found["unresolved"]),
            (&["B".to_owned()][..], 0)
        );
        assert_eq!(draft.sectors[0].kind.as_deref(), Some("CTR"));
    }
}

#[test]
fn a_frequency_that_is_none_costs_itself() {
    for (written, hertz) in [
        (r#""135.40""#, Some(135_400_000)),
        (r#""127.905""#, Some(127_905_000)),
        ("8.867", Some(8_867_000)),
        (r#"" 118.0 ""#, Some(118_000_000)),
        (r#""""#, None),
        ("null", None),
        (r#""135,40""#, None),
        (r#""-1""#, None),
        (r#""99999""#, None),
    ] {
        let (draft, findings) = read_one(&clean().replace(r#""118.005""#, written));
        assert_eq!(draft.positions[0].frequency_hz, hertz, "{written}");
        let is_told = hertz.is_none() && !matches!(written, "null" | r#""""#);
        let told = format!("position A has no frequency: {written} is no number of MHz");
        assert_eq!(findings.warnings.contains(&told), is_told, "{written} {findings:?}");
        assert_eq!(left_out(&findings), [""; 0]);
    }
}
