//! What was observed before a restart counts after it.

use super::{at_sydney, examples, expected, movements, start};
use crate::support::{
    documents::{Feed, Pilot},
    dump::assert_equal,
    feed_server::FeedServer,
    postgres::Database,
    replay::undisturbed,
    service::PATIENCE,
};

#[test]
fn a_restart_between_any_two_observations_changes_nothing() {
    let documents = examples();
    let (database, feed) = (Database::migrated(), FeedServer::start());
    for document in &documents {
        let mut service = start(&database, &feed);
        service.take(&feed, document);
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
    assert_eq!(movements(&database), expected());
    assert_equal(&database.dump(), &undisturbed(&documents).dump());
}

/// Memory forgets a flight after a day. Its row does not.
#[test]
fn a_flight_that_comes_back_after_days_lands() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    service.take(&feed, &at_sydney(0, 200, 1_500));
    for day in 1..=2 {
        service.take(&feed, &Feed::second(86_400 * day).pilot(Pilot::new("QFA2", 2)));
    }
    let days = 2 * 86_400 + 15;
    service.take(&feed, &at_sydney(days, 10, 21));
    assert_eq!(movements(&database), [format!("QFA1 landing YSSY {days} 0")]);
}

#[test]
fn another_logon_is_another_flight_that_has_not_moved() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = start(&database, &feed);
    service.take(&feed, &at_sydney(0, 200, 1_500));
    let anew = Pilot::new("QFA1", 1).inside("SYD").kt(10).alt(21).logon("2025-01-01T12:00:10Z");
    service.take(&feed, &Feed::second(15).pilot(anew));
    assert_eq!(movements(&database), [""; 0]);
}
