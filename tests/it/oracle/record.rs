//! Decides from the JSON of a document which of its records count.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::Value;

const HOUR: i64 = 3_600_000_000;

/// The `cid`, the `callsign`, and the `logon_time` in microseconds since 1970.
pub type Key = (i64, String, i64);

/// A time of the feed in microseconds since 1970.
pub fn micros(text: &str) -> i64 {
    let zone = text.rfind(['Z', '+']);
    let (local, zone) = zone.map_or((text, "Z"), |at| text.split_at(at));
    // Only six digits of the fraction are used.
    let local = &local[..local.len().min(26)];
    let time = DateTime::parse_from_rfc3339(&format!("{local}{zone}"));
    time.expect("a time").timestamp_micros()
}

/// The parts of a key that can be read.
pub type PartOfKey = (Option<i64>, Option<String>, Option<i64>);

/// The records of a list.
pub struct ClientList<'d> {
    /// The records that may be stored, without duplicates.
    pub kept: BTreeMap<Key, &'d Value>,
    /// The keys of all other records, including duplicates.
    pub refused: Vec<PartOfKey>,
    /// The number of the other records that are not duplicates.
    pub unreadable: usize,
}

/// Reads the flights of a list.
pub fn client_list(list: &Value, published: i64) -> ClientList<'_> {
    let list = list.as_array().expect("a list");
    let (mut kept, mut refused) = (BTreeMap::<Key, &Value>::new(), Vec::new());
    let mut unreadable = 0;
    for record in list {
        let part = part_of_key(record, published);
        let (Some(cid), Some(callsign), Some(logon), true) =
            (part.0, part.1.clone(), part.2, is_good(record, published))
        else {
            refused.push(part);
            unreadable += 1;
            continue;
        };
        let key = (cid, callsign, logon);
        let heard = |record: &Value| micros(record["last_updated"].as_str().expect("text"));
        let is_older = kept.get(&key).is_some_and(|known| heard(known) > heard(record));
        if is_older || kept.insert(key, record).is_some() {
            refused.push(part);
        }
    }
    ClientList { kept, refused, unreadable }
}

fn part_of_key(record: &Value, published: i64) -> PartOfKey {
    let cid = record["cid"].as_i64().filter(|cid| (1..=2_147_483_647).contains(cid));
    let is_callsign = |text: &&str| {
        (1..=16).contains(&text.len()) && text.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
    };
    let callsign = record["callsign"].as_str().filter(is_callsign).map(str::to_owned);
    let logon = record["logon_time"].as_str().map(micros);
    (cid, callsign, logon.filter(|logon| logon - published <= HOUR))
}

/// Whether a refused record may belong to this flight.
pub fn agrees((cid, callsign, logon): &PartOfKey, key: &Key) -> bool {
    (cid.is_some() || callsign.is_some())
        && cid.is_none_or(|cid| cid == key.0)
        && callsign.as_ref().is_none_or(|callsign| *callsign == key.1)
        && logon.is_none_or(|logon| logon == key.2)
}

/// Whether everything except for the key is valid.
fn is_good(record: &Value, published: i64) -> bool {
    let number = |field: &str| record[field].as_f64().unwrap_or(0.0);
    let behind = published - micros(record["last_updated"].as_str().expect("text"));
    number("latitude").abs() <= 90.0
        && number("longitude").abs() <= 180.0
        && (-2_000.0..=100_000.0).contains(&number("altitude"))
        && (0.0..=3_000.0).contains(&number("groundspeed"))
        && (-HOUR..=24 * HOUR).contains(&behind)
}

/// Whether both departure and arrival are given.
pub fn is_complete(plan: &Value) -> bool {
    let says = |field: &str| plan[field].as_str().is_some_and(|text| !text.trim().is_empty());
    says("departure") && says("arrival")
}
