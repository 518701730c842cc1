//! Free texts of members, when they must not be stored.

use super::*;
use crate::support::{feed_server::FeedServer, service::PATIENCE};

const WORDS: &str = "CALL ME ON 555";

fn wordy(second: i64) -> Feed {
    let plan =
        json!({"departure": "YSSY", "arrival": "YMML", "remarks": WORDS, "route": "DCT H65"});
    let pilot =
        |callsign, cid| Pilot::new(callsign, cid).inside("SYD").set("flight_plan", plan.clone());
    let lines = json!([WORDS, "\"and\" [more]"]);
    Feed::second(second)
        .pilot(pilot("QFA1", 1))
        .pilot(pilot("QFA2", 2).set("altitude", json!("high")))
        .controller(Controller::new("SY_TWR", 3).set("text_atis", lines.clone()))
        .controller(
            Controller::new("SY_APP", 4).set("text_atis", lines).set("logon_time", json!("x")),
        )
}

fn rows_with(client: &Client, words: &str) -> Vec<u64> {
    let count = |table: &str| {
        client.count(&format!("select count(*) from {table} t where t::text like '%{words}%'"))
    };
    ["flights", "controllers", "rejected_records"].map(count).to_vec()
}

#[test]
fn free_text_is_stored_nowhere_when_it_is_switched_off() {
    for (setting, rows) in [("true", [1, 1, 2]), ("false", [0, 0, 0])] {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let setup = Setup::serve(&database, &feed).env("SECTORWATCH_STORE_FREE_TEXT", setting);
        let mut service = setup.start();
        service.take(&feed, &wordy(0));
        service.take(&feed, &wordy(15));
        let client = database.client();
        assert_eq!(rows_with(&client, "555"), rows, "{setting}");
        assert_eq!(rows_with(&client, "H65"), [1, 0, 1], "the rest is kept");
        assert_eq!(
            client.count("select count(*) from rejected_records where raw like '%QFA2%'"),
            1
        );
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
}
