//! Forgotten members: all their rows are deleted, and none comes back.

mod free_text;
mod keys;
mod races;
mod running_service;
mod tables;

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, Pilot, inside},
    postgres::Database,
    service::{Ended, Setup},
    sql::Client,
};

/// The forgotten member. No other number in a test contains it.
const CID: i32 = 7_654_321;
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// `forget --cid` [`CID`].
fn forget(database: &Database, more: &[&str]) -> Ended {
    forgetting(database, more).env("SECTORWATCH_FORGET_KEY", KEY).run()
}

fn forgetting(database: &Database, more: &[&str]) -> Setup {
    let cid = CID.to_string();
    let arguments = [&["forget", "--cid", &cid], more].concat();
    Setup::bare(&arguments).env("DATABASE_URL", &database.url())
}

/// A service that has the key.
fn serve(database: &Database, feed: &crate::support::feed_server::FeedServer) -> Setup {
    Setup::serve(database, feed).env("SECTORWATCH_FORGET_KEY", KEY)
}

/// The member flies through SYD and controls SY_TWR, with an unreadable record; QFA2 and ML_TWR belong to
/// others.
fn world(second: i64) -> Feed {
    Feed::second(second)
        .pilot(Pilot::new("QFA1", CID).inside("SYD").kt(120))
        .pilot(Pilot::new("QFA2", 2).inside("MEL").kt(120))
        .pilot(Pilot::new("QFA3", CID).set("altitude", json!("high")))
        .pilot(Pilot::new("QFA4", 4).set("altitude", json!("high")))
        .controller(Controller::new("SY_TWR", CID))
        .controller(Controller::new("ML_TWR", 12))
        .radio("QFA1", 118_700_000, inside("SYD"))
        .radio("SY_TWR", 118_700_000, inside("SYD"))
        .radio("QFA2", 124_700_000, inside("MEL"))
        .radio("ML_TWR", 124_700_000, inside("MEL"))
}

/// Where data of the member is, in all tables.
fn found(client: &Client) -> Vec<String> {
    let words = format!("\\m({CID}|QFA1|QFA3|SY_TWR)\\M");
    let tables = client.column(
        "select format('%I', table_name) from information_schema.tables \
         where table_schema = 'public' and table_type = 'BASE TABLE' \
             and table_name not like 'flight_positions_%' order by 1",
    );
    let theirs = client.one(&format!(
        "select coalesce(array_agg(id)::text, '{{}}') from flights where cid = {CID}"
    ));
    let has_flight = |table: &str| {
        let columns =
            "select count(*) from information_schema.columns where column_name = 'flight_id'";
        client.count(&format!("{columns} and table_name = '{table}'")) > 0
    };
    let stands_in = |table: &String| {
        let by_flight = match has_flight(table) {
            true => format!(" or flight_id = any ('{theirs}')"),
            false => String::new(),
        };
        let rows = format!("from {table} t where t::text ~ '{words}'{by_flight}");
        client.count(&format!("select count(*) {rows}")) > 0
    };
    tables.into_iter().filter(stands_in).collect()
}
