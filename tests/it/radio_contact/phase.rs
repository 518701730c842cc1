//! The phase fails: neither flights nor sectors wait for it.

use super::{documents, intervals, known_up_to, start};
use crate::support::{
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    postgres::Database,
    service::{PATIENCE, Setup},
};

#[test]
fn a_phase_that_fails_costs_contact_alone_and_its_snapshots_are_unknown() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_STATEMENT_TIMEOUT", "500ms");
    let mut service = setup.start();
    let documents = documents("AAANNAAA");
    documents[..3].iter().for_each(|document| service.take(&feed, document));
    let holder = database.client();
    holder.run("begin; lock table flight_radio_intervals in access exclusive mode");
    for (failed, document) in (1..).zip(&documents[3..5]) {
        feed.publish(document);
        let running = "sectorwatch_poll_phase_running{phase=\"contacts\"}";
        service.wait_until("the phase waits", PATIENCE, |it| it.metric(running) > 0.0);
        service.wait_until("a failure", PATIENCE, |it| it.cycles_of("contacts_error") == failed);
    }
    // Flights and sectors go on, and say up to where contact is known.
    let client = database.client();
    let mark = "select mark = '2025-01-01T12:01:00Z' from collector_state";
    assert_eq!(client.one(mark), "t");
    let ledger = "select count(*) from poll_cycles where outcome = 'contacts_error' and stored \
                  and sectors_ms is not null and contacts_ms is not null";
    assert_eq!(client.count(ledger), 2);
    assert_eq!(known_up_to(&database), "30");
    holder.run("rollback");
    documents[5..].iter().for_each(|document| service.take(&feed, document));
    let expected =
        ["QFA1 contact ML_CTR 0 45", "QFA1 unknown 45 75", "QFA1 contact ML_CTR 75 open"];
    assert_eq!(intervals(&database), expected);
    assert_eq!(known_up_to(&database), "105");
}

#[test]
fn radios_that_cannot_be_fetched_are_unknown() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    let documents = documents("AAAA");
    documents[..2].iter().for_each(|document| service.take(&feed, document));
    feed.answer(TRANSCEIVERS, Answer::status(500));
    feed.answer(MAIN, Answer::ok(documents[2].json()));
    service.await_cycles("transceivers_error", 1);
    service.take(&feed, &documents[3]);
    let expected =
        ["QFA1 contact ML_CTR 0 30", "QFA1 unknown 30 45", "QFA1 contact ML_CTR 45 open"];
    assert_eq!(intervals(&database), expected);
}

#[test]
fn without_a_list_of_controllers_contact_is_unknown_and_who_was_rejected_may_be_heard() {
    use crate::support::documents::{Controller, Feed, Pilot, inside};
    use serde_json::json;
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    let on = |second: i64| {
        Feed::second(second)
            .pilot(Pilot::new("QFA1", 1))
            .radio("ML_CTR", 124_700_000, inside("YMMM"))
            .radio("QFA1", 124_700_000, inside("YMMM"))
    };
    service.take(&feed, &on(0).controller(Controller::new("ML_CTR", 2)));
    let rejected = Controller::new("ML_CTR", 2).set("cid", json!("two"));
    service.take(&feed, &on(15).controller(rejected));
    service.take(&feed, &on(30));
    let mut without: serde_json::Value = serde_json::from_str(&on(45).json()).expect("a document");
    without["controllers"] = json!(null);
    feed.answer(MAIN, Answer::ok(without.to_string()));
    service.await_cycles("controllers_error", 1);
    let expected = [
        "QFA1 contact ML_CTR 0 15",
        "QFA1 unknown 15 30",
        "QFA1 none 30 45",
        "QFA1 unknown 45 open",
    ];
    assert_eq!(intervals(&database), expected);
}
