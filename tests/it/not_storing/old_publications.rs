//! Publications that are not newer change nothing in the status, and unfinished work is completed.

use super::*;
use crate::support::{
    documents::Controller,
    feed_server::{Answer, FeedServer, MAIN},
    postgres::Database,
    service::{PATIENCE, Setup},
};

const PENDING: &str = "sectorwatch_sector_transitions_pending";

fn at(seconds: i64) -> Feed {
    Feed::second(seconds).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(120))
}

#[test]
fn an_old_publication_shows_nothing() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let staffed = at(30).controller(Controller::new("SY_APP", 7));
    service.take(&feed, &staffed);
    let shown = |service: &Service| {
        let status = service.status();
        let sectors = status["sectors"].as_array().expect("sectors").clone();
        let syd = sectors.into_iter().find(|sector| sector["name"] == "SYD");
        let feed = ["published_at", "connected_pilots"].map(|field| status["feed"][field].clone());
        let published = service.metric("sectorwatch_feed_update_timestamp_seconds{feed=\"v3\"}");
        let online = service.metric("sectorwatch_controllers_online{facility=\"app\"}");
        (feed, status["controllers"].clone(), syd.expect("SYD"), published, online)
    };
    let before = shown(&service);
    assert_eq!((&before.1["app"], &before.2["staffed"]), (&1.into(), &true.into()));
    let old = at(15).pilot(Pilot::new("QFA2", 2)).controller(Controller::new("ML_TWR", 8));
    feed.publish(&old);
    service.await_cycles("backwards", 3);
    assert_eq!(shown(&service), before);
    feed.publish(&staffed);
    service.await_cycles("unchanged", 2);
    assert_eq!(shown(&service), before);
}

/// A sector phase that fails once, and could then work while the feed has nothing newer.
#[test]
fn what_the_sector_phase_left_behind_is_drained_without_a_newer_publication() {
    for (what, answer, outcome) in [
        ("the same", None, "unchanged"),
        (
            "the same, not modified",
            Some(Answer::ok(at(0).json()).header("ETag", "\"a\"")),
            "unchanged",
        ),
        ("an older one", Some(Answer::ok(at(-15).json())), "backwards"),
    ] {
        let (database, feed) = (Database::of_own_role(), FeedServer::start());
        let superuser = database.client();
        let mut service = Setup::serve(&database, &feed).start();
        let right = "insert on flight_sector_occupancy";
        superuser.run(&format!("revoke {right} from {}", database.role()));
        feed.publish(&at(0));
        service.await_cycles("sectors_error", 2);
        assert_eq!(service.metric(PENDING), 1.0, "{what}");
        if let Some(answer) = answer {
            feed.answer(MAIN, answer);
        }
        service.await_cycles("sectors_error", 2);
        superuser.run(&format!("grant {right} to {}", database.role()));
        service.await_cycles(outcome, 2);
        assert_eq!(service.metric(PENDING), 0.0, "{what}");
        assert_eq!(service.status()["airspace"]["open_entries"], 1, "{what}");
        let visit = "select sector_name || ' ' || (entry_timestamp = '2025-01-01T12:00:00Z') \
                     from flight_sector_occupancy";
        assert_eq!(superuser.column(visit), ["SYD true"], "{what}");
        let failed = service.logged("cycles fail").into_iter();
        let failed = failed.filter(|line| line.to_string().contains("sectors_error")).count();
        assert_eq!(failed, 1, "{what}: told once");
        assert_eq!(service.logged("cycles succeed again").len(), 1, "{what}");
        let rows = "select count(*) from poll_cycles where outcome <> 'sectors_error'";
        assert_eq!(superuser.count(rows), 0, "{what}: it has no row of its own");
    }
}

#[test]
fn restored_is_told_once_while_cycles_fail() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    service.take(&feed, &at(0));
    let client = database.client();
    client.run(
        "create function refuse() returns trigger language plpgsql as $$ begin \
             raise exception 'refused by the test' using errcode = '53100'; end $$; \
         create trigger refuse before update on flights for each row execute function refuse()",
    );
    feed.publish(&at(15));
    service.await_cycles("flights_error", 4);
    assert_eq!(service.logged("restored").len(), 1);
    client.run("drop function refuse() cascade");
    service.wait_until("stored after all", PATIENCE, |it| it.cycles_of("success") == 2);
}
