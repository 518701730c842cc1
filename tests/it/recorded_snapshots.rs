//! Five recorded snapshots of the network, run through the whole program.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::support::{postgres::Database, real_data, replay::replay, scratch};

/// Flights in scope: inside the default boundary, with a complete plan.
const SEEN: [&str; 5] = [
    "2020-12-03 14:23 6",
    "2021-04-09 15:43 8",
    "2021-04-09 16:19 12",
    "2021-10-20 03:35 17",
    "2024-02-20 23:19 16",
];

fn seen(database: &Database) -> Vec<String> {
    database.client().column(
        "set timezone = 'UTC'; \
         select to_char(feed_update_timestamp, 'YYYY-MM-DD HH24:MI ') || flights_written \
         from poll_cycles where outcome = 'success' order by id",
    )
}

fn count(database: &Database, table: &str) -> u64 {
    database.client().count(&format!("select count(*) from {table}"))
}

#[test]
fn recorded_snapshots_are_stored_once() {
    let Some(feeds) = real_data::folder("feeds") else {
        return;
    };
    let database = Database::migrated();
    let ended = replay(&[&feeds], &database, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(seen(&database), SEEN);
    assert_eq!(count(&database, "flights"), 51);
    assert_eq!(count(&database, "flight_positions"), 59);
    assert_eq!(count(&database, "rejected_records"), 0);

    let (dump, stations) = (database.dump(), database.dump_stations());
    let again = replay(&[&feeds], &database, &[]);
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    let said = "5 of 5 already stored or older";
    assert!(again.stdout.contains(said), "{}", again.stdout);
    assert_eq!((database.dump(), database.dump_stations()), (dump, stations));
    assert_eq!(count(&database, "poll_cycles"), 5);
}

#[test]
fn files_and_folders_of_any_kind_come_in_any_order_and_a_broken_one_costs_itself() {
    let Some(feeds) = real_data::folder("feeds") else {
        return;
    };
    let mut recordings: Vec<PathBuf> = fs::read_dir(feeds)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    recordings.sort();
    let dir = scratch::dir("mixed");
    let deep = dir.join("folder/deeper");
    fs::create_dir_all(&deep).expect("a folder");
    // The names do not show the order, and every kind of file is present.
    let last = write(&dir, "a.json", &document(&recordings[4]));
    let third = write(&dir, "z.zst", &zst(&document(&recordings[2])));
    write(&deep, "y.json.zst", &zst(&document(&recordings[1])));
    write(&deep, "b.json", &document(&recordings[0]));
    write(&deep, "notes.txt", b"no recording");
    let cut = fs::read(&recordings[3]).expect("a recording");
    let broken = write(&deep, "broken.json.gz", &cut[..cut.len() / 2]);

    let database = Database::migrated();
    let given: [&Path; 5] = [&last, &dir.join("folder"), &third, &recordings[3], &last];
    let ended = replay(&given, &database, &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stdout);
    let name = broken.to_str().expect("UTF-8");
    assert!(ended.stderr.contains(name), "{}", ended.stderr);
    assert!(ended.stderr.contains("1 of 6 files"), "{}", ended.stderr);
    assert_eq!(seen(&database), SEEN);
    assert_eq!(count(&database, "flights"), 51);
    assert_eq!(count(&database, "flight_positions"), 59);
}

fn document(recording: &Path) -> Vec<u8> {
    let file = fs::File::open(recording).expect("a recording");
    let mut document = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(file);
    decoder.read_to_end(&mut document).expect("gzip");
    document
}

fn zst(document: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("an encoder");
    encoder.write_all(document).expect("compress");
    encoder.finish().expect("compress")
}

fn write(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).expect("write");
    path
}
