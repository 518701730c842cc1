//! The section *Personal data* of the manual: its commands do what it says.

use std::fs;

use serde_json::Value;

use super::manual::Desk;
use crate::support::{FILLED, postgres::Database, service::Setup};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210";
/// Special characters that must arrive unchanged.
const REMARKS: &str = r#"/v/ "quoted" \ and \n"#;

/// A database with the member of the manual and a flight of somebody else.
fn filled() -> Database {
    let database = Database::migrated();
    let client = database.client();
    client.run(FILLED);
    client.run(&format!(
        "insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls,
             first_seen, last_updated, last_seen, remarks)
         select 3, 'QFA3', logon_time, server, latitude, longitude, altitude, slow_polls, first_seen,
             last_updated, last_seen, 'theirs' from flights;
         update flights set cid = 1234567, remarks = '{REMARKS}' where cid = 1;
         update controllers set cid = 1234567, text_atis = 'information A';
         insert into rejected_records (source, reason, detail, callsign, raw, seen_at)
         values ('pilot', 'schema', 'cid: missing', 'qfa1', '{{}}', '2025-01-01 12:00Z'),
             ('pilot', 'schema', 'cid: missing', 'QFA3', '{{}}', '2025-01-01 12:00Z')"
    ));
    database
}

fn desk(database: &Database) -> Desk {
    Desk::with(&[("DATABASE_URL", &database.url()), ("SECTORWATCH_FORGET_KEY", KEY)])
}

#[test]
fn a_member_is_given_what_is_stored_of_them() {
    let database = filled();
    let desk = desk(&database);
    desk.run("give");
    let given = fs::read_to_string(desk.dir.join("member.jsonl")).expect("the file");
    let given = given.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let given: Vec<Value> = given.collect();
    let of = |kind: &str| {
        let records = given.iter().filter(|line| !line[kind].is_null());
        records.map(|line| line[kind]["callsign"].as_str().expect("a callsign")).collect::<Vec<_>>()
    };
    assert_eq!(of("flight"), ["QFA1"]);
    assert_eq!(of("controller"), ["SY_APP"]);
    assert_eq!(of("radio"), ["QFA1", "SY_APP", "SY_APP"]);
    assert_eq!(of("refused"), ["qfa1"]);
    assert_eq!(given.len(), 6, "{given:?}");
    let flight = given.iter().find(|line| !line["flight"].is_null()).expect("a flight");
    assert_eq!(flight["flight"]["remarks"], REMARKS);
    assert_eq!(flight["positions"][0]["altitude"], 5000);
    assert_eq!(flight["visits"][0]["sector_name"], "SYD");
    assert_eq!(flight["contacts"][1]["controller_callsign"], "SY_APP");
    assert_eq!(flight["movements"][1]["kind"], "landing");
    let controller = given.iter().find(|line| !line["controller"].is_null()).expect("a controller");
    assert_eq!(controller["contacts"].as_array().map(Vec::len), Some(1));
    assert_eq!(controller["control"][0]["sector_name"], "SYD");
}

#[test]
fn texts_go_and_what_else_is_stored_stays() {
    let database = filled();
    desk(&database).run("leave-out-texts");
    let client = database.client();
    assert_eq!(client.count("select count(*) from flights where remarks is null"), 2);
    assert_eq!(client.count("select count(*) from controllers where text_atis is null"), 1);
    assert_eq!(client.count("select count(*) from flight_positions"), 1);
}

#[test]
fn a_member_is_forgotten_and_a_lost_key_is_replaced() {
    let database = filled();
    let client = database.client();
    client.run("delete from forgotten_members");
    let desk = desk(&database);
    let said = desk.run("forget");
    // 1 flight, 1 position, 1 visit, 2 contacts, 2 movements, 3 transitions, 1 controller, 3 transceivers, 1 refused
    // record.
    assert!(said.contains("15 rows would be deleted: nothing is changed"), "{said}");
    assert!(said.contains("15 rows deleted"), "{said}");
    assert_eq!(client.one("select string_agg(callsign, ' ') from flights"), "QFA3");
    for table in ["controllers", "flight_positions", "flight_sector_occupancy", "transceivers"] {
        assert_eq!(client.count(&format!("select count(*) from {table}")), 0, "{table}");
    }

    let forget = || {
        let other = Setup::bare(&["forget", "--cid", "1234567"]);
        other.env("DATABASE_URL", &database.url()).env("SECTORWATCH_FORGET_KEY", OTHER).run()
    };
    assert_eq!(forget().code, Some(1), "with another key");
    desk.run("key-lost");
    let ended = forget();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(client.count("select count(*) from forgotten_members"), 1);
}
