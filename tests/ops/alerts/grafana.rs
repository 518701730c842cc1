//! Grafana's alerts, generated from the rule file.
//!
//! The expression is kept whole, including its comparison. It returns a series for everything that
//! is wrong, and none otherwise. So the condition is that there is a number, and no data means that
//! all is well. This also holds for `absent()`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::rules::{Group, Rule, RuleFile};
use crate::files;

const PROVISIONED: &str = "dashboards/grafana/provisioning/alerting/sectorwatch.yml";
const DASHBOARDS: &str = "dashboards/grafana";
/// The uid of the provisioned data source.
const SOURCE: &str = "prometheus";
/// Grafana demands a multiple of 10 s.
const EVERY: &str = "30s";
/// The maximum length that Grafana allows.
const LONGEST_UID: usize = 40;

const HEAD: &str = "\
# Alerts for Grafana, generated from dashboards/rules/sectorwatch.rules.yml by tests/ops/alerts/grafana.rs.
# Let either Grafana or an Alertmanager notify you, not both.
apiVersion: 1
groups:
";

#[test]
fn grafana_has_the_alerts_of_prometheus() {
    super::runbooks::assert_generated();
    let file = RuleFile::read();
    files::assert_generated(PROVISIONED, &provisioned(&file, &panels()));

    let written: Value = yaml_serde::from_str(&files::read(PROVISIONED)).expect("YAML");
    let groups = written["groups"].as_array().expect("groups");
    let rules: Vec<_> =
        groups.iter().flat_map(|group| group["rules"].as_array().expect("rules")).collect();
    assert_eq!(rules.len(), file.alerts().count());
    for (rule, alert) in rules.into_iter().zip(file.alerts()) {
        let name = alert.name();
        assert_eq!(rule["title"], name);
        assert!(rule["uid"].as_str().is_some_and(|uid| uid.len() <= LONGEST_UID), "{name}");
        assert_eq!(rule["data"][0]["model"]["expr"], alert.expr.as_str(), "{name}");
        assert_eq!(rule["data"][0]["datasourceUid"], SOURCE, "{name}");
        assert_eq!(rule["data"][1]["refId"], rule["condition"], "{name}");
        assert_eq!(rule["for"], alert.lasts.as_deref().unwrap_or("0s"), "{name}");
        assert_eq!(rule["labels"], json!(alert.labels), "{name}");
        assert_eq!(rule["noDataState"], "OK", "{name}");
        assert_eq!(rule["execErrState"], "Error", "{name}");
        for (key, text) in &alert.annotations {
            assert_eq!(rule["annotations"][key], in_grafana(text).as_str(), "{name}");
        }
    }
}

fn provisioned(file: &RuleFile, panels: &Panels) -> String {
    let groups =
        file.groups.iter().filter(|group| group.rules.iter().any(|rule| rule.alert.is_some()));
    let groups: Vec<_> = groups.map(|group| self::group(group, panels)).collect();
    format!("{HEAD}{}", groups.join("\n"))
}

fn group(group: &Group, panels: &Panels) -> String {
    let rules: Vec<_> = group.rules.iter().map(|alert| rule(alert, panels)).collect();
    let name = &group.name;
    format!(
        "  - orgId: 1\n    name: {name}\n    folder: sectorwatch\n    interval: {EVERY}\n    rules:\n{}",
        rules.join("\n")
    )
}

fn rule(alert: &Rule, panels: &Panels) -> String {
    let name = alert.name();
    let mut annotations: BTreeMap<_, _> =
        alert.annotations.iter().map(|(key, text)| (key.clone(), in_grafana(text))).collect();
    let (dashboard, id) = (alert.panel().0, panel_id(alert, panels));
    annotations.insert("__dashboardUid__".into(), dashboard.into());
    annotations.insert("__panelId__".into(), id.to_string());
    let query = json!({"refId": "A", "datasource": {"type": "prometheus", "uid": SOURCE}, "expr": alert.expr,
        "instant": true, "range": false, "intervalMs": 1000, "maxDataPoints": 43200});
    let condition = json!({"refId": "B", "datasource": {"type": "__expr__", "uid": "__expr__"}, "type": "math",
        "expression": "is_number($A)"});
    format!(
        "      - uid: {uid}
        title: {name}
        condition: B
        for: {lasts}
        noDataState: OK
        execErrState: Error
        isPaused: false
        dashboardUid: {dashboard}
        panelId: {id}
        labels: {labels}
        annotations:
{annotations}        data:
          - refId: A
            relativeTimeRange: {{from: 600, to: 0}}
            datasourceUid: {SOURCE}
            model: {query}
          - refId: B
            relativeTimeRange: {{from: 0, to: 0}}
            datasourceUid: __expr__
            model: {condition}
",
        uid = name.to_lowercase(),
        lasts = alert.lasts.as_deref().unwrap_or("0s"),
        labels = json!(alert.labels),
        annotations = annotations
            .iter()
            .map(|(key, text)| format!("          {key}: {}\n", json!(text)))
            .collect::<String>(),
    )
}

/// Translates a template. Prometheus has one value, and Grafana has one for each query.
fn in_grafana(text: &str) -> String {
    text.replace("$value", "$values.A.Value")
}

/// The ids of panels, by the uid of their dashboard and their title.
type Panels = BTreeMap<(String, String), u64>;

fn panel_id(alert: &Rule, panels: &Panels) -> u64 {
    let (dashboard, title) = alert.panel();
    let id = panels.get(&(dashboard.to_owned(), title.to_owned()));
    *id.unwrap_or_else(|| panic!("{}: {dashboard} has no panel {title:?}", alert.name()))
}

fn panels() -> Panels {
    let mut panels = Panels::new();
    for path in json_files(&files::path(DASHBOARDS)) {
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let dashboard: Value = serde_json::from_str(&text).expect("JSON");
        if let (Some(uid), Some(_)) = (dashboard["uid"].as_str(), dashboard["panels"].as_array()) {
            collect(uid, &dashboard, &mut panels);
        }
    }
    panels
}

/// The titles of all panels.
pub fn titles() -> BTreeSet<String> {
    panels().into_keys().map(|(_, title)| title).collect()
}

/// Collects the panels below `parent`, including those in rows.
fn collect(uid: &str, parent: &Value, panels: &mut Panels) {
    for panel in parent["panels"].as_array().into_iter().flatten() {
        collect(uid, panel, panels);
        if let (Some(title), Some(id)) = (panel["title"].as_str(), panel["id"].as_u64()) {
            panels.entry((uid.to_owned(), title.to_owned())).or_insert(id);
        }
    }
}

fn json_files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files = paths.flat_map(|path| match path.is_dir() {
        true => json_files(&path),
        false => vec![path],
    });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

#[test]
fn panels_in_rows_are_found() {
    let dashboard = json!({"panels": [
        {"id": 1, "title": "row", "panels": [{"id": 2, "title": "inner"}]},
        {"id": 3, "title": "outer"},
    ]});
    let mut panels = Panels::new();
    collect("x", &dashboard, &mut panels);
    let id = |title: &str| panels.get(&("x".to_owned(), title.to_owned())).copied();
    assert_eq!((id("inner"), id("outer"), id("none")), (Some(2), Some(3), None));
}
