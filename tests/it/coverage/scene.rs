//! Rows of flights, visits, contacts, control and controllers, at seconds after noon.

use crate::support::{documents::second, postgres::Database, sql::Client};

pub struct Scene {
    pub client: Client,
    _database: Database,
}

/// `SY_APP 0-600` or, while it lasts, `none 600-`.
struct Interval<'i> {
    what: &'i str,
    from: String,
    to: String,
}

fn intervals(text: &str) -> impl Iterator<Item = Interval<'_>> {
    text.split(", ").map(|interval| {
        let (what, span) = interval.split_once(' ').expect("a state and a span");
        let (from, to) = span.split_once('-').expect("two times");
        let to = if to.is_empty() { "null".to_owned() } else { quoted(number(to)) };
        Interval { what, from: quoted(number(from)), to }
    })
}

fn number(text: &str) -> i64 {
    text.parse().expect("seconds")
}

pub fn quoted(at: i64) -> String {
    format!("'{}'", second(at))
}

impl Scene {
    pub fn new() -> Self {
        let database = Database::migrated();
        let client = database.client();
        client.run("set timezone = 'UTC'");
        Self { client, _database: database }
    }

    /// A flight that was last seen at this second. Returns its id.
    pub fn flight(&self, last_seen: i64) -> String {
        let last_seen = quoted(last_seen);
        self.client.one(&format!(
            "insert into flights (cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, \
                 first_seen, last_updated, last_seen) \
             select count(*) + 1, 'QFA' || count(*) + 1, '2025-01-01 11:00Z', 'TEST', -34, 151, 5000, 0, \
                 '2025-01-01 12:00Z', {last_seen}, {last_seen} from flights returning id"
        ))
    }

    /// The radio contact of a flight: `none`, `unknown`, or the callsign of a controller, with a span.
    pub fn contacts(&self, flight: &str, text: &str) {
        for Interval { what, from, to } in intervals(text) {
            let rest = match what {
                "none" | "unknown" => format!("'{what}', null, null, null, null"),
                callsign => format!(
                    "'contact', (select max(id) from controllers where callsign = '{callsign}'), \
                     '{callsign}', 124700000, true"
                ),
            };
            self.client.run(&format!(
                "insert into flight_radio_intervals (flight_id, from_timestamp, to_timestamp, state, \
                     controller_id, controller_callsign, frequency_hz, is_primary) \
                 values ({flight}, {from}, {to}, {rest})"
            ));
        }
    }

    /// The control of a sector: `uncontrolled`, `unknown`, or the callsign of a controller, with a span.
    pub fn control(&self, sector: &str, text: &str) {
        for Interval { what, from, to } in intervals(text) {
            let rest = match what {
                "uncontrolled" | "unknown" => format!("'{what}', null, null"),
                callsign => format!("'controlled', '{callsign}', 0"),
            };
            self.client.run(&format!(
                "insert into sector_control (sector_name, from_timestamp, to_timestamp, state, \
                     controller_callsign, owner_rank, airspace_revision) \
                 values ('{sector}', {from}, {to}, {rest}, 'abc')"
            ));
        }
    }

    /// A visit of a flight, which is open without an end. Returns its id.
    pub fn visit(&self, flight: &str, sector: &str, from: i64, to: Option<i64>) -> String {
        let exit = to.map_or("null, null, null, null, null, null".to_owned(), |to| {
            format!("{}, {}, -34, 151, 5000, 'left'", quoted(to), to - from)
        });
        self.client.one(&format!(
            "insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, entry_lat, \
                 entry_lon, entry_altitude, airspace_revision, exit_timestamp, duration_seconds, exit_lat, \
                 exit_lon, exit_altitude, exit_reason) \
             values ({flight}, 'QFA1', '{sector}', {}, -34, 151, 5000, 'abc', {exit}) returning id",
            quoted(from)
        ))
    }

    /// A connection of a controller, as it was stored last. Returns its id.
    pub fn connection(&self, cid: i32, callsign: &str, from: i64, to: i64) -> String {
        let (from, to) = (quoted(from), quoted(to));
        self.client.one(&format!(
            "insert into controllers (cid, callsign, logon_time, facility, rating, frequency, server, \
                 first_seen, last_updated, last_seen) \
             values ({cid}, '{callsign}', {from}, 5, 5, '124.700', 'TEST', {from}, {to}, {to}) returning id"
        ))
    }

    /// Seconds in contact, without and unknown, and the two shares in per cent.
    pub fn coverage(&self, flight: &str, since: i64, until: i64) -> String {
        let (since, until) = (quoted(since), quoted(until));
        self.client
            .one(&format!("select {COVERAGE} from radio_coverage({flight}, {since}, {until})"))
    }
}

/// The columns of [`Scene::coverage`].
pub const COVERAGE: &str = "concat_ws(' ', trim_scale(contact_seconds), trim_scale(none_seconds), \
    trim_scale(unknown_seconds), coalesce(round(coverage * 100, 1)::text, 'null'), \
    coalesce(round(known * 100, 1)::text, 'null'))";
