//! Rules for each panel.

use serde_json::Value;

use super::{panels, text};

/// The units that the boards use. Grafana has many more.
const UNITS: [&str; 9] =
    ["none", "short", "s", "bytes", "percentunit", "ops", "cps", "reqps", "bool_yes_no"];
/// This kind of panel has no queries, because it lists Grafana's own alerts.
const WITHOUT_QUERIES: &str = "alertlist";

fn with_queries(board: &Value) -> impl Iterator<Item = &Value> {
    panels(board).into_iter().filter(|panel| panel["type"] != WITHOUT_QUERIES)
}

fn targets(panel: &Value) -> impl Iterator<Item = &Value> {
    panel["targets"].as_array().into_iter().flatten()
}

fn named<'v>(panels: impl Iterator<Item = &'v Value>) -> Vec<String> {
    panels.map(|panel| format!("{} {}", panel["id"], panel["title"])).collect()
}

pub fn says_what_it_answers(board: &Value) -> Vec<String> {
    let says = |panel: &&Value| {
        !text(panel, "title").is_empty() && text(panel, "description").contains('?')
    };
    named(panels(board).into_iter().filter(|panel| !says(panel)))
}

pub fn uses_the_chosen_data_source(board: &Value) -> Vec<String> {
    let chosen = format!("${}", text(&board["templating"]["list"][0], "name"));
    let is_chosen = |value: &Value| value["datasource"]["uid"] == chosen;
    named(with_queries(board).filter(|panel| !is_chosen(panel) || !targets(panel).all(is_chosen)))
}

pub fn has_units(board: &Value) -> Vec<String> {
    let is_known = |unit: &Value| unit.as_str().is_some_and(|unit| UNITS.contains(&unit));
    let has_unknown = |panel: &&Value| {
        let overrides = panel["fieldConfig"]["overrides"].as_array().into_iter().flatten();
        let properties = overrides.flat_map(|o| o["properties"].as_array().into_iter().flatten());
        let mut units = properties.filter(|p| p["id"] == "unit").map(|p| &p["value"]);
        !is_known(&panel["fieldConfig"]["defaults"]["unit"]) || !units.all(is_known)
    };
    named(with_queries(board).filter(has_unknown))
}

pub fn has_queries(board: &Value) -> Vec<String> {
    named(with_queries(board).filter(|panel| targets(panel).next().is_none()))
}
