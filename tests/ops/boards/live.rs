//! Every expression of every panel, asked of a real Prometheus that scrapes a demo.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use super::{
    boards,
    contract::AHEAD,
    prometheus::Prometheus,
    promql::{Selector, longest_look_back, selectors},
    source::{Draw, Panel, Query},
};
use crate::support::{long_tests, postgres::Database, service::PATIENCE, setup::Setup};

/// What Grafana makes of `$__rate_interval` when a scrape and a point are each a second.
const RATE_INTERVAL: &str = "4s";

/// Expressions that may say nothing in a demo of minutes: board, panel, legend, and why.
#[rustfmt::skip] // one row each
const MAY_BE_EMPTY: &[(&str, u32, &str, &str)] = &[
    ("sectorwatch-data", 502, "in 30 days", "has a point an hour, and a line needs two"),
    ("sectorwatch-data", 603, "{{job_name}}", "retention runs once an hour, first before the first scrape"),
    ("sectorwatch-traffic", 105, "a week ago", "there was no demo a week ago"),
    ("sectorwatch-traffic", 402, "p50", "counts visits that ended: a flight crosses a sector in minutes"),
    ("sectorwatch-traffic", 402, "p95", "counts visits that ended: a flight crosses a sector in minutes"),
];
/// Board, panel, legend.
type Name = (String, u32, String);
/// Whoever looks back no longer than this is never excused.
const SHORT: u64 = 600;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// The expression as Grafana sends it when everything is chosen.
fn interpolated(query: &Query) -> String {
    let expr = query.promql().replace("$__rate_interval", RATE_INTERVAL);
    ["$job", "$instance", "$owner"].iter().fold(expr, |expr, name| expr.replace(name, ".+"))
}

/// The series of an answer that hold a number.
fn series(answer: &Value) -> Result<Vec<&Value>, String> {
    let series = answer["data"]["result"].as_array().filter(|_| answer["status"] == "success");
    let series = series.ok_or_else(|| answer["error"].to_string())?;
    let is_number = |pair: &Value| pair[1].as_str().is_some_and(|value| value != "NaN");
    let has_number = |series: &&Value| {
        let values = series["values"].as_array();
        is_number(&series["value"]) || values.is_some_and(|values| values.iter().any(is_number))
    };
    Ok(series.iter().filter(has_number).collect())
}

/// What Grafana writes beside a series.
fn legend(query: &Query, series: &Value) -> String {
    let labels = series["metric"].as_object().into_iter().flatten();
    labels.fold(query.legend.clone(), |legend, (label, value)| {
        legend.replace(&format!("{{{{{label}}}}}"), value.as_str().unwrap_or_default())
    })
}

/// The watched service, and who watches it.
struct Demo {
    prometheus: Prometheus,
    from: u64,
    to: u64,
}

impl Demo {
    fn answer(&self, panel: &Panel, expr: &str) -> Value {
        match panel.draw.is_of_now() {
            true => self.prometheus.at(expr, self.to),
            false => self.prometheus.over(expr, self.from, self.to),
        }
    }

    /// What is wrong with a panel; expressions that were excused are taken off the list.
    fn faults(&self, board: &str, panel: &Panel, excused: &mut BTreeSet<Name>) -> Vec<String> {
        let mut faults = Vec::new();
        let mut legends = BTreeSet::new();
        for query in &panel.queries {
            let expr = interpolated(query);
            let is_of_ahead = |s: &Selector<'_>| AHEAD.iter().any(|(name, _)| *name == s.name);
            let is_ahead = selectors(&expr).iter().any(is_of_ahead);
            let is_excused = excused.remove(&(board.into(), panel.id, query.legend.clone()));
            let mut fault = |what: &str| {
                faults.push(format!(
                    "{board} {} {}, {}: {what}",
                    panel.id, panel.title, query.legend
                ));
            };
            if is_excused && longest_look_back(&expr) <= SHORT {
                fault("looks back too little to be excused");
            }
            let answer = self.answer(panel, &expr);
            match series(&answer) {
                Err(error) => fault(&error),
                Ok(found) if found.is_empty() && !is_excused && !is_ahead => fault("empty"),
                Ok(found) if panel.draw != Draw::Table => {
                    let twins = found.iter().filter(|s| !legends.insert(legend(query, s))).count();
                    if twins > 0 {
                        fault("series with the same legend");
                    }
                }
                Ok(_) => {}
            }
        }
        faults
    }
}

#[test]
fn every_expression_works_and_no_panel_of_a_demo_is_empty() {
    let database = Database::migrated();
    // Everything that happens in a day happens in seconds.
    let setup = Setup::bare(&["serve", "--demo"])
        .env("DATABASE_URL", &database.url())
        .env("SECTORWATCH_POLL_INTERVAL", "1s")
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
        .env("SECTORWATCH_CONNECTION_MAX_LIFETIME", "3s");
    let mut service = setup.start();
    let prometheus = Prometheus::watching(setup.address());
    service.wait_until("a snapshot", PATIENCE, |service| service.cycles_of("success") > 0);
    let from = now();
    thread::sleep(Duration::from_secs(if long_tests() { 120 } else { 20 }));
    let demo = Demo { prometheus, from, to: now() };

    let names = MAY_BE_EMPTY
        .iter()
        .map(|(board, id, legend, _)| ((*board).to_owned(), *id, (*legend).to_owned()));
    let mut excused: BTreeSet<Name> = names.collect();
    let mut faults = Vec::new();
    for board in &boards() {
        for panel in board.rows.iter().flat_map(|row| &row.panels) {
            faults.extend(demo.faults(&board.uid, panel, &mut excused));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(excused.is_empty(), "no such expressions: {excused:?}");
}
