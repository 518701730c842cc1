//! SIGKILL around the phase: the rows are those of an undisturbed run, but for the snapshot that was killed.

use std::{os::unix::process::ExitStatusExt as _, thread, time::Duration};

use super::{documents, intervals, known_up_to};
use crate::support::{
    documents::Feed,
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Setup},
};

/// In each snapshot something changes.
const LETTERS: &str = "ABABANANNBAA";

/// The rows after these documents without a disturbance.
fn undisturbed(documents: &[Feed]) -> Vec<String> {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    documents.iter().for_each(|document| service.take(&feed, document));
    intervals(&database)
}

/// The rows after these documents, where the service is killed when it reaches the point for the n-th time, and
/// started again. Returns also the number of the document that was killed.
fn killed(documents: &[Feed], fault: &str) -> (Vec<String>, usize) {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).fault(fault).start();
    let mut killed = None;
    for (number, document) in documents.iter().enumerate() {
        if killed.is_some() {
            service.take(&feed, document);
            continue;
        }
        let before = service.cycles_of("success");
        feed.publish(document);
        loop {
            if let Some(status) = service.ended() {
                assert_eq!(status.signal(), Some(9), "{fault}");
                killed = Some(number);
                service = Setup::serve(&database, &feed).start();
                service.await_cycles("unchanged", 1);
                break;
            }
            let status = service.try_get("/api/status?always200=1");
            let status =
                status.and_then(|it| serde_json::from_slice::<serde_json::Value>(&it.body).ok());
            let cycles = status.map(|it| it["poller"]["cycles"]["success"].as_u64());
            if cycles.flatten().is_some_and(|cycles| cycles > before) {
                break;
            }
            // Between two looks.
            thread::sleep(Duration::from_millis(5));
        }
    }
    let last = 15 * (documents.len() - 1);
    service
        .wait_until("the last is known", PATIENCE, |_| known_up_to(&database) == last.to_string());
    (intervals(&database), killed.expect("a kill"))
}

#[test]
fn a_kill_costs_the_radio_of_its_snapshot_at_most() {
    let documents_of = documents(LETTERS);
    let truth = undisturbed(&documents_of);
    for fault in [
        "flights.committed=kill@5",
        "controllers.committed=kill@6",
        "transceivers.committed=kill@7",
        "contacts.committed=kill@8",
        "sectors.inside=kill@6",
        "sectors.committed=kill@6",
    ] {
        let (rows, number) = killed(&documents_of, fault);
        let mut letters: Vec<char> = LETTERS.chars().collect();
        letters[number] = 'U';
        let letters: String = letters.into_iter().collect();
        // It was known, or it is unknown.
        let is_known = fault.starts_with("contacts.committed") || fault.starts_with("sectors");
        let expected = if is_known { truth.clone() } else { undisturbed(&documents(&letters)) };
        assert_eq!(rows, expected, "{fault} in {number}");
    }
}

#[test]
fn a_stop_and_a_start_change_nothing() {
    let documents = documents(LETTERS);
    let (database, feed) = (Database::migrated(), FeedServer::start());
    for document in &documents {
        let mut service = Setup::serve(&database, &feed).start();
        service.take(&feed, document);
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
    assert_eq!(intervals(&database), undisturbed(&documents));
}
