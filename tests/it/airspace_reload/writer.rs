//! The right to write after another airspace came: a writer that is killed while it ends visits, and one that has to
//! claim again.

use std::{os::unix::process::ExitStatusExt as _, path::PathBuf};

use nix::sys::signal::Signal;

use super::{
    AFTER, BEFORE, document, hang_up, revision, serving, visits,
    visits::{EXPECTED, flights},
    write,
};
use crate::support::{
    dump::assert_equal,
    feed_server::FeedServer,
    postgres::Database,
    scratch,
    service::{PATIENCE, Service, Setup},
};

/// A feed, and an airspace file with the first airspace.
fn given() -> (FeedServer, PathBuf) {
    let file = scratch::dir("airspace").join("airspace.geojson");
    write(&file, &BEFORE);
    (FeedServer::start(), file)
}

/// Stores two snapshots in the first airspace, and puts the other in force.
fn reloaded(setup: &Setup, feed: &FeedServer, file: &std::path::Path) -> Service {
    let mut service = setup.start();
    service.take(feed, &document(0, flights(0.0)));
    service.take(feed, &document(15, flights(1.0)));
    write(file, &AFTER);
    hang_up(&mut service, "applied");
    service
}

#[test]
fn a_kill_inside_the_transaction_that_ends_the_visits_changes_nothing_in_the_end() {
    let undisturbed = Database::migrated();
    let (feed, file) = given();
    let mut service = reloaded(&serving(&undisturbed, &feed, &file), &feed, &file);
    service.take(&feed, &document(30, flights(2.0)));
    service.take(&feed, &document(45, flights(3.0)));
    assert_eq!(visits(&undisturbed), EXPECTED);
    service.kill();

    let database = Database::migrated();
    let (feed, file) = given();
    let setup = serving(&database, &feed, &file);
    let mut service = reloaded(&setup.clone().fault("flights.inside=kill@3"), &feed, &file);
    let before = database.dump();
    feed.publish(&document(30, flights(2.0)));
    assert_eq!(service.await_end(PATIENCE).signal(), Some(Signal::SIGKILL as i32));
    assert_eq!(database.dump(), before, "nothing of the transaction is there");
    let mut service = setup.start();
    service.await_cycles("success", 1);
    assert_eq!(visits(&database), EXPECTED);
    service.take(&feed, &document(45, flights(3.0)));
    assert_equal(&database.dump(), &undisturbed.dump());
}

#[test]
fn a_claim_after_a_reload_names_the_airspace_in_force() {
    let database = Database::migrated();
    let (feed, file) = given();
    let mut service = reloaded(&serving(&database, &feed, &file), &feed, &file);
    let client = database.client();
    let generation = || client.count("select generation from collector_state");
    let first = generation();
    // Nothing newer is published, so that only the claim writes the row.
    client.run(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted \
         and database = (select oid from pg_database where datname = current_database())",
    );
    service.wait_until("another claim", PATIENCE, |_| generation() > first);
    let state = "select airspace_revision from collector_state";
    assert_eq!(client.one(state), revision(&service));
}
