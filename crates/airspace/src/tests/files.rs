//! Several files, and folders of them, as one airspace.

use super::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            fs::write(folder.path(name), text).expect("a file");
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn load(&self, names: &[&str]) -> Result<(Airspace, Report), AirspaceError> {
        load(&names.iter().map(|name| self.path(name)).collect::<Vec<_>>())
    }
}

fn square(properties: &str, west: u32) -> String {
    let east = west + 4;
    feature(
        properties,
        &polygon(&format!("[[[{west},0],[{east},0],[{east},4],[{west},4],[{west},0]]]")),
    )
}

fn id(id: &str) -> String {
    format!(r#""role":"sector","id":"{id}""#)
}

fn ids(airspace: &Airspace) -> Vec<&str> {
    airspace.sectors().iter().map(|sector| &*sector.id).collect()
}

#[test]
fn a_file_is_named() {
    let folder = Folder::with(&[
        ("broken", "{"),
        ("good.json", &format!("\u{feff}{}", collection(&[sector(SQUARE)]))),
    ]);
    fs::write(folder.path("latin"), b"\xff").expect("a file");
    for (name, kind) in [("missing", "unreadable"), ("latin", "unreadable"), ("broken", "not_json")]
    {
        let error = folder.load(&["good.json", name]).expect_err("a bad file");
        assert_eq!(error.kind(), kind);
        let says = format!("airspace file {}: ", folder.path(name).display());
        assert!(chain(&error).starts_with(&says), "{}", chain(&error));
    }
    let (airspace, _) = folder.load(&["good.json"]).expect("a byte order mark does no harm");
    assert_eq!(airspace.sectors().len(), 1);
}

#[test]
fn files_are_one_airspace_in_their_order() {
    let boundary = |west| square(r#""role":"boundary""#, west);
    let a = collection(&[boundary(0), square(&id("A"), 0)]);
    let b = collection(&[square(&id("B"), 0), boundary(10)]);
    let folder = Folder::with(&[("a", &a), ("b", &b)]);
    let (airspace, report) = folder.load(&["b", "a"]).expect("two files");
    assert_eq!(ids(&airspace), ["B", "A"]);
    assert_eq!(airspace.primary_sector(1.0, 1.0, 0, None).map(|id| &**id), Some("B"), "a tie");
    assert!(airspace.contains(1.0, 1.0) && airspace.contains(1.0, 11.0));
    assert!(!airspace.contains(1.0, 5.0));
    assert!(
        report.to_string().contains("4 features, 2 sectors in 2 volumes, 4 polygons"),
        "{report}"
    );

    let one = collection(&[square(&id("B"), 0), boundary(10), square(&id("A"), 0)]);
    let (of_one, _) = parse(&one).expect("one file");
    assert_ne!(airspace.revision(), of_one.revision(), "the boundary of the other is missing");
    let (other_order, _) = folder.load(&["a", "b"]).expect("two files");
    assert_ne!(airspace.revision(), other_order.revision());
}

#[test]
fn a_folder_is_its_files_by_the_bytes_of_their_names() {
    let of = |name: &str| collection(&[square(&id(name), 0)]);
    let names = ["b.json", "a.geojson", "B.geojson", "ä.json", "a10.json", "a9.json"];
    let files: Vec<_> = names.iter().map(|&name| (name, of(name))).collect();
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = Folder::with(&files);
    for (name, text) in
        [("notes.txt", "no"), (".a.json", "no"), ("a.geojson~", "no"), ("json", "no")]
    {
        fs::write(folder.path(name), text).expect("a file");
    }
    fs::create_dir(folder.path("sub.json")).expect("a folder");
    let (airspace, _) = folder.load(&[""]).expect("a folder");
    assert_eq!(
        ids(&airspace),
        ["B.geojson", "a.geojson", "a10.json", "a9.json", "b.json", "ä.json"]
    );

    let error = folder.load(&["sub.json"]).expect_err("nothing in it");
    assert_eq!(error.kind(), "no_files");
    let says = "sub.json: holds no *.geojson and no *.json";
    assert!(chain(&error).contains(&format!("/{says}")), "{}", chain(&error));
    assert_eq!(chain(&error.without_folders()), format!("airspace file {says}"));
}

#[test]
fn what_two_files_say_alike_is_said_once_and_what_they_contradict_names_both() {
    let s = |more: &str| square(&format!("{}{more}", id("S")), 0);
    let file = |member: &str, features: &[String]| {
        collection(features).replacen(r#""features""#, &format!(r#"{member}"features""#), 1)
    };
    let plain = file("", &[s("")]);
    let same = feature(&id("S"), &polygon("[[[4.0,0],[4,4],[0,4],[0,0],[0,0]]]"));
    let folder = Folder::with(&[
        ("plain", &plain),
        ("same", &file("", &[same, square(&id("T"), 8)])),
        ("named", &file("", &[s(r#","name":"Sydney""#)])),
        ("low", &file("", &[s(r#","ceiling_ft":500"#)])),
        ("more", &file("", &[s(""), s(r#","floor_ft":900"#)])),
        ("at5", &file(r#""transition_altitude_ft":5000,"#, &[square(&id("A"), 0)])),
        ("at5000", &file(r#""transition_altitude_ft":5e3,"#, &[square(&id("B"), 0)])),
        ("at6", &file(r#""transition_altitude_ft":6000,"#, &[square(&id("C"), 0)])),
    ]);
    let (airspace, _) = folder.load(&["plain", "same", "plain"]).expect("no contradiction");
    assert_eq!(ids(&airspace), ["S", "T"]);
    assert_eq!(airspace.sectors()[0].area(), 16.0, "drawn once");
    let (airspace, _) = folder.load(&["plain", "at5", "at5000"]).expect("no contradiction");
    assert_eq!(airspace.transition_altitude_ft(), 5_000.0);

    for (one, other, what) in [
        ("plain", "named", "sector S"),
        ("plain", "low", "sector S"),
        ("plain", "more", "sector S"),
        ("at5", "at6", "transition_altitude_ft"),
    ] {
        for (first, second) in [(one, other), (other, one)] {
            let error = folder.load(&[first, second]).expect_err(other);
            assert_eq!(error.kind(), "conflict");
            let both = [first, second].map(|name| folder.path(name).display().to_string());
            let text = chain(&error);
            assert!(text.contains(what) && both.iter().all(|it| text.contains(it)), "{text}");
            let public = chain(&error.without_folders());
            let names_both = public.contains(first) && public.contains(second);
            assert!(names_both && !public.contains('/'), "{public}");
        }
    }
}
