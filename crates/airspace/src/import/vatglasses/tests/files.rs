use super::super::{super::ImportError, recognises};
use super::{Source, airspaces, block, file, left_out, read};

fn good() -> String {
    file(&airspaces(&[("Alpha", r#"["A"]"#, &[block("", 1)])]))
}

#[test]
fn a_file_is_recognised_by_its_content() {
    let of = |text: &str| recognises(&Source { path: "x".into(), bytes: text.into() });
    assert!(of(&good()));
    assert!(of("\u{feff} {\"positions\": {}}"));
    // Cut short: reading it says where.
    assert!(of(&good()[..200]));
    assert!(!of(r#"{ "type": "FeatureCollection", "positions": {}, "features": [] }"#));
    for other in ["", "[]", "{}", "7", "[AIRSPACE]", "<Sectors/>", r#"{"groups": {"airspace": 1}}"#]
    {
        assert!(!of(other), "{other}");
    }
}

#[test]
fn a_broken_file_is_an_error_with_its_place() {
    let (draft, _) = read(&[("data/xy.json", "{\n  \"airspace\": [,\n}")]);
    let Err(ImportError::File { file, reason }) = draft else { panic!("{draft:?}") };
    assert_eq!(file, "xy.json");
    assert!(reason.contains("line 2 column 16"), "{reason}");
    for text in ["", "[]", "7", "{\"airspace\": [}", &good()[..300], "{} {}"] {
        let (draft, _) = read(&[("data/xy.json", text)]);
        assert!(matches!(draft, Err(ImportError::File { .. })), "{text}");
    }
}

#[test]
fn a_broken_file_of_several_costs_itself() {
    let (draft, findings) = read(&[("d/aa.json", "{"), ("d/bb.json", &good())]);
    let draft = draft.unwrap();
    assert_eq!(left_out(&findings), ["file aa.json"]);
    // The ids are those that they have when the other file is sound.
    assert_eq!(draft.sectors[0].owners, ["bb/A"]);
}

#[test]
fn files_of_other_kinds_beside_the_data_are_told() {
    let others =
        [("d/README.md", "# Data"), ("d/Owners.xlsx", "PK"), ("d/nodata.json", "{\"a\": 1}")];
    let good = good();
    let (draft, findings) = read(&[others[0], others[1], others[2], ("d/xy.json", &good)]);
    let draft = draft.unwrap();
    assert_eq!(draft.sectors[0].owners, ["A"]);
    assert_eq!(left_out(&findings), [""; 0]);
    let [told] = &findings.warnings[..] else { panic!("{findings:?}") };
    assert!(
        told.starts_with("d/README.md, d/Owners.xlsx, d/nodata.json is not imported"),
        "{told}"
    );
}

#[test]
fn a_file_of_any_name_is_read_when_its_content_is_of_the_format() {
    let (draft, _) = read(&[("eg", &good())]);
    assert_eq!(draft.unwrap().sectors.len(), 1);
}

#[test]
fn members_of_another_kind_cost_themselves() {
    let text = good().replace(r#""positions": {"#, r#""positions": 5, "other": {"#);
    let (draft, findings) = read(&[("xy.json", &text)]);
    assert_eq!(left_out(&findings), ["positions of group xy", "airspace Alpha, owner A"]);
    assert_eq!(draft.unwrap().sectors.len(), 1);
    let (draft, findings) = read(&[("xy.json", &file("\"none\""))]);
    assert_eq!(left_out(&findings), ["airspace of group xy"]);
    assert_eq!(draft.unwrap().positions.len(), 3);
}

#[test]
fn bytes_of_windows_1252_are_read() {
    let text = good().replace("Alpha", "M\u{fc}nchen");
    let bytes: Vec<u8> = text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    let source = Source { path: "ed.json".into(), bytes };
    let draft = super::super::read(&[source], &mut Default::default()).unwrap();
    assert_eq!(draft.sectors[0].id, "München");
    assert_eq!(draft.positions[0].name.as_deref(), Some("München Approach"));
}

#[test]
fn a_thousand_levels_of_nesting_are_passed_over_or_told() {
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    let text = good().replace(r#""group": "G""#, &format!(r#""comment": {deep}"#));
    let (draft, findings) = read(&[("xy.json", &text)]);
    assert_eq!((draft.unwrap().sectors.len(), left_out(&findings).len()), (1, 0));
    let text = good().replace(r#"["500000","0010000"]"#, &deep);
    let (_, findings) = read(&[("xy.json", &text)]);
    assert_eq!(left_out(&findings), ["airspace Alpha, block 1"]);
}
