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
    let recording = || Recording { path: PathBuf::new(), update_timestamp: Time::UNIX_EPOCH };
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
