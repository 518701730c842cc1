use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

use super::*;

fn snapshot(update_timestamp: &str) -> Vec<u8> {
    format!(r#"{{"general":{{"update_timestamp":"{update_timestamp}"}},"pilots":[]}}"#).into_bytes()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn names(recordings: &[Recording], folder: &Path) -> Vec<String> {
    let name = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    recordings.iter().map(|recording| name(&recording.path)).collect()
}

#[test]
fn recordings_come_in_the_order_of_their_own_time_and_bad_ones_cost_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    };
    let (early, late) = (snapshot("2024-02-20T12:00:00.1Z"), snapshot("2024-02-20T12:00:15Z"));
    write("z/y/deep.json", &snapshot("2024-02-20T11:00:00"));
    write("b.json.gz", &gzip(&early));
    write("a.JSON.ZST", &zstd::encode_all(&late[..], 1).unwrap());
    write("c.zst", &zstd::encode_all(&early[..], 1).unwrap());
    write("notes.txt", b"no recording");
    write("r1-cut.gz", &gzip(&early)[..20]);
    write("r2-plain.zst", &early);
    write("r3-html.json", b"<html>");
    write("r4-zeros.gz", &gzip(&vec![0; 64 * 1024 * 1024 + 1]));
    let odd = write("odd.txt", &late);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("z/round")).unwrap();

    let given = [folder.path().to_owned(), odd.clone(), odd];
    let found = find_recordings(&given, None).unwrap();
    let expected = ["z/y/deep.json", "b.json.gz", "c.zst", "a.JSON.ZST", "odd.txt"];
    assert_eq!(names(&found.good, folder.path()), expected);
    assert_eq!(found.good[1].read().unwrap(), early);
    assert_eq!(found.good[3].read().unwrap(), late);

    let kinds: Vec<&str> = found.refused.iter().map(RecordingError::kind).collect();
    assert_eq!(kinds, ["read", "read", "json", "too_large"]);
    for (error, name) in found.refused.iter().zip(["r1-cut", "r2-plain", "r3-html", "r4-zeros"]) {
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn radios_lie_beside_their_recording_and_are_no_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, content: &[u8]| fs::write(path(name), content).unwrap();
    for (name, time) in [("a.json", "00"), ("b.json.gz", "01"), ("C.gz", "02"), ("d.1.json", "03")]
    {
        let content = snapshot(&format!("2024-02-20T12:00:{time}Z"));
        let zipped = name.ends_with("gz");
        write(name, &if zipped { gzip(&content) } else { content });
    }
    write("e.json", b"<html>");
    write("odd.txt", &snapshot("2024-02-20T12:00:04Z"));
    let list = br#"[{"callsign":"ABC","transceivers":[]}]"#;
    write("a.radios.json.gz", &gzip(list));
    write("b.RADIOS.json.ZST", &zstd::encode_all(&list[..], 1).unwrap());
    write("C.radios.json", list);
    for name in ["d.1.radios.json", "e.radios.json", "odd.txt.radios.json"] {
        write(name, list);
    }
    // Bad radios are a matter of the replay.
    write("d.1.radios.json", b"no list");
    let expected = [
        ("a.json", "a.radios.json.gz"),
        ("b.json.gz", "b.RADIOS.json.ZST"),
        ("C.gz", "C.radios.json"),
        ("d.1.json", "d.1.radios.json"),
        ("odd.txt", "odd.txt.radios.json"),
    ];
    let pairs = |found: &Recordings| -> Vec<_> {
        let pair = |it: &Recording| (it.path.clone(), it.radios.clone().unwrap());
        found.good.iter().map(pair).collect()
    };
    let expected = expected.map(|(recording, radios)| (path(recording), path(radios)));
    let found = find_recordings(&[folder.path().to_owned(), path("odd.txt")], None).unwrap();
    assert_eq!(pairs(&found), expected);
    let [refused] = found.refused.as_slice() else { panic!("{:?}", found.refused) };
    assert!(refused.to_string().contains("e.json"), "{refused}");
    for (recording, _) in &expected[..3] {
        let read = find_recordings(std::slice::from_ref(recording), None).unwrap();
        assert_eq!(read.good[0].read_radios().unwrap().unwrap(), list, "{recording:?}");
    }

    // Files that are given one by one have theirs, too, and these may be among them.
    let given = [path("d.1.json"), path("a.json"), path("a.radios.json.gz")];
    let found = find_recordings(&given, None).unwrap();
    assert_eq!(pairs(&found), [expected[0].clone(), expected[3].clone()]);
    assert!(found.refused.is_empty(), "{:?}", found.refused);
}

#[test]
fn radios_of_no_recording_and_second_ones_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, content: &[u8]| fs::write(path(name), content).unwrap();
    let refused = |given: &[PathBuf]| {
        let found = find_recordings(given, None).unwrap();
        let said = |error: &RecordingError| (error.kind(), error.to_string());
        (found.good.len(), found.refused.iter().map(said).collect::<Vec<_>>())
    };
    let alone = |name: &str| {
        let path = path(name).display().to_string();
        ("radios_alone", format!("{path} has the radios of a recording that is not replayed"))
    };
    write("a.json", &snapshot("2024-02-20T12:00:00Z"));
    write("b.radios.json.gz", b"");
    assert_eq!(refused(&[folder.path().to_owned()]), (1, vec![alone("b.radios.json.gz")]));
    assert_eq!(refused(&[path("a.json")]), (1, vec![]), "nobody asked for the others");

    for name in ["a.radios.json", "a.radios.json.gz", "a.radios.json.zst"] {
        write(name, b"[]");
    }
    assert_eq!(refused(&[path("a.radios.json")]), (0, vec![alone("a.radios.json")]));
    let (good, twice) = refused(&[path("a.json")]);
    assert_eq!((good, twice.len()), (1, 2), "{twice:?}");
    for ((kind, said), name) in twice.iter().zip(["a.radios.json.gz has", "a.radios.json.zst has"])
    {
        assert!(*kind == "radios_twice" && said.contains(name), "{said}");
        assert!(said.ends_with("a.radios.json"), "{said}");
    }
    let recordings = find_recordings(&[path("a.json")], None).unwrap().good;
    assert_eq!(recordings[0].radios, Some(path("a.radios.json")));
}

#[test]
fn radios_that_cannot_be_read_are_told_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, content: &[u8]| fs::write(path(name), content).unwrap();
    for name in ["cut", "large", "plain"] {
        write(&format!("{name}.json"), &snapshot("2024-02-20T12:00:00Z"));
    }
    let random: Vec<u8> = (0..2_000_u32).map(|i| (i * i % 251) as u8).collect();
    write("cut.radios.json.gz", &gzip(&random)[..100]);
    write("large.radios.json.gz", &gzip(&vec![b' '; BODY_BYTES as usize + 1]));
    write("plain.radios.json.zst", b"[]");
    let found = find_recordings(&[folder.path().to_owned()], None).unwrap();
    assert_eq!(found.good.len(), 3, "{:?}", found.refused);
    for (recording, kind) in found.good.iter().zip(["read", "too_large", "read"]) {
        let error = recording.read_radios().unwrap_err();
        let file = recording.radios.as_ref().unwrap().display().to_string();
        assert!(error.kind() == kind && error.to_string().contains(&file), "{error}");
    }
    let error = found.good[0].undecodable_radios(DecodeError::Schema("it is no list"));
    assert_eq!(
        error.to_string(),
        format!("{} holds no list of radios", path("cut.radios.json.gz").display())
    );
    assert_eq!(error.kind(), "schema");
}

#[test]
fn what_is_from_the_future_is_refused_by_name_unless_it_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, time| fs::write(folder.path().join(name), snapshot(time)).unwrap();
    write("now.json", "2024-02-20T12:00:00Z");
    write("later.json", "2024-02-20T12:00:00.000001Z");
    let newest = Some("2024-02-20T12:00:00Z".parse().unwrap());
    let given = [folder.path().to_owned()];
    let found = find_recordings(&given, newest).unwrap();
    assert_eq!(names(&found.good, folder.path()), ["now.json"]);
    let [error] = found.refused.as_slice() else { panic!("{:?}", found.refused) };
    assert_eq!(error.kind(), "future");
    assert!(error.to_string().contains("later.json is from the future"), "{error}");
    assert_eq!(find_recordings(&given, None).unwrap().good.len(), 2);
}

#[test]
fn a_day_ahead_of_the_clock_is_believed_and_more_only_where_that_is_allowed() {
    let now: Time = "2024-02-20T12:00:00Z".parse().unwrap();
    let day_ahead: Time = "2024-02-21T12:00:00Z".parse().unwrap();
    assert_eq!(newest_allowed(now, false), Some(day_ahead));
    assert_eq!(newest_allowed(now, true), None);
}

#[test]
fn nothing_to_replay_is_an_error_and_files_that_are_refused_are_counted() {
    let recording =
        || Recording { path: PathBuf::new(), radios: None, update_timestamp: Time::UNIX_EPOCH };
    let refused = || RecordingError::TooLarge { path: PathBuf::new() };
    for (good, bad, expected) in [
        (0, 0, Err("no recorded snapshot found (.json, .json.gz, .json.zst)")),
        (0, 2, Err("none of 2 files can be replayed")),
        (1, 2, Ok(1)),
        (3, 0, Ok(3)),
    ] {
        let found = Recordings {
            good: (0..good).map(|_| recording()).collect(),
            refused: (0..bad).map(|_| refused()).collect(),
        };
        let found = found.good().map(|good| good.len()).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned));
    }
}

#[test]
fn the_largest_document_is_read_and_one_byte_more_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut content = snapshot("2024-02-20T12:00:00Z");
    content.resize(BODY_BYTES as usize, b' ');
    let largest = folder.path().join("largest.json");
    fs::write(&largest, &content).unwrap();
    content.push(b' ');
    fs::write(folder.path().join("larger.json"), &content).unwrap();
    let found = find_recordings(&[folder.path().to_owned()], None).unwrap();
    assert_eq!(names(&found.good, folder.path()), ["largest.json"]);
    assert_eq!(found.refused[0].kind(), "too_large");
}

#[test]
fn a_path_that_does_not_exist_is_an_error_and_an_empty_folder_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let found = find_recordings(&[folder.path().to_owned()], None).unwrap();
    assert!(found.good.is_empty() && found.refused.is_empty());
    let missing = folder.path().join("missing.json");
    let error = find_recordings(&[folder.path().to_owned(), missing], None).unwrap_err();
    assert!(error.to_string().contains("missing.json"), "{error}");
}
