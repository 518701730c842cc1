//! `SECTORWATCH_AIRSPACE_WATCH=true`: files that are written, renamed, added, removed, or swapped by a link.

use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::fs::symlink,
    thread,
    time::Duration,
};

use super::{AFTER, BEFORE, Band, RELOADS, collection, reload_by, serving, write};
use crate::support::{feed_server::FeedServer, postgres::Database, scratch};

const WATCH: &str = "SECTORWATCH_AIRSPACE_WATCH";

#[test]
fn a_file_is_read_again_when_it_is_written_in_place_renamed_or_swapped_by_a_link() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    // As Kubernetes mounts a ConfigMap: the file is a link into `..data`, which is a link to a folder.
    let folder = scratch::dir("airspace");
    let generation = |name: &str, bands: &[Band]| {
        fs::create_dir(folder.join(name)).expect("a folder");
        write(&folder.join(name).join("airspace.geojson"), bands);
    };
    generation("..1", &BEFORE);
    generation("..2", &AFTER);
    let file = folder.join("airspace.geojson");
    symlink("..1", folder.join("..data")).expect("link");
    symlink("..data/airspace.geojson", &file).expect("link");
    let mut service = serving(&database, &feed, &file).env(WATCH, "true").start();
    reload_by(&mut service, "applied", |_| {
        symlink("..2", folder.join("..new")).expect("link");
        fs::rename(folder.join("..new"), folder.join("..data")).expect("swap");
    });
    assert_eq!(
        service.get("/metrics").text().matches("occupancy_aircraft{sector=\"NEW\"}").count(),
        1
    );

    fs::remove_file(&file).expect("remove the link");
    reload_by(&mut service, "applied", |_| write(&file, &BEFORE));
    reload_by(&mut service, "applied", |_| {
        let text = collection(&AFTER);
        let mut open = File::create(&file).expect("create");
        for piece in text.as_bytes().chunks(text.len() / 4) {
            open.write_all(piece).expect("write a piece");
            // Less than the time between two looks, and all pauses together are more than it.
            thread::sleep(Duration::from_millis(500));
        }
    });
    reload_by(&mut service, "applied", |_| {
        write(&folder.join("other"), &BEFORE);
        fs::rename(folder.join("other"), &file).expect("replace");
    });
    reload_by(&mut service, "failed", |_| fs::write(&file, "{").expect("write"));
    let reloads = service.metric(RELOADS);
    // Longer than it takes to see a change: a bad file is told once.
    thread::sleep(Duration::from_secs(4));
    assert_eq!(service.metric(RELOADS), reloads);
}

#[test]
fn a_folder_is_read_again_when_files_are_added_and_removed() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let folder = scratch::dir("airspace");
    write(&folder.join("a.geojson"), &BEFORE[..1]);
    let mut service = serving(&database, &feed, &folder).env(WATCH, "true").start();
    let series = |it: &crate::support::service::Service| {
        it.get("/metrics").text().matches("sector_occupancy_aircraft{").count()
    };
    assert_eq!(series(&service), 1);
    reload_by(&mut service, "applied", |_| write(&folder.join("b.json"), &BEFORE[1..]));
    assert_eq!(series(&service), 2);
    let remove = |_: &_| fs::remove_file(folder.join("a.geojson")).expect("remove");
    reload_by(&mut service, "applied", remove);
    assert_eq!(series(&service), 1);
}
