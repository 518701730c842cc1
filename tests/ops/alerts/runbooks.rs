//! Every alert has a section in the runbooks, whose base URL can be configured.

use std::collections::BTreeSet;

use super::{
    RULES, RUNBOOKS, TESTS,
    rules::{Rule, RuleFile},
};
use crate::{files, promql::selectors, support::postgres::Database};

/// The parts that every section must have.
const QUESTIONS: [&str; 4] = ["**Means.**", "**Look.**", "**Do.**", "**Over.**"];

/// The headings and texts of the sections about alerts.
fn sections(text: &str) -> Vec<(&str, &str)> {
    let sections = text.split("\n### ").skip(1);
    sections.filter_map(|section| section.split_once('\n')).collect()
}

/// The section about an alert, on one line.
pub fn section(alert: &str) -> String {
    let text = files::read(RUNBOOKS);
    let found = sections(&text).into_iter().find(|(heading, _)| *heading == alert);
    let (_, section) = found.unwrap_or_else(|| panic!("no section {alert}"));
    section.split("\n## ").next().unwrap_or_default().replace('\n', " ")
}

/// The anchor that GitHub, GitLab and Gitea create for a heading of one word.
fn anchor(heading: &str) -> String {
    heading.to_lowercase()
}

#[test]
fn every_alert_has_a_section_and_its_url_leads_there() {
    let text = files::read(RUNBOOKS);
    let sections = sections(&text);
    let file = RuleFile::read();
    let alerts: BTreeSet<_> = file.alerts().map(Rule::name).collect();
    let headings: BTreeSet<_> = sections.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(headings, alerts);
    assert_eq!(headings.len(), sections.len(), "a section twice");
    for alert in file.alerts() {
        let (base, fragment) = url(alert);
        assert_eq!(base, base_of(&file), "{}", alert.name());
        assert_eq!(fragment, anchor(alert.name()), "{}", alert.name());
        assert!(base.ends_with("runbooks.md"), "{base}");
    }
    for (heading, section) in sections {
        let section = section.split("\n## ").next().unwrap_or_default().replace('\n', " ");
        for question in QUESTIONS {
            assert!(section.contains(question), "{heading} has no {question}");
        }
        let panel =
            file.alerts().find(|alert| alert.name() == heading).expect("compared").panel().1;
        assert!(section.contains(panel), "{heading} does not name its panel, {panel}");
    }
}

#[test]
fn runbooks_name_only_log_messages_and_metrics_that_exist() {
    let text = files::read(RUNBOOKS);
    let sources = sources();
    let catalogue = files::read("docs/metrics.md");
    let recorded = files::read(RULES);
    let messages: Vec<_> =
        text.split('“').skip(1).filter_map(|rest| rest.split('”').next()).collect();
    assert!(messages.len() > 10, "{messages:?}");
    for message in messages {
        let message = message.replace('\n', " ");
        assert!(sources.contains(&message), "nobody logs “{message}”");
    }
    let quoted = text.split('`').skip(1).step_by(2);
    for quoted in quoted.filter(|quoted| quoted.starts_with("sectorwatch_")) {
        for selector in selectors(quoted) {
            let metric = selector.name;
            let name = metric.trim_end_matches("_bucket");
            let known = catalogue.contains(&format!("| `{name}` |")) || recorded.contains(metric);
            assert!(known, "no metric {metric}");
        }
    }
}

/// Runs the queries, so that an operator does not find a wrong column name at night.
#[test]
fn the_queries_of_the_runbooks_run() {
    let text = files::read(RUNBOOKS).replace('\n', " ");
    let quoted = text.split('`').skip(1).step_by(2);
    let queries: Vec<_> = quoted.filter(|quoted| quoted.starts_with("select ")).collect();
    assert!(queries.len() > 5, "{queries:?}");
    let database = Database::migrated();
    for query in queries {
        database.client().run(&query.replace("BACKEND_PID", "0").replace("PID", "0"));
    }
}

/// Words in italics that are not titles of panels.
const NO_PANELS: [&str; 7] =
    ["critical", "warning", "pool", "data", "traffic", "Targets", "Service discovery"];

#[test]
fn the_panels_of_the_runbooks_exist() {
    let titles = super::grafana::titles();
    assert!(titles.len() > 50, "{} panels only", titles.len());
    let text = files::read(RUNBOOKS).replace("**", "").replace('\n', " ");
    // Asterisks in a query do not mean italics.
    let prose: String = text.split('`').step_by(2).collect();
    for italics in prose.split('*').skip(1).step_by(2) {
        let known = NO_PANELS.contains(&italics) || titles.contains(italics);
        assert!(known, "no panel {italics:?}");
    }
}

/// The text of all sources, in which string literals over two lines are joined.
fn sources() -> String {
    fn collect(dir: &std::path::Path, all: &mut String) {
        for entry in std::fs::read_dir(dir).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, all);
            } else if path.extension().is_some_and(|it| it == "rs") {
                all.push_str(&std::fs::read_to_string(&path).expect("UTF-8"));
            }
        }
    }
    let mut all = String::new();
    ["src", "crates"].into_iter().for_each(|folder| collect(&files::path(folder), &mut all));
    all
}

fn url(alert: &Rule) -> (&str, &str) {
    let url = &alert.annotations["runbook_url"];
    url.split_once('#').unwrap_or_else(|| panic!("{url}: no anchor"))
}

fn base_of(file: &RuleFile) -> String {
    let first = file.alerts().next().expect("an alert");
    url(first).0.to_owned()
}

/// The text with this base URL before the anchor of every runbook.
fn rebased(text: &str, base: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once("runbook_url: \"") {
        Some((before, url)) if url.contains('#') => {
            let (_, fragment) = url.split_once('#').unwrap_or_default();
            format!("{before}runbook_url: \"{base}#{fragment}\n")
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// Checks that the rules and their tests have the requested base URL. The tests repeat the whole
/// URL of each alert.
pub fn assert_generated() {
    let base = std::env::var("SECTORWATCH_RUNBOOKS").ok().filter(|_| files::writes());
    let base = base.unwrap_or_else(|| base_of(&RuleFile::read()));
    for file in [RULES, TESTS] {
        files::assert_generated(file, &rebased(&files::read(file), &base));
    }
}

#[test]
fn the_address_of_the_runbooks_can_be_chosen() {
    let base = base_of(&RuleFile::read());
    for file in [RULES, TESTS] {
        let text = files::read(file);
        let elsewhere = rebased(&text, "https://example.org/runbooks.md");
        let moved = elsewhere.matches("https://example.org/runbooks.md#").count();
        assert_eq!(moved, text.matches("runbook_url").count(), "{file}");
        assert_eq!(rebased(&elsewhere, &base), text);
    }
}
