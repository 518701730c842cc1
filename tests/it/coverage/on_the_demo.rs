//! The queries of docs/control.md on the simulated network: half an hour of it, replayed.

use std::{collections::BTreeMap, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::documented::{PAGE, names, query_at};
use crate::support::{postgres::Database, replay::replay, simulated, sql::Client};

/// The recordings, and the controllers online in each.
struct Demo {
    folder: PathBuf,
    last: DateTime<Utc>,
    /// The connections in the order of time, by CID and callsign.
    online: BTreeMap<(i64, String), Vec<Connection>>,
}

/// From the logon to the last snapshot.
struct Connection {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

fn record() -> Demo {
    let mut online = BTreeMap::new();
    let recordings = simulated::record(|at, document| note(&mut online, at, document));
    Demo { folder: recordings.folder, last: recordings.last, online }
}

/// Adds the controllers of a document.
fn note(online: &mut BTreeMap<(i64, String), Vec<Connection>>, at: DateTime<Utc>, document: &str) {
    let document: Value = serde_json::from_str(document).expect("a document");
    for controller in document["controllers"].as_array().expect("controllers") {
        let text = |field: &str| controller[field].as_str().expect("text").to_owned();
        let logon = DateTime::parse_from_rfc3339(&text("logon_time")).expect("a time").to_utc();
        if controller["facility"] == 0 {
            // An observer or a supervisor.
            continue;
        }
        let callsign = text("callsign").replace("__", "_");
        let key = (controller["cid"].as_i64().expect("a number"), callsign);
        let connections = online.entry(key).or_default();
        match connections.last_mut().filter(|connection| connection.since == logon) {
            Some(connection) => connection.until = at,
            None => connections.push(Connection { since: logon, until: at }),
        }
    }
}

impl Demo {
    /// The hours of each controller by callsign, from the documents alone.
    fn hours(&self) -> BTreeMap<(i64, String), f64> {
        let seconds = |connections: &Vec<Connection>| {
            let mut sum = TimeDelta::zero();
            let mut before: Option<DateTime<Utc>> = None;
            for Connection { since, until } in connections {
                let gap = before.map(|before| *since - before);
                sum += gap.filter(|gap| *gap <= TimeDelta::minutes(5)).unwrap_or_default();
                sum += *until - *since;
                before = Some(*until);
            }
            sum.as_seconds_f64()
        };
        let hours = |(key, connections): (&(i64, String), _)| (key.clone(), seconds(connections));
        self.online.iter().map(hours).map(|(key, seconds)| (key, seconds / 3600.0)).collect()
    }
}

fn rows(client: &Client, name: &str, demo: &Demo) -> Vec<Vec<Option<String>>> {
    client.rows(&query_at(name, &format!("'{}'", demo.last.to_rfc3339())))
}

#[test]
fn every_query_answers() {
    let demo = record();
    let database = Database::migrated();
    let ended = replay(&[&demo.folder], &database, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let client = database.client();
    client.run("set timezone = 'UTC'");
    for name in names(PAGE) {
        let rows = rows(&client, name, &demo);
        eprintln!("{name}: {} rows, the first is {:?}", rows.len(), rows.first());
        assert!(!rows.is_empty(), "{name} has no row");
    }
    hours_are_those_of_the_documents(&client, &demo);
    shares_are_shares(&client, &demo);
}

fn hours_are_those_of_the_documents(client: &Client, demo: &Demo) {
    let found: BTreeMap<(i64, String), f64> = rows(client, "hours", demo)
        .into_iter()
        .map(|row| row.into_iter().map(|cell| cell.expect("a value")).collect::<Vec<_>>())
        .map(|row| {
            ((row[0].parse().expect("a CID"), row[1].clone()), row[2].parse().expect("hours"))
        })
        .collect();
    let expected = demo.hours();
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (who, hours) in &expected {
        // The query rounds to a tenth.
        assert!((found[who] - hours).abs() <= 0.051, "{who:?}: {}, not {hours}", found[who]);
    }
}

/// Coverage differs between sectors, and nothing is more than all.
fn shares_are_shares(client: &Client, demo: &Demo) {
    for (name, columns) in [("coverage", [3, 4]), ("routes", [3, 4])] {
        let rows = rows(client, name, demo);
        for column in columns {
            let shares = rows.iter().filter_map(|row| row[column].as_ref());
            let shares: Vec<f64> = shares.map(|it| it.parse().expect("a number")).collect();
            assert!(shares.iter().all(|share| (0.0..=100.0).contains(share)), "{name}: {shares:?}");
            assert!(shares.iter().any(|share| *share > 0.0), "{name}: {shares:?}");
            assert!(shares.iter().any(|share| *share < 100.0), "{name}: {shares:?}");
        }
    }
}
