//! Which records of a document count, read again from its JSON.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::Value;

const HOUR: i64 = 3_600_000_000;

/// `cid`, `callsign` and `logon_time` in microseconds.
pub type Key = (i64, String, i64);

/// Microseconds since 1970 of a time as fed.
pub fn micros(text: &str) -> i64 {
    let zone = text.rfind(['Z', '+']);
    let (local, zone) = zone.map_or((text, "Z"), |at| text.split_at(at));
    // Digits after the sixth are cut.
    let local = &local[..local.len().min(26)];
    let time = DateTime::parse_from_rfc3339(&format!("{local}{zone}"));
    time.expect("a time").timestamp_micros()
}

/// The flights of a list: duplicates are reduced, and what may not be stored is left out. Also how
/// many were refused.
pub fn sessions(list: &Value, published: i64) -> (BTreeMap<Key, &Value>, usize) {
    let list = list.as_array().expect("a list");
    let mut kept: BTreeMap<Key, &Value> = BTreeMap::new();
    for record in list.iter().filter(|record| is_good(record, published)) {
        let time = |field: &str| micros(record[field].as_str().expect("text"));
        let callsign = record["callsign"].as_str().expect("text").to_owned();
        let key = (record["cid"].as_i64().expect("a number"), callsign, time("logon_time"));
        let heard = |record: &Value| micros(record["last_updated"].as_str().expect("text"));
        if kept.get(&key).is_none_or(|known| heard(known) <= heard(record)) {
            kept.insert(key, record);
        }
    }
    let refused = list.len() - kept.len();
    (kept, refused)
}

fn is_good(record: &Value, published: i64) -> bool {
    let number = |field: &str| record[field].as_f64().unwrap_or(0.0);
    let time = |field: &str| micros(record[field].as_str().expect("text")) - published;
    let callsign = record["callsign"].as_str().expect("text");
    number("latitude").abs() <= 90.0
        && number("longitude").abs() <= 180.0
        && (-2_000.0..=100_000.0).contains(&number("altitude"))
        && (0.0..=3_000.0).contains(&number("groundspeed"))
        && number("cid") > 0.0
        && (1..=16).contains(&callsign.len())
        && callsign.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
        && time("logon_time") <= HOUR
        && (-24 * HOUR..=HOUR).contains(&time("last_updated"))
}

/// Whether departure and arrival say something.
pub fn is_complete(plan: &Value) -> bool {
    let says = |field: &str| plan[field].as_str().is_some_and(|text| !text.trim().is_empty());
    says("departure") && says("arrival")
}
