use proptest::prelude::*;

use super::*;
use crate::import::probe::assert_same;

fn clean() -> [Value; 2] {
    [tracon("AAA", &["A"], None, 0.0), tracon("BBB", &["B"], Some("APP"), 2.0)]
}

#[test]
fn a_bad_feature_costs_itself() {
    let whole = import(&clean()).0;
    let file = "TRACONBoundaries.geojson";
    let cases = [
        (json!({"type": "Polygon"}), "it is no feature"),
        (feature(json!({"prefix": ["X"]}), 4.0), "it has no id"),
        (feature(json!({"id": "X", "prefix": []}), 4.0), "X has no prefix"),
        (feature(json!({"id": "X", "prefix": ["_"]}), 4.0), "X has no prefix"),
        (
            feature(json!({"id": "X", "prefix": ["X\u{0}"]}), 4.0),
            "\"X\" has control characters in its id, name, prefix or suffix",
        ),
    ];
    for (bad, reason) in cases {
        let [first, second] = clean();
        let (draft, findings) = import(&[first, bad, second]);
        assert_eq!(left_out(&findings), [(&*format!("feature 2 of {file}"), reason)]);
        assert_same(&draft, &whole);
    }
    let [first, mut second] = clean();
    second["geometry"]["coordinates"][0][1] = json!([200, 100]);
    let (draft, findings) = import(&[first, second]);
    let reason = "position 2 of ring 1 of polygon 1, [200, 100], is not on the globe";
    assert_eq!(left_out(&findings), [("feature BBB/B_APP", reason)]);
    assert_eq!((&draft.sectors[..], &draft.positions), (&whole.sectors[..1], &whole.positions));
}

#[test]
fn collections_in_the_collection_are_opened() {
    let [first, second] = clean();
    let nested = [
        collection(std::slice::from_ref(&first)),
        collection(&[collection(std::slice::from_ref(&second))]),
    ];
    let (draft, findings) = import(&nested);
    assert_same(&draft, &import(&[first, second]).0);
    assert_eq!(findings.found["features"], 2);
}

#[test]
fn a_file_for_each_feature_is_the_same_as_one_for_all() {
    let [first, second] = clean().map(|feature| feature.to_string());
    // In the order of the paths, whatever the order in which they are given.
    let files = [
        source("Boundaries/A-B/B.json", second),
        source("Boundaries/A/A.json", first),
        source("README.md", "about"),
        source("package.json", "{\"name\": \"x\"}"),
    ];
    let (draft, findings) = import_files(&files);
    assert_same(&draft, &import(&clean()).0);
    assert_eq!(findings.warnings, ["file package.json is not read: it has no feature"]);
    assert_eq!(left_out(&findings), []);
}

#[test]
fn a_broken_file_among_others_costs_itself() {
    let [first, second] = clean().map(|feature| feature.to_string());
    let broken = "{\"type\": \"Feature\",\n\"properties\"";
    let files = [source("A.json", first), source("B.json", second), source("C.json", broken)];
    let (draft, findings) = import_files(&files);
    assert_same(&draft, &import(&clean()).0);
    let reason = "EOF while parsing an object at line 2 column 12";
    assert_eq!(left_out(&findings), [("file C.json", reason)]);
    let alone = read(&files[2..], &mut Findings::default()).expect_err("a broken file");
    assert_eq!(alone.to_string(), format!("C.json: {reason}"));
    let none = read(&[], &mut Findings::default()).expect_err("no file");
    let expected = "simaware needs boundaries (*.json or TRACONBoundaries.geojson)";
    assert_eq!(none.to_string(), expected);
}

#[test]
fn a_byte_of_windows_1252_is_told_with_its_feature() {
    let [first, mut second] = clean();
    second["properties"]["name"] = "M#nchen \u{fc}".into();
    let file = collection(&[first, second]).to_string().into_bytes();
    let file: Vec<u8> = file.into_iter().map(|it| if it == b'#' { 0xFC } else { it }).collect();
    let (draft, findings) = import_files(&[source("a.geojson", file)]);
    let what = "bytes that are no UTF-8 were read as Windows-1252: check its letters";
    assert_eq!(repaired(&findings), [("feature BBB/B_APP", what)]);
    assert_eq!(draft.sectors[1].name, "M\u{fc}nchen \u{fc}");
    assert_eq!(draft.sectors[0], import(&clean()).0.sectors[0]);
}

#[test]
fn it_is_told_by_its_content() {
    assert!(recognises(&source("a", clean()[0].to_string())));
    assert!(recognises(&source("b", format!("\u{feff}{}", collection(&clean())))));
    assert!(!recognises(&source("c", "{\"prefix\": []}")));
    assert!(!recognises(&source(
        "d",
        "{\"type\": \"Feature\", \"properties\": {\"prefixes\": []}}"
    )));
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..9),
    ) {
        let mut bytes = collection(&clean()).to_string().into_bytes();
        for (at, byte, way) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match way {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => bytes.truncate(at),
                _ => drop(bytes.remove(at)),
            }
        }
        let sources = [source("a.json", bytes.clone()), source("b.json", "{}")];
        recognises(&sources[0]);
        let _ = read(&sources, &mut Findings::default());
        if let Ok(draft) = read(&sources[..1], &mut Findings::default()) {
            prop_assert!(draft.sectors.iter().all(|sector| !sector.volumes.is_empty()));
        }
    }
}
