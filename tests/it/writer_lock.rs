//! One writer, and one that changes the schema: never two processes.

mod second_writer;
mod stranger;

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    feed_server::FeedServer,
    migrate,
    postgres::Database,
    schedule::traffic,
    service::{PATIENCE, Setup},
    store::Stored,
};

const WRITER: i64 = i64::from_be_bytes(*b"sectorwa");
const TOLD: &str = "another process changes the schema of this database";
const MIGRATION: i64 = i64::from_be_bytes(*b"sectormg");

#[test]
fn the_schema_is_not_changed_under_the_one_that_writes() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).env("SECTORWATCH_INSTANCE", "first").start();
    service.take(&feed, &traffic(0));
    // To the second, the database is that of an older version.
    let url = database.url();
    migrate::undo(&url);
    let applied =
        "select string_agg(version, ' ' order by version) from __diesel_schema_migrations";
    let before = database.client().one(applied);
    let second = Setup::serve(&database, &feed).spawn().finish(PATIENCE);
    assert_eq!(second.code, Some(1), "{}", second.stderr);
    let last = second.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("another sectorwatch writes this database: instance first"), "{last}");
    assert_eq!(database.client().one(applied), before, "nobody changed the schema");
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    let third = Setup::serve(&database, &feed).start();
    assert_ne!(database.client().one(applied), before, "the next that may write did");
    drop(third);
}

#[test]
fn a_writer_that_changes_the_schema_is_waited_for_by_name() {
    let (database, feed) = (Database::fresh(), FeedServer::start());
    let holder = database.client();
    holder.run(&format!(
        "set application_name = 'sectorwatch:elder:0badcafe'; \
         select pg_advisory_lock({WRITER}), pg_advisory_lock({MIGRATION})"
    ));
    let mut service = Setup::serve(&database, &feed).spawn();
    service.wait_until("told", Duration::from_secs(60), |it| !it.logged(TOLD).is_empty());
    thread::sleep(Duration::from_secs(3));
    assert_eq!(service.ended(), None, "it did not wait");
    let told = service.logged(TOLD);
    let told = told[0].to_string();
    assert!(told.contains("sectorwatch:elder:0badcafe"), "{told}");
    assert!(told.contains("the locks of the writer and of migrations"), "{told}");
    holder.run(&format!("select pg_advisory_unlock({MIGRATION})"));
    let ended = service.finish(PATIENCE);
    assert_eq!(ended.code, Some(1));
    let last = ended.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("another sectorwatch writes this database"), "{last}");
    assert!(last.contains("sectorwatch:elder:0badcafe"), "{last}");
}

#[test]
fn patience_ends_with_who_holds_what() {
    let database = Database::migrated();
    let stored = Stored::at(&database.url());
    let (store, holder) = (&stored.store, database.client());
    holder.run("set application_name = 'sectorwatch:elder:0badcafe'");
    holder.run(&format!("select pg_advisory_lock({WRITER}), pg_advisory_lock({MIGRATION})"));
    let refused = stored.run(store.lock_writer(Duration::ZERO)).err().expect("it is held");
    let refused = refused.to_string();
    assert!(refused.contains("sectorwatch:elder:0badcafe"), "{refused}");
    let both = "which holds the locks of the writer and of migrations (pg_locks)";
    assert!(refused.contains(both), "{refused}");
    holder.run(&format!("select pg_advisory_unlock({WRITER})"));
    let lock = stored.run(store.lock_writer(Duration::ZERO)).expect("the writer's lock");
    let refused = stored.run(store.migrate(&lock, Duration::ZERO)).expect_err("it is held");
    let refused = refused.to_string();
    assert!(refused.contains("which holds the lock of migrations (pg_locks)"), "{refused}");
    drop(lock);
    // Who is a stranger is told at once.
    holder.run(&format!("set application_name = 'psql'; select pg_advisory_lock({WRITER})"));
    let begun = Instant::now();
    let refused = stored.run(store.lock_writer(Duration::from_secs(60))).err();
    assert_eq!(refused.map(|error| error.kind()), Some("locked_out"));
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn a_change_of_the_schema_without_a_writer_is_waited_for_longer_than_a_statement() {
    let (database, feed) = (Database::fresh(), FeedServer::start());
    let holder = database.client();
    holder.run(&format!("select pg_advisory_lock({MIGRATION})"));
    let mut service =
        Setup::serve(&database, &feed).env("SECTORWATCH_STATEMENT_TIMEOUT", "1s").spawn();
    service.wait_until("told", Duration::from_secs(60), |it| !it.logged(TOLD).is_empty());
    thread::sleep(Duration::from_secs(3));
    assert_eq!(service.ended(), None, "it did not wait");
    holder.run(&format!("select pg_advisory_unlock({MIGRATION})"));
    service.wait_until("ready", PATIENCE, |it| {
        it.try_get("/readyz").is_some_and(|answer| answer.status == 200)
    });
    service.take(&feed, &traffic(0));
}
