//! Rules for readable boards, from Grafana's dashboard-linter and of our own. Rules with the
//! linter's names are its rules. They are implemented here again, because the linter is a Go
//! program without releases.

mod board;
mod database;
mod panel;
mod query;

use serde_json::{Value, json};

use super::{
    boards, rendered,
    source::{Board, Source},
};

/// The name of a rule, and the function that returns its objections.
type Rule = (&'static str, fn(&Value) -> Vec<String>);

/// The rules for all boards.
const RULES: &[Rule] = &[
    ("uneditable-dashboard", board::uneditable),
    ("dashboard-refresh-interval", board::refreshes),
    ("template-datasource-rule", board::chooses_the_data_source),
    ("template-on-time-change-reload-rule", board::choices_follow_the_range),
    ("template-unused", board::uses_its_variables),
    ("links", board::links_to_the_others),
    ("rows", board::first_row_is_open),
    ("ids", board::ids_are_stable),
    ("places", board::nothing_overlaps),
    ("panel-title-description-rule", panel::says_what_it_answers),
    ("panel-datasource-rule", panel::uses_the_chosen_data_source),
    ("panel-units-rule", panel::has_units),
    ("panel-no-targets-rule", panel::has_queries),
];

/// The rules for boards of Prometheus.
const RULES_OF_PROMETHEUS: &[Rule] = &[
    ("template-job-rule", board::chooses_the_job),
    ("template-instance-rule", board::chooses_the_instance),
    ("annotations", board::marks_restarts),
    ("target-job-rule", query::is_of_the_job),
    ("target-instance-rule", query::is_of_the_instances),
    ("target-rate-interval-rule", query::rates_follow_the_interval),
    ("target-counter-agg-rule", query::counters_are_not_shown_bare),
    ("target-histogram-rule", query::buckets_become_quantiles),
];

/// All panels including those of folded rows, but not the rows themselves.
fn panels(board: &Value) -> Vec<&Value> {
    let list = board["panels"].as_array().into_iter().flatten();
    let with_inner = list.flat_map(|panel| {
        let inner = panel["panels"].as_array().into_iter().flatten();
        std::iter::once(panel).chain(inner)
    });
    with_inner.filter(|panel| panel["type"] != "row").collect()
}

fn rows(board: &Value) -> Vec<&Value> {
    let list = board["panels"].as_array().into_iter().flatten();
    list.filter(|panel| panel["type"] == "row").collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Returns an objection unless this holds.
fn unless(holds: bool, what: impl Into<String>) -> Vec<String> {
    if holds { Vec::new() } else { vec![what.into()] }
}

/// The rules for a board with this data source.
fn rules(source: Source) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(match source {
        Source::Prometheus => RULES_OF_PROMETHEUS,
        Source::Postgresql => database::RULES,
    })
}

fn objections(source: Source, board: &Value) -> Vec<(&'static str, String)> {
    let of = |&(name, rule): &'static Rule| rule(board).into_iter().map(move |what| (name, what));
    rules(source).flat_map(of).collect()
}

#[test]
fn no_rule_objects_to_a_board() {
    for (described, board) in boards().iter().zip(rendered()) {
        let objections = objections(described.source, &board);
        assert!(objections.is_empty(), "{}: {objections:#?}", board["uid"]);
    }
}

/// Ways to break each rule: its name, a JSON pointer into the board `pool`, and the value to put
/// there.
fn breaks() -> Vec<(&'static str, &'static str, Value)> {
    const FOLDED: &str = "/panels/8/panels/0/targets/0/expr";
    let matchers = r#"job=~"$job",instance=~"$instance""#;
    let expr = |pattern: &str| json!(pattern.replace("$S", matchers));
    vec![
        ("uneditable-dashboard", "/editable", json!(true)),
        ("dashboard-refresh-interval", "/refresh", json!("")),
        ("template-datasource-rule", "/templating/list/0/query", json!("loki")),
        ("template-job-rule", "/templating/list/1/allValue", json!(".*")),
        ("template-instance-rule", "/templating/list/2/multi", json!(false)),
        ("template-on-time-change-reload-rule", "/templating/list/2/refresh", json!(1)),
        ("template-unused", "/templating/list/3/name", json!("nobody")),
        ("links", "/links/0/url", json!("/d/elsewhere")),
        ("links", "/links/1/includeVars", json!(false)),
        ("annotations", "/annotations/list/1/enable", json!(false)),
        ("rows", "/panels/0/collapsed", json!(true)),
        ("rows", "/panels/9/collapsed", json!(false)),
        ("ids", "/panels/1/id", json!(102)),
        ("ids", "/panels/1/id", json!(777)),
        ("places", "/panels/2/gridPos/x", json!(1)),
        ("places", "/panels/2/gridPos/w", json!(25)),
        ("panel-title-description-rule", "/panels/1/title", json!("")),
        ("panel-title-description-rule", "/panels/8/panels/1/description", json!("The pool.")),
        ("panel-datasource-rule", "/panels/1/datasource/uid", json!("prometheus")),
        ("panel-datasource-rule", "/panels/1/targets/0/datasource/uid", json!("prometheus")),
        ("panel-units-rule", "/panels/1/fieldConfig/defaults/unit", json!("seconds")),
        ("panel-no-targets-rule", "/panels/1/targets", json!([])),
        ("target-job-rule", FOLDED, json!(r#"x{instance=~"$instance"}"#)),
        ("target-instance-rule", FOLDED, json!(r#"x{job=~"$job"}"#)),
        ("target-instance-rule", FOLDED, json!("sum(x)")),
        ("target-rate-interval-rule", FOLDED, expr("sum(rate(x_total{$S}[5m]))")),
        ("target-counter-agg-rule", FOLDED, expr("sum(x_total{$S})")),
        (
            "target-histogram-rule",
            FOLDED,
            expr("sum by (le) (rate(x_bucket{$S}[$__rate_interval]))"),
        ),
    ]
}

#[test]
fn each_rule_objects_to_what_breaks_it() {
    for (source, breaks) in
        [(Source::Prometheus, breaks()), (Source::Postgresql, database::breaks())]
    {
        let is_one = |board: &Board| board.source == source;
        let index = boards().iter().position(is_one).expect("a board of each");
        let board = rendered().remove(index);
        for (rule, pointer, value) in &breaks {
            let mut broken = board.clone();
            *broken.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) =
                value.clone();
            let objects = objections(source, &broken).iter().any(|(name, _)| name == rule);
            assert!(objects, "{rule} does not mind {pointer}");
        }
        for (rule, _) in rules(source) {
            let is_broken = breaks.iter().any(|(broken, ..)| broken == rule);
            // What holds for all boards is broken on one of them.
            let of_all = source == Source::Postgresql && RULES.iter().any(|(name, _)| name == rule);
            assert!(is_broken || of_all, "nobody breaks {rule}");
        }
    }
}
