//! Runs every expression of every panel on a real Prometheus that scrapes a demo.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use url::form_urlencoded;

use super::{
    boards_of_prometheus,
    queries::{chosen, legend, points},
    render,
    source::{Board, Draw, Panel},
};
use crate::{
    prometheus::Prometheus,
    promql::longest_look_back,
    support::{long_tests, postgres::Database, service::PATIENCE, setup::Setup},
};

/// Expressions that may be empty in a demo of a few minutes: board, panel, legend, and the reason.
#[rustfmt::skip] // one row each
const MAY_BE_EMPTY: &[(&str, u32, &str, &str)] = &[
    ("sectorwatch-data", 502, "in 30 days", "has a point an hour, and a line needs two"),
    ("sectorwatch-data", 603, "{{job_name}}", "retention runs once an hour, first before the first scrape"),
    ("sectorwatch-traffic", 105, "a week ago", "there was no demo a week ago"),
    ("sectorwatch-traffic", 402, "p50", "counts visits that ended: a flight crosses a sector in minutes"),
    ("sectorwatch-traffic", 402, "p95", "counts visits that ended: a flight crosses a sector in minutes"),
];
/// Board, panel and legend.
type Name = (String, u32, String);
/// An expression that looks back for at most this many seconds must not be excused.
const SHORT: u64 = 600;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// The Prometheus that scrapes the demo, and the observed period in seconds since 1970.
struct Demo {
    prometheus: Prometheus,
    from: u64,
    to: u64,
}

impl Demo {
    /// The number of values that a variable offers.
    fn choices(&self, variable: &Value) -> usize {
        let query = variable["query"]["query"].as_str().expect("a query");
        let inner = query.strip_prefix("label_values(").and_then(|query| query.strip_suffix(')'));
        let (selector, label) = inner.and_then(|inner| inner.rsplit_once(", ")).expect("two parts");
        let selector = chosen(selector);
        let matching = form_urlencoded::byte_serialize(selector.as_bytes()).collect::<String>();
        let values =
            self.prometheus.api(&format!("/api/v1/label/{label}/values?match[]={matching}"));
        values.as_array().map_or(0, Vec::len)
    }

    /// The series of an expression that have points. Fails the test if Prometheus rejects the
    /// expression.
    fn series(&self, is_of_now: bool, expr: &str) -> Vec<Value> {
        let from = if is_of_now { self.to } else { self.from };
        let mut series = self.prometheus.series(expr, from, self.to);
        series.retain(|series| !points(series).is_empty());
        series
    }

    /// The faults of a panel. Removes its expressions from `excused`.
    fn faults(&self, board: &Board, panel: &Panel, excused: &mut BTreeSet<Name>) -> Vec<String> {
        let (mut faults, mut legends) = (Vec::new(), BTreeSet::new());
        for query in &panel.queries {
            let expr = chosen(&query.promql());
            let found = self.series(panel.draw.is_of_now(), &expr);
            let is_excused = excused.remove(&(board.uid.clone(), panel.id, query.legend.clone()));
            let is_short = longest_look_back(&expr) <= SHORT;
            let of_a_table = panel.draw == Draw::Table;
            let is_clear = |series: &Value| of_a_table || legends.insert(legend(query, series));
            let rules = [
                ("is empty", found.is_empty() && !is_excused),
                ("looks back too little to be excused", is_excused && is_short),
                ("has two series with one legend", !found.iter().all(is_clear)),
            ];
            let broken = rules.into_iter().filter(|(_, is_broken)| *is_broken);
            faults.extend(broken.map(|(what, _)| {
                format!("{} {} {}: {what}: {expr}", board.uid, panel.id, panel.title)
            }));
        }
        faults
    }
}

#[test]
fn every_expression_works_and_no_panel_of_a_demo_is_empty() {
    let database = Database::migrated();
    // Short intervals, so that everything that happens in a day happens within seconds.
    let setup = Setup::bare(&["serve", "--demo"])
        .env("DATABASE_URL", &database.url())
        .env("SECTORWATCH_POLL_INTERVAL", "1s")
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
        .env("SECTORWATCH_CONNECTION_MAX_LIFETIME", "3s");
    let mut service = setup.start();
    let configuration = format!(
        "global: {{scrape_interval: 1s}}\n\
         scrape_configs: [{{job_name: sectorwatch, static_configs: [{{targets: ['{}']}}]}}]\n",
        setup.address()
    );
    let prometheus = Prometheus::start(&Prometheus::dir(), &configuration);
    service.wait_until("a snapshot", PATIENCE, |service| service.cycles_of("success") > 0);
    let from = now();
    // The boards show a period, so this time must pass.
    thread::sleep(Duration::from_secs(if long_tests() { 120 } else { 20 }));
    let demo = Demo { prometheus, from, to: now() };

    let names = MAY_BE_EMPTY.iter().map(|row| (row.0.to_owned(), row.1, row.2.to_owned()));
    let mut excused: BTreeSet<Name> = names.collect();
    let mut faults = Vec::new();
    for board in &boards_of_prometheus() {
        for panel in board.rows.iter().flat_map(|row| &row.panels) {
            faults.extend(demo.faults(board, panel, &mut excused));
        }
    }
    let boards = boards_of_prometheus();
    for board in boards.iter().map(|board| render::board(board, &boards)) {
        for variable in &board["templating"]["list"].as_array().expect("variables")[1..] {
            assert!(demo.choices(variable) > 0, "{}: nothing to choose: {variable}", board["uid"]);
        }
        let annotations = board["annotations"]["list"].as_array().expect("annotations");
        let marks = annotations.iter().map(|annotation| {
            let expr = annotation["target"]["expr"].as_str().expect("an expression");
            demo.series(false, &chosen(expr)).len()
        });
        // The process was started, and its poller was not restarted.
        assert_eq!(marks.collect::<Vec<_>>(), [1, 0], "{}", board["uid"]);
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(excused.is_empty(), "no such expressions: {excused:?}");
}
