//! The boards use only existing metrics and labels, and omit no metric without a reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    boards_of_prometheus,
    source::{Board, Panel, Query},
};
use crate::{
    files,
    promql::{grouped_by, matchers, selectors},
};

/// Metrics that are on no board, with the reason.
const OFF: &[(&str, &str)] = &[
    ("sectorwatch_db_pool_min_idle_connections", "a constant: the pools keep no minimum"),
    ("process_virtual_memory_bytes", "says nothing: most of it is never touched"),
];

/// Labels outside the catalogue: the scrape adds `job` and `instance` to every series, and
/// histograms have `le`.
const GIVEN: [&str; 3] = ["job", "instance", "le"];

/// A row of `docs/metrics.md`.
#[derive(Debug, Default)]
struct Metric {
    is_histogram: bool,
    /// The possible values of each label. The list is empty if they are not fixed.
    labels: BTreeMap<String, Vec<String>>,
}

fn catalogue() -> BTreeMap<String, Metric> {
    let page = files::read("docs/metrics.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let labels = cells[3].split("<br>").filter(|label| label.starts_with('`'));
        let labels = labels.map(|label| {
            let (name, values) = label.split_once(": ").unwrap_or((label, ""));
            let values = values.split(", ").filter(|value| !value.is_empty());
            (name.trim_matches('`').to_owned(), values.map(str::to_owned).collect())
        });
        let metric = Metric { is_histogram: cells[2] == "histogram", labels: labels.collect() };
        (cells[1].trim_matches('`').to_owned(), metric)
    })
    .collect()
}

/// The metric to which a series belongs. A histogram has three series.
fn metric_of(series: &str, catalogue: &BTreeMap<String, Metric>) -> Option<String> {
    if catalogue.get(series).is_some_and(|metric| !metric.is_histogram) {
        return Some(series.to_owned());
    }
    let parts = ["_bucket", "_sum", "_count"];
    let base = parts.iter().find_map(|part| series.strip_suffix(part))?;
    catalogue.get(base).is_some_and(|metric| metric.is_histogram).then(|| base.to_owned())
}

fn queries(boards: &[Board]) -> impl Iterator<Item = (&Board, &Panel, &Query)> {
    boards.iter().flat_map(|board| {
        let panels = board.rows.iter().flat_map(|row| &row.panels);
        panels.flat_map(move |panel| panel.queries.iter().map(move |query| (board, panel, query)))
    })
}

#[test]
fn every_metric_exists_and_each_is_on_a_board_or_off_with_a_reason() {
    let (boards, catalogue) = (boards_of_prometheus(), catalogue());
    assert!(catalogue.len() > 80, "docs/metrics.md was not understood");
    let mut shown = BTreeSet::new();
    for (board, panel, query) in queries(&boards) {
        for selector in selectors(&query.expr) {
            let metric = metric_of(selector.name, &catalogue);
            let metric = metric.unwrap_or_else(|| {
                panic!("{} {}: no metric is called {}", board.uid, panel.title, selector.name)
            });
            shown.insert(metric);
        }
    }
    for (name, _) in OFF {
        assert!(catalogue.contains_key(*name), "{name} is off the boards, and no metric");
        assert!(!shown.contains(*name), "{name} is on a board after all");
    }
    let is_off = |name: &&String| OFF.iter().any(|(off, _)| off == name);
    let forgotten: Vec<_> =
        catalogue.keys().filter(|name| !shown.contains(*name) && !is_off(name)).collect();
    assert!(forgotten.is_empty(), "on no board: {forgotten:#?}");
}

#[test]
fn every_label_exists_and_has_the_values_looked_for() {
    let (boards, catalogue) = (boards_of_prometheus(), catalogue());
    for (board, panel, query) in queries(&boards) {
        let expr = query.promql();
        let context = format!("{} {}: {expr}", board.uid, panel.title);
        let mut known: BTreeSet<&str> = GIVEN.into();
        for selector in selectors(&expr) {
            let name = metric_of(selector.name, &catalogue).expect("a metric, by the test above");
            let labels = &catalogue[&name].labels;
            known.extend(labels.keys().map(String::as_str));
            for (label, wanted) in matchers(selector.matchers) {
                if GIVEN.contains(&label) {
                    continue;
                }
                let values = labels.get(label);
                let values = values.unwrap_or_else(|| panic!("{context}: {name} has no {label}"));
                for value in wanted.split('|').filter(|value| !value.starts_with('$')) {
                    let is_known = values.iter().any(|known| known == value);
                    assert!(is_known, "{context}: {label} is never {value}");
                }
            }
        }
        let legend = query.legend.split("{{").skip(1).filter_map(|text| text.split("}}").next());
        for label in grouped_by(&expr).into_iter().chain(legend) {
            assert!(known.contains(label), "{context}: nothing there has the label {label}");
        }
    }
}
