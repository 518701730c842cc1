//! Radios beside a recording, replayed by the program.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

use crate::support::{
    documents::{Controller, Feed, Pilot, inside},
    dump,
    feed_server::FeedServer,
    postgres::Database,
    replay::{recorded, replay, undisturbed},
    scratch,
    service::{Ended, PATIENCE, Setup},
};

/// Tuned radios: callsign and channel.
const TUNED: &str = "select callsign || ' ' || frequency_hz from transceivers order by callsign";

/// Radios that come, change their channel, stay away for a while and go; a controller whose site moves.
fn documents() -> Vec<Feed> {
    let document = |number: i64| {
        let pilot = |callsign: &str, cid| Pilot::new(callsign, cid).inside("SYD");
        let feed = Feed::second(15 * number)
            .pilot(pilot("QFA1", 1))
            .pilot(pilot("QFA2", 2))
            .controller(Controller::new("SY_APP", 7));
        if number == 4 {
            return feed;
        }
        let channel = [124_700_000, 124_700_000, 118_700_000][number as usize % 3];
        let feed = feed.radio("QFA1", channel, inside("SYD"));
        let site = (-33.9 - 0.1 * (number / 4) as f64, 151.2);
        let feed = feed.radio("SY_APP", 124_700_000, site);
        if number % 4 == 1 { feed } else { feed.radio("QFA2", 128_300_000, inside("SYD")) }
    };
    (0..10).map(document).collect()
}

#[test]
fn a_replay_stores_the_radios_that_the_live_run_stored() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let documents = documents();
    let mut live = Setup::serve(&database, &feed).start();
    for document in &documents {
        live.take(&feed, document);
    }
    live.terminate(PATIENCE);
    let replayed = undisturbed(&documents);
    assert_eq!(replayed.client().column(TUNED).len(), 3);
    dump::assert_equal(&replayed.dump_stations(), &database.dump_stations());
    dump::assert_equal(&replayed.dump(), &database.dump());
}

/// A folder of recordings without radios, one for each name, in this order.
fn folder(names: &[&str]) -> PathBuf {
    let dir = scratch::dir("radios");
    for (name, document) in names.iter().zip(documents()) {
        fs::write(dir.join(format!("{name}.json")), document.json()).expect("write");
    }
    dir
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).expect("compress");
    encoder.finish().expect("compress")
}

fn replayed(dir: &Path) -> (Ended, Database) {
    let database = Database::migrated();
    (replay(&[dir], &database, &[]), database)
}

fn stored(database: &Database) -> u64 {
    database.client().count("select count(*) from poll_cycles where flights_written = 2")
}

#[test]
fn radios_are_read_compressed_or_not_and_only_for_their_own_snapshot() {
    let dir = folder(&["a", "b", "c", "d"]);
    let radios = |channel| {
        Feed::second(0).radio("QFA1", channel, inside("SYD")).transceivers_json().into_bytes()
    };
    let write = |name: &str, content: &[u8]| fs::write(dir.join(name), content).expect("write");
    write("a.radios.json", &radios(118_100_000));
    write("b.radios.json.gz", &gzip(&radios(118_200_000)));
    let zst = zstd::encode_all(&radios(118_300_000)[..], 1).expect("compress");
    write("c.radios.json.zst", &zst);
    let (ended, database) = replayed(&dir);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("4 snapshots stored"), "{}", ended.stdout);
    let said = "radios that were not recorded are unknown";
    assert_eq!(ended.stderr.matches(said).count(), 1, "{}", ended.stderr);
    assert_eq!(stored(&database), 4);
    // The last snapshot has none, which says nothing about them.
    assert_eq!(database.client().column(TUNED), ["QFA1 118300000"]);
    let written = "select transceivers_written from poll_cycles order by feed_update_timestamp";
    assert_eq!(database.client().column(written), ["1", "1", "1", "0"]);

    let again = replay(&[&dir], &database, &[]);
    assert!(again.stdout.contains("4 of 4 already stored"), "{}", again.stdout);
}

#[test]
fn radios_that_cannot_be_used_cost_only_themselves_and_are_named() {
    let dir = folder(&["cut", "document", "large", "plain"]);
    let (last, list) = (documents().remove(9), documents().remove(0).transceivers_json());
    fs::write(dir.join("well.json"), last.json()).expect("write");
    let write = |name: &str, content: &[u8]| fs::write(dir.join(name), content).expect("write");
    write("alone.radios.json", list.as_bytes());
    let whole = gzip(list.as_bytes());
    write("cut.radios.json.gz", &whole[..whole.len() / 2]);
    write("document.radios.json", documents()[1].json().as_bytes());
    write("large.radios.json.gz", &gzip(&vec![b' '; 64 * 1024 * 1024 + 1]));
    write("plain.radios.json.zst", list.as_bytes());
    write("well.radios.json", last.transceivers_json().as_bytes());
    let (ended, database) = replayed(&dir);
    assert_eq!(ended.code, Some(1), "{}", ended.stdout);
    for name in [
        "alone.radios.json",
        "cut.radios.json.gz",
        "document.radios.json",
        "large.radios.json.gz",
        "plain.radios.json.zst",
    ] {
        assert!(ended.stderr.contains(name), "{name}: {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("well.radios.json"), "{}", ended.stderr);
    assert_eq!(stored(&database), 5, "{}", ended.stderr);
    let outcomes = "select outcome from poll_cycles order by feed_update_timestamp";
    let failed = "transceivers_error";
    assert_eq!(database.client().column(outcomes), [failed, failed, failed, failed, "success"]);
    let rows = database.client().column(TUNED);
    assert_eq!(rows, ["QFA1 124700000", "SY_APP 124700000"], "{}", ended.stderr);
}

#[test]
fn radios_alone_are_nothing_to_replay() {
    let dir = recorded(&documents());
    let alone = dir.join("001.radios.json");
    assert!(alone.exists());
    fs::remove_file(dir.join("001.json")).expect("remove");
    let database = Database::migrated();
    let ended = replay(&[&alone], &database, &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stdout);
    let said = "001.radios.json has the radios of a recording that is not replayed";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    assert!(ended.stderr.contains("none of 1 files can be replayed"), "{}", ended.stderr);
}
