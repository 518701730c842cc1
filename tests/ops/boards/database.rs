//! Runs every query of the boards of the database on a replayed demo, as the role with which the service reads.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::{
    boards,
    source::{Board, Panel, Source},
};
use crate::{
    deploy::roles,
    support::{
        postgres::Server,
        service::Setup,
        simulated::{self, Recordings},
        sql::Client,
    },
};

/// Its hours begin at a quarter past those of UTC, so that one of them begins within the demo.
const ZONE: &str = "Asia/Kathmandu";
/// The interval of a panel that shows a few minutes.
const INTERVAL_MS: &str = "60000";

/// The stored demo, and the session that asks.
struct Stored {
    /// Runs until this is dropped.
    _server: Arc<Server>,
    reader: Client,
    recordings: Recordings,
}

impl Stored {
    fn new() -> Self {
        let (server, desk) = roles::prepared();
        desk.run("roles");
        let recordings = simulated::record(|_, _| ());
        let replay = Setup::bare(&["replay", recordings.folder.to_str().expect("UTF-8")]);
        let ended = replay.env("DATABASE_URL", &server.url_of("sectorwatch_writer", "sectorwatch"));
        let ended = ended.run();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let reader = roles::client(&server, "sectorwatch_reader");
        Self { _server: server, reader, recordings }
    }

    /// What Grafana sends of this SQL when all of the demo is selected, with these choices of the variables.
    fn sent(&self, sql: &str, choices: &[(String, String)]) -> String {
        let literal =
            |at: DateTime<Utc>| format!("'{}'", at.to_rfc3339_opts(SecondsFormat::Secs, true));
        let (from, to) = (literal(self.recordings.first), literal(self.recordings.last));
        let mut sent = sql
            .replace("$__timeFrom()", &from)
            .replace("$__timeTo()", &to)
            .replace("$__interval_ms", INTERVAL_MS)
            .replace("$__timezone", ZONE);
        while let Some((before, rest)) = sent.split_once("$__timeFilter(") {
            let (column, after) = rest.split_once(')').expect("the end of the macro");
            sent = format!("{before}{column} between {from} and {to}{after}");
        }
        for (name, chosen) in choices {
            sent = sent.replace(&format!("${name}"), chosen);
        }
        assert!(!sent.contains("$_") && !sent.contains('@'), "what replaces this? {sent}");
        sent
    }

    /// The choices of each variable, quoted as Grafana quotes several of them.
    fn choices(&self, board: &Board) -> Vec<(String, String)> {
        let of = |variable: &super::source::Variable| {
            let offered = self.reader.column(&self.sent(&variable.query, &[]));
            assert!(offered.len() > 1, "{} offers {offered:?}", variable.name);
            let distinct: BTreeSet<_> = offered.iter().collect();
            assert_eq!(distinct.len(), offered.len(), "{} offers {offered:?}", variable.name);
            let quoted = offered.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>();
            (variable.name.clone(), quoted.join(","))
        };
        board.variables.iter().map(of).collect()
    }

    fn rows(&self, sql: &str) -> Result<Vec<Map<String, Value>>, String> {
        let rows = self.reader.try_rows(&format!("select row_to_json(q) from (\n{sql}\n) q"))?;
        let read = |row: Vec<Option<String>>| {
            let row = row.into_iter().next().flatten().expect("one column");
            serde_json::from_str(&row).expect("an object")
        };
        Ok(rows.into_iter().map(read).collect())
    }
}

/// The faults of what a panel shows.
fn faults(panel: &Panel, rows: &[Map<String, Value>]) -> Vec<String> {
    let Some(first) = rows.first() else { return vec!["is empty".to_owned()] };
    // A column without any value is a panel that says nothing.
    let empty = first.keys().filter(|name| rows.iter().all(|row| row[*name].is_null()));
    let mut faults: Vec<_> = empty.map(|name| format!("has nothing in {name}")).collect();
    if panel.draw.is_of_now() {
        return faults;
    }
    // Grafana makes series of rows in the order of time, one for each text beside it.
    let times: Vec<_> = rows.iter().map(|row| row.get("time").and_then(Value::as_str)).collect();
    if times.contains(&None) || !times.is_sorted() {
        faults.push("is not in the order of time".to_owned());
    }
    let points: BTreeSet<_> = rows
        .iter()
        .map(|row| (row["time"].to_string(), row.get("metric").map(Value::to_string)))
        .collect();
    if points.len() < rows.len() {
        faults.push("has two points of one series at one time".to_owned());
    }
    let is_text =
        |(name, value): (&String, &Value)| name != "time" && name != "metric" && value.is_string();
    if rows.iter().any(|row| row.iter().any(is_text)) {
        faults.push("has texts where numbers belong".to_owned());
    }
    faults
}

#[test]
fn every_query_of_the_database_answers_to_the_reader() {
    let boards = boards().into_iter().filter(|board| board.source == Source::Postgresql);
    let stored = Stored::new();
    let (mut queries, mut wrong) = (0, Vec::new());
    for board in boards {
        let choices = stored.choices(&board);
        for panel in board.rows.iter().flat_map(|row| &row.panels) {
            for query in &panel.queries {
                queries += 1;
                let sql = stored.sent(&board.sql(query), &choices);
                let found = match stored.rows(&sql) {
                    Ok(rows) => faults(panel, &rows),
                    Err(refusal) => vec![format!("{refusal}: {sql}")],
                };
                let of = format!("{} {} {}", board.uid, panel.id, panel.title);
                wrong.extend(found.into_iter().map(|fault| format!("{of}: {fault}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(queries > 15, "{queries} queries were run");
}
