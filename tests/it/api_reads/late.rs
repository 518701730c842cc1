//! Who logged on long ago and is seen only now changes what was closed.

use crate::support::{
    documents::{Controller, Feed, Pilot, second},
    feed_server::FeedServer,
    postgres::Database,
    service::Setup,
};

const DAY_SECONDS: i64 = 86_400;

#[test]
fn who_logged_on_days_ago_raises_the_version_of_the_data() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    let at = 4 * DAY_SECONDS;
    let pilot =
        |callsign: &str, cid, logon| Pilot::new(callsign, cid).inside("SYD").logon(&second(logon));
    let first = |number| Feed::second(at + number).pilot(pilot("QFA1", 900_001, at - 600));
    let client = database.client();
    let mut version = 0;
    let mut raised = |what: &str, document: &Feed, expected: bool| {
        service.take(&feed, document);
        let now: i64 =
            client.one("select data_version from collector_state").parse().expect("a number");
        assert_eq!(now > version, expected, "{what}: {version}, {now}");
        version = now;
    };
    raised("the first writer", &first(0), true);
    raised("the same", &first(15), false);
    let fresh = pilot("QFA2", 900_002, at);
    raised("a pilot of now", &first(30).pilot(fresh.clone()), false);
    let late = pilot("QFA3", 900_003, at - 3 * DAY_SECONDS);
    raised("a pilot of days ago", &first(45).pilot(fresh).pilot(late.clone()), true);
    // What a closed span shows of the flight goes on changing.
    let with_late = |number| first(number).pilot(late.clone());
    raised("the same pilot", &with_late(60), true);
    raised("without that pilot", &first(75), false);
    let controller = |callsign: &str, cid, logon: i64| {
        Controller::new(callsign, cid).set("logon_time", second(logon).into())
    };
    let local = controller("SY_TWR", 900_011, at);
    raised("a controller of now", &first(90).controller(local), false);
    let guest = controller("SY_APP", 900_012, at - 3 * DAY_SECONDS);
    raised("a controller of days ago", &first(105).controller(guest.clone()), true);
    raised("the same controller", &first(120).controller(guest), true);
    raised("without that controller", &first(135), false);
}
