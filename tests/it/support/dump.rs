//! The stored rows as text that is equal for equal runs, with natural keys in place of ids.

use super::{postgres::Database, sql::Client};

/// Flights, positions, movements and visits, without ids and `created_at`.
const FLIGHTS: [&str; 4] = [
    "select 'flight ' || (to_jsonb(f) - '{id,contact_seen}'::text[])::text from flights f",
    "select 'position ' || (to_jsonb(p) - 'flight_id' || key)::text
     from flight_positions p join keys on keys.id = p.flight_id",
    "select 'movement ' || (to_jsonb(m) - '{id,flight_id}'::text[] || key)::text
     from airport_movements m join keys on keys.id = m.flight_id",
    "select 'visit ' || (to_jsonb(v) - '{id,flight_id,created_at}'::text[] || key)::text
     from flight_sector_occupancy v join keys on keys.id = v.flight_id",
];
const QUEUE: &str =
    "select 'pending ' || (to_jsonb(q) - '{id,flight_id,queued_at}'::text[] || key)::text
     from pending_transitions q join keys on keys.id = q.flight_id";
const STATIONS: [&str; 2] = [
    "select 'controller ' || (to_jsonb(c) - 'id')::text from controllers c",
    "select 'transceiver ' || to_jsonb(t)::text from transceivers t",
];
/// The intervals of radio contact and of control.
const CONTACTS: [&str; 2] = [
    "select 'contact ' || (to_jsonb(i) - '{id,flight_id,controller_id}'::text[] || key
         || jsonb_build_object('controller', (select jsonb_build_array(cid, callsign, logon_time)
             from controllers c where c.id = i.controller_id)))::text
     from flight_radio_intervals i join keys on keys.id = i.flight_id",
    "select 'control ' || (to_jsonb(i) - '{id,controller_id}'::text[]
         || jsonb_build_object('controller', (select jsonb_build_array(cid, callsign, logon_time)
             from controllers c where c.id = i.controller_id)))::text
     from sector_control i",
];
const KEYS: &str = "with keys as (select id, jsonb_build_object(
    'flight', jsonb_build_array(cid, callsign, logon_time)) as key from flights)";

impl Database {
    /// Flights, positions, movements, visits and the queue, one line each, sorted.
    pub fn dump(&self) -> String {
        of(&self.client())
    }

    /// Controllers and transceivers, one line each, sorted.
    pub fn dump_stations(&self) -> String {
        lines(&self.client(), STATIONS)
    }

    /// Intervals of radio contact and of control, one line each, sorted.
    pub fn dump_contacts(&self) -> String {
        lines(&self.client(), CONTACTS)
    }
}

/// Like [`Database::dump`], for any session.
pub fn of(client: &Client) -> String {
    lines(client, FLIGHTS.into_iter().chain([QUEUE]))
}

fn lines<'a>(client: &Client, queries: impl IntoIterator<Item = &'a str>) -> String {
    client.run("set timezone = 'UTC'");
    let mut lines: Vec<String> = Vec::new();
    for query in queries {
        let mut some = client.column(&format!("{KEYS} {query}"));
        some.sort();
        lines.append(&mut some);
    }
    lines.join("\n")
}

/// Fails the test with the lines that only one of two dumps has.
pub fn assert_equal(disturbed: &str, undisturbed: &str) {
    let lines = |dump: &str| dump.lines().map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (lines(disturbed), lines(undisturbed));
    assert!(!other.is_empty(), "nothing to compare with");
    let only = |these: &[String], those: &[String]| {
        let missing = these.iter().filter(|line| !those.contains(line));
        missing.take(10).cloned().collect::<Vec<_>>().join("\n")
    };
    assert!(
        one == other,
        "only here:\n{}\nmissing here:\n{}\n({} lines, not {})",
        only(&one, &other),
        only(&other, &one),
        one.len(),
        other.len()
    );
}
