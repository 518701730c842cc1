//! Backups are proven by restoring them.

use super::{
    manual::Desk,
    roles::{client, document, prepared, setup},
};
use crate::support::{
    dump,
    feed_server::FeedServer,
    postgres::{Database, Server},
    replay::undisturbed,
    scratch,
    service::{PATIENCE, Setup},
};

fn dumped(server: &Server) -> String {
    dump::of(&client(server, "sectorwatch"))
}

/// Takes a backup while the service writes, restores it into a second database, swaps the two, and
/// continues to collect.
#[test]
fn a_backup_of_a_running_service_is_restored_and_continued() {
    let (server, desk) = prepared();
    desk.run("roles");
    let feed = FeedServer::start();
    let mut service = setup(&server, &feed).start();
    let documents: Vec<_> = (0..8).map(document).collect();
    documents[..4].iter().for_each(|document| service.take(&feed, document));
    let then = dumped(&server);
    desk.run("back-up");
    // What is stored after the backup is lost, and is collected again later.
    service.take(&feed, &documents[4]);
    assert_ne!(dumped(&server), then);

    desk.run("restore");
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    desk.run("stop-and-switch");
    assert_eq!(dumped(&server), then);
    let strangers = "select has_database_privilege('public', 'sectorwatch', 'connect')";
    assert_eq!(client(&server, "sectorwatch").one(strangers), "f");
    let owners =
        "select string_agg(distinct tableowner, ',') from pg_tables where schemaname = 'public'";
    assert_eq!(client(&server, "sectorwatch").one(owners), "sectorwatch_writer");
    assert_eq!(
        client(&server, "sectorwatch_reader").count("select count(*) from flight_positions"),
        4
    );

    let setup = setup(&server, &feed);
    let mut service = setup.start();
    documents[4..].iter().for_each(|document| service.take(&feed, document));
    let checked = Desk::with(&[
        ("DATABASE_URL", &server.url_of("sectorwatch_writer", "sectorwatch")),
        ("SECTORWATCH_LISTEN", &setup.address().to_string()),
    ])
    .run("check");
    assert!(checked.contains("2025-01-01 12:01:45"), "the mark: {checked}");
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    dump::assert_equal(&dumped(&server), &undisturbed(&documents).dump());
}

#[test]
fn the_embedded_server_is_backed_up_over_its_socket() {
    let feed = FeedServer::start();
    let desk = Desk::with(&[]);
    let data = scratch::dir("data");
    std::os::unix::fs::symlink(&data, desk.dir.join("data")).expect("a link");
    let mut service = Setup::bare(&["serve"])
        .env("SECTORWATCH_FEED_URL", &feed.url(crate::support::feed_server::MAIN))
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "100ms")
        .env("SECTORWATCH_DATA_DIR", data.to_str().expect("UTF-8"))
        .start();
    service.take(&feed, &document(0));
    desk.run("back-up-embedded");
    let restored = Database::fresh();
    let restore = format!(
        "pg_restore --no-owner --exit-on-error --dbname='{}' sectorwatch.dump",
        restored.url()
    );
    desk.run_text(&restore);
    assert_eq!(restored.dump(), undisturbed(&[document(0)]).dump());
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}
