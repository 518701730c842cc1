//! Every alert has all the information that it needs, and all its references are valid.

use std::collections::BTreeSet;

use super::rules::{Case, RuleFile, cases};
use crate::{
    files,
    promql::{matchers, selectors},
};

const DASHBOARDS: [&str; 3] = ["sectorwatch-pool", "sectorwatch-data", "sectorwatch-traffic"];
/// Metrics of Prometheus itself.
const FOREIGN: [&str; 1] = ["up"];

#[test]
fn every_alert_says_how_bad_what_and_where_to_look() {
    let file = RuleFile::read();
    let mut names = BTreeSet::new();
    for alert in file.alerts() {
        let name = alert.name();
        assert!(names.insert(name), "{name} twice");
        assert!(name.starts_with("Sectorwatch"), "{name}");
        let severity = alert.labels.get("severity").map(String::as_str);
        assert!(matches!(severity, Some("critical" | "warning")), "{name}: {severity:?}");
        assert_eq!(alert.labels.len(), 1, "{name} has labels of its own");
        for annotation in ["summary", "panel", "runbook_url"] {
            let text = alert.annotations.get(annotation);
            assert!(text.is_some_and(|text| !text.is_empty()), "{name} has no {annotation}");
        }
        assert!(DASHBOARDS.contains(&alert.panel().0), "{name}: {:?}", alert.panel());
    }
    let first = file.alerts().next().expect("an alert").name();
    assert_eq!(first, "SectorwatchPoolSaturated", "saturation comes first");
}

#[test]
fn every_alert_has_a_test_that_it_fires_and_one_that_it_stays_quiet() {
    let file = RuleFile::read();
    let alerts = file.alerts().map(|alert| alert.name());
    let wanted = alerts.flat_map(|name| [format!("{name} fires"), format!("{name} stays quiet")]);
    let wanted: BTreeSet<_> = wanted.collect();
    let cases = cases();
    let found: BTreeSet<_> = cases.iter().map(|case| case.name.clone()).collect();
    assert_eq!(found.len(), cases.len(), "a name twice");
    assert_eq!(found, wanted);
    cases.iter().for_each(assert_says_what_its_name_says);
}

fn assert_says_what_its_name_says(case: &Case) {
    let (alert, what) = case.name.split_once(' ').expect("an alert's name");
    assert!(!case.alert_rule_test.is_empty(), "{} expects nothing", case.name);
    for expected in &case.alert_rule_test {
        assert_eq!(expected.alertname, alert, "{}", case.name);
        assert_eq!(expected.exp_alerts.is_empty(), what == "stays quiet", "{}", case.name);
    }
}

#[test]
fn rules_name_only_metrics_and_labels_that_exist() {
    let catalogue = files::read("docs/metrics.md");
    let file = RuleFile::read();
    let recorded: BTreeSet<_> =
        file.recordings().filter_map(|rule| rule.record.as_deref()).collect();
    let mut used = BTreeSet::new();
    for rule in file.groups.iter().flat_map(|group| &group.rules) {
        for selector in selectors(&rule.expr) {
            let metric = selector.name;
            let base = metric.trim_end_matches("_bucket");
            let known = FOREIGN.contains(&metric)
                || recorded.contains(metric)
                || catalogue.contains(&format!("| `{base}` |"));
            assert!(known, "no metric {metric}, in {}", rule.expr);
            used.insert(metric.to_owned());
            for (label, value) in matchers(selector.matchers) {
                let values = value.split('|');
                for value in values.filter(|value| *value != "sectorwatch") {
                    assert!(
                        catalogue.contains(&format!("`{label}`: ")) && catalogue.contains(value),
                        "no {label} {value:?}, in {}",
                        rule.expr
                    );
                }
            }
        }
    }
    for name in recorded {
        assert!(used.contains(name), "nobody uses {name}");
    }
}

#[test]
fn the_status_names_only_alerts_that_exist() {
    let file = RuleFile::read();
    let names: BTreeSet<_> = file.alerts().map(|alert| alert.name()).collect();
    let rooms = std::fs::read_dir(files::path("src/status/verdict")).expect("a directory");
    let rooms = rooms.map(|entry| entry.expect("an entry").path());
    let sources: Vec<_> = rooms
        .chain([files::path("src/status/verdict.rs")])
        .map(|path| std::fs::read_to_string(path).expect("UTF-8"))
        .collect();
    assert!(sources.len() > 5, "{}", sources.len());
    let quoted = sources.iter().flat_map(|source| source.split("Some(\"Sectorwatch").skip(1));
    let told: BTreeSet<_> = quoted
        .filter_map(|rest| rest.split('"').next())
        .map(|name| format!("Sectorwatch{name}"))
        .collect();
    assert!(told.len() > 5, "{told:?}");
    for name in &told {
        assert!(names.contains(name.as_str()), "no alert {name}");
    }
}
