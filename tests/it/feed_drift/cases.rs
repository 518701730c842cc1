use std::fs;

use chrono::{Duration, SecondsFormat, Utc};

use super::*;
use crate::support::{feed_server::TRANSCEIVERS, real_data};

/// A document in the folder of cases, with its times set.
fn case(name: &str) -> Option<String> {
    let text = fs::read_to_string(real_data::folder("cases")?.join(name)).expect("the case");
    let at = |seconds| {
        let time = Utc::now() + Duration::seconds(seconds);
        time.to_rfc3339_opts(SecondsFormat::Micros, true)
    };
    Some(text.replace("@NOW@", &at(0)).replace("@NOW-1@", &at(-1)))
}

fn store(name: &str) -> Option<(Database, Service)> {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let document = case(name)?;
    feed.answer(MAIN, Answer::ok(document));
    // With a byte order mark, and still readable.
    feed.answer(TRANSCEIVERS, Answer::ok("\u{feff}[]"));
    let mut service = Setup::serve(&database, &feed).start();
    service.await_cycles("success", 1);
    Some((database, service))
}

#[test]
fn a_null_inside_a_list_of_lines_costs_no_controller() {
    let Some((database, service)) = store("feed-controller-optional-fields.json") else {
        return;
    };
    let client = database.client();
    assert_eq!(
        client.one("select callsign || coalesce(text_atis, '-') from controllers"),
        "SY_TWR-"
    );
    let details = client.column("select reason || ' ' || detail from rejected_records");
    assert_eq!(details, ["field text_atis"]);
    let status = service.status();
    let sectors = status["sectors"].as_array().expect("a list");
    assert!(sectors.iter().any(|sector| sector["name"] == "SYD" && sector["staffed"] == true));
}

#[test]
fn a_mark_before_the_document_is_skipped() {
    let Some((database, service)) = store("feed-bom.json") else {
        return;
    };
    let client = database.client();
    assert_ne!(client.count("select count(*) from flights"), 0);
    assert_eq!(service.cycles_of("decode_error"), 0);
    assert_eq!(service.cycles_of("transceivers_error"), 0);
}
