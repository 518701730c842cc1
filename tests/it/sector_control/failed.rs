//! Control of sectors where the phase `contacts` fails, from the feed to rows of `sector_control`.

use crate::support::{
    documents::{Controller, Feed, Pilot, START},
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

/// Whether somebody is online for SYD in this second.
fn document(second: i64, is_staffed: bool) -> Feed {
    let feed = Feed::second(second).pilot(Pilot::new("QFA1", 1));
    if is_staffed { feed.controller(Controller::new("SY_TWR", 2)) } else { feed }
}

/// The rows of SYD: state, controller, rank, and seconds.
fn rows(database: &Database) -> Vec<String> {
    let seconds = |column| format!("extract(epoch from {column} - timestamptz '{START}')::int");
    database.client().column(&format!(
        "select concat_ws(' ', state, controller_callsign, owner_rank, {}, {})
         from sector_control where sector_name = 'SYD' order by from_timestamp",
        seconds("from_timestamp"),
        format_args!("coalesce(({})::text, 'open')", seconds("to_timestamp")),
    ))
}

fn start(database: &Database, feed: &FeedServer) -> Service {
    Setup::serve(database, feed).env("SECTORWATCH_STATEMENT_TIMEOUT", "500ms").start()
}

/// Takes these documents, of each of which the phase fails.
fn fail(service: &mut Service, database: &Database, feed: &FeedServer, documents: &[Feed]) {
    let holder = database.client();
    holder.run("begin; lock table sector_control in access exclusive mode");
    for (failed, document) in (1..).zip(documents) {
        feed.publish(document);
        service.wait_until("a failure", PATIENCE, |it| it.cycles_of("contacts_error") == failed);
    }
    holder.run("rollback");
}

#[test]
fn phases_that_failed_before_a_kill_are_unknown_from_the_first_of_them_on() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    [0, 15].into_iter().for_each(|second| service.take(&feed, &document(second, true)));
    let failing = [30, 45, 60].map(|second| document(second, false));
    fail(&mut service, &database, &feed, &failing);
    service.kill();
    let mut service = start(&database, &feed);
    service.await_cycles("unchanged", 1);
    service.take(&feed, &document(75, true));
    let expected = ["controlled SY_TWR 5 0 30", "unknown 30 75", "controlled SY_TWR 5 75 open"];
    assert_eq!(rows(&database), expected);
}

#[test]
fn the_first_row_begins_at_the_first_stored_snapshot_even_if_its_phase_failed() {
    for killed in [false, true] {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let mut service = start(&database, &feed);
        fail(&mut service, &database, &feed, &[0, 15].map(|second| document(second, true)));
        if killed {
            service.kill();
            service = start(&database, &feed);
            service.await_cycles("unchanged", 1);
        }
        service.take(&feed, &document(30, true));
        assert_eq!(rows(&database), ["unknown 0 30", "controlled SY_TWR 5 30 open"], "{killed}");
    }
}
