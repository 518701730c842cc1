//! Rules for a board as a whole.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{super::boards, panels, rows, text, unless};

pub fn uneditable(board: &Value) -> Vec<String> {
    unless(board["editable"] == false, "a change in the browser would be lost")
}

pub fn refreshes(board: &Value) -> Vec<String> {
    unless(!text(board, "refresh").is_empty(), "it is never drawn anew")
}

fn variables(board: &Value) -> impl Iterator<Item = &Value> {
    board["templating"]["list"].as_array().into_iter().flatten()
}

pub fn chooses_the_data_source(board: &Value) -> Vec<String> {
    let is_it = |variable: &Value| {
        let chosen = ["name", "query", "label"].map(|key| text(variable, key));
        variable["type"] == "datasource"
            && [
                ["datasource", "prometheus", "Data source"],
                ["database", "grafana-postgresql-datasource", "Database"],
            ]
            .contains(&chosen)
    };
    unless(variables(board).any(is_it), "no variable for the data source")
}

pub fn chooses_the_job(board: &Value) -> Vec<String> {
    chooses(board, "job", "Job")
}

pub fn chooses_the_instance(board: &Value) -> Vec<String> {
    chooses(board, "instance", "Instance")
}

fn chooses(board: &Value, name: &str, label: &str) -> Vec<String> {
    let is_it = |variable: &Value| {
        variable["name"] == name
            && variable["label"] == label
            && variable["type"] == "query"
            && variable["datasource"]["uid"] == "$datasource"
            && variable["multi"] == true
            && variable["allValue"] == ".+"
    };
    unless(variables(board).any(is_it), format!("no variable for the {name}, or not a good one"))
}

pub fn choices_follow_the_range(board: &Value) -> Vec<String> {
    let asked = variables(board).filter(|variable| variable["type"] == "query");
    let stale = asked.filter(|variable| variable["refresh"] != 2);
    stale.map(|variable| format!("{} keeps its old values", variable["name"])).collect()
}

pub fn uses_its_variables(board: &Value) -> Vec<String> {
    // A variable's own declaration does not count as a use, but the queries of other variables do.
    let unused = variables(board).filter(|variable| {
        let used = format!("${}", text(variable, "name"));
        let mut others = variables(board).filter(|other| other["name"] != variable["name"]);
        let is_used = |value: &Value| value.to_string().contains(&used);
        !is_used(&board["panels"]) && !others.any(is_used)
    });
    unused.map(|variable| format!("nobody uses {}", variable["name"])).collect()
}

pub fn links_to_the_others(board: &Value) -> Vec<String> {
    let links = board["links"].as_array().into_iter().flatten();
    let kept = links.filter(|link| link["includeVars"] == true && link["keepTime"] == true);
    let linked: BTreeSet<_> = kept.map(|link| text(link, "url").to_owned()).collect();
    let others = boards().into_iter().filter(|other| board["uid"] != other.uid.as_str());
    let wanted: BTreeSet<_> = others.map(|other| format!("/d/{}", other.uid)).collect();
    unless(linked == wanted, format!("it links to {linked:?}, with range and choices kept"))
}

pub fn marks_restarts(board: &Value) -> Vec<String> {
    let all = board["annotations"]["list"].as_array().into_iter().flatten();
    let shown = all.filter(|annotation| annotation["enable"] == true);
    let asked: Vec<_> = shown.map(|annotation| text(&annotation["target"], "expr")).collect();
    let wanted = ["process_start_time_seconds", "sectorwatch_poller_restarts_total"];
    let missing = wanted.iter().filter(|name| !asked.iter().any(|expr| expr.contains(*name)));
    missing.map(|name| format!("changes of {name} are not marked")).collect()
}

pub fn first_row_is_open(board: &Value) -> Vec<String> {
    let rows = rows(board);
    let wrong = rows.iter().enumerate().filter(|(i, row)| {
        let is_folded = *i > 0;
        let holds_panels = row["panels"].as_array().is_some_and(|inner| !inner.is_empty());
        row["collapsed"] != is_folded || holds_panels != is_folded
    });
    wrong.map(|(i, row)| format!("row {i}, {}", row["title"])).collect()
}

pub fn ids_are_stable(board: &Value) -> Vec<String> {
    let all = panels(board).into_iter().chain(rows(board));
    let ids: Vec<_> = all.filter_map(|panel| panel["id"].as_u64()).collect();
    let distinct: BTreeSet<_> = ids.iter().collect();
    let mut wrong = unless(distinct.len() == ids.len(), "two panels have the same id");
    // The ids of a row's panels are within its hundred, so that a new id can be chosen by looking
    // at that row only.
    let mut hundred = None;
    for panel in board["panels"].as_array().into_iter().flatten() {
        if panel["type"] == "row" {
            hundred = panel["id"].as_u64();
        }
        let inner = panel["panels"].as_array().into_iter().flatten();
        let strays =
            inner.chain([panel]).filter(|p| p["id"].as_u64().map(|id| id / 100 * 100) != hundred);
        wrong.extend(strays.map(|stray| format!("{} is not of row {hundred:?}", stray["id"])));
    }
    let titles: BTreeSet<_> = panels(board).iter().map(|panel| text(panel, "title")).collect();
    wrong.extend(unless(titles.len() == panels(board).len(), "two panels have the same title"));
    wrong
}

pub fn nothing_overlaps(board: &Value) -> Vec<String> {
    let cell = |panel: &Value, key: &str| panel["gridPos"][key].as_u64().unwrap_or(u64::MAX);
    let panels = panels(board);
    let mut taken = BTreeSet::new();
    let mut wrong = Vec::new();
    for panel in panels {
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|key| cell(panel, key));
        if w == 0 || h == 0 || h > 40 || x.saturating_add(w) > 24 {
            wrong.push(format!("{} has no room", panel["title"]));
            continue;
        }
        let is_free = (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y)));
        let is_free = is_free.filter(|cell| !taken.insert(*cell)).count() == 0;
        wrong.extend(unless(is_free, format!("{} covers another", panel["title"])));
    }
    wrong
}
