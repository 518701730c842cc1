//! Contact is switched off and on again; another grace and other caps.

use super::{TUNED, document, documents, intervals, known_up_to, start};
use crate::support::{
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Setup},
};

#[test]
fn off_ends_the_rows_at_the_last_observation_and_on_again_the_time_between_is_unknown() {
    for (name, value) in
        [("SECTORWATCH_RADIO_CONTACT", "off"), ("SECTORWATCH_TRANSCEIVERS_URL", "")]
    {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let mut service = start(&database, &feed);
        documents("AAA").iter().for_each(|document| service.take(&feed, document));
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
        let mut service = Setup::serve(&database, &feed).env(name, value).start();
        for second in [45, 60] {
            service.take(&feed, &document(second, Some(TUNED)));
            assert_eq!(intervals(&database), ["QFA1 contact ML_CTR 0 30"], "{name} {second}");
        }
        assert_eq!(known_up_to(&database), "60", "control goes on");
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
        let mut service = start(&database, &feed);
        service.take(&feed, &document(75, Some(TUNED)));
        let again =
            ["QFA1 contact ML_CTR 0 30", "QFA1 unknown 30 75", "QFA1 contact ML_CTR 75 open"];
        assert_eq!(intervals(&database), again, "{name}");
    }
}

#[test]
fn settings_reach_the_rule() {
    for (name, value, letters, expected) in [
        (
            "SECTORWATCH_RADIO_GRACE",
            "15s",
            "ANNA",
            &["QFA1 contact ML_CTR 0 15", "QFA1 none 15 45", "QFA1 contact ML_CTR 45 open"][..],
        ),
        ("SECTORWATCH_RADIO_GRACE", "16s", "ANNA", &["QFA1 contact ML_CTR 0 open"][..]),
        ("SECTORWATCH_ADVISORY_FREQUENCIES", "124.7", "AA", &["QFA1 none 0 open"][..]),
        ("SECTORWATCH_RADIO_CAPS", "CTR=11.9", "AA", &["QFA1 none 0 open"][..]),
    ] {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let mut service = Setup::serve(&database, &feed).env(name, value).start();
        documents(letters).iter().for_each(|document| service.take(&feed, document));
        assert_eq!(intervals(&database), expected, "{name}={value}");
    }
}
