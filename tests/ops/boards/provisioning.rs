//! The files that Grafana reads at its start: its data source and the location of the boards.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{HOME, rendered};
use crate::files;

/// The uid that Grafana's alert rules use as well.
const DATA_SOURCE: &str = "prometheus";

fn yaml(relative: &str) -> Value {
    let read = yaml_serde::from_str(&files::read(relative));
    read.unwrap_or_else(|error| panic!("{relative}: {error}"))
}

#[test]
fn the_data_source_is_the_one_that_boards_choose_by_default() {
    let file = yaml(&format!("{HOME}/provisioning/datasources/prometheus.yml"));
    let source = &file["datasources"][0];
    assert_eq!(file["apiVersion"], 1);
    assert_eq!((&source["uid"], &source["isDefault"]), (&DATA_SOURCE.into(), &true.into()));
    assert_eq!(source["editable"], false);
    let of_the_database = yaml(&format!("{HOME}/provisioning/datasources/postgresql.yml"));
    assert_eq!(of_the_database["datasources"][0]["editable"], false);
    let provisioned = [source, &of_the_database["datasources"][0]].map(|source| &source["type"]);
    let mut used = BTreeSet::new();
    for board in rendered() {
        // A variable without a current value uses the default data source of its type, or the first one.
        let variable = &board["templating"]["list"][0];
        assert!(provisioned.contains(&&variable["query"]), "{}: {variable}", board["uid"]);
        assert_eq!(variable["current"], Value::Null, "{}", board["uid"]);
        used.insert(variable["query"].to_string());
    }
    assert_eq!(used.len(), provisioned.len(), "a data source for each kind of board");
}

#[test]
fn the_boards_are_read_from_files_and_cannot_be_changed_in_the_browser() {
    let file = yaml(&format!("{HOME}/provisioning/dashboards/sectorwatch.yml"));
    let provider = &file["providers"][0];
    assert_eq!(file["apiVersion"], 1);
    assert_eq!((&provider["type"], &provider["allowUiUpdates"]), (&"file".into(), &false.into()));
    assert!(provider["options"]["path"].as_str().is_some_and(|path| path.starts_with('/')));
    // Grafana loads every JSON file below that path as a board.
    let here = std::fs::read_dir(files::path(HOME)).expect("the directory");
    let names =
        here.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".json")).collect();
    names.sort();
    let mut wanted: Vec<_> =
        rendered().iter().map(|b| format!("{}.json", b["uid"].as_str().expect("a uid"))).collect();
    wanted.sort();
    assert_eq!(names, wanted);
}
