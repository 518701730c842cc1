//! Rules for the boards of the database and their SQL.

use serde_json::{Value, json};

use super::{Rule, panels, text};

pub const RULES: &[Rule] = &[
    ("variables", choices_are_all_at_first),
    ("target-range", is_of_the_selected_time),
    ("target-zone", is_of_the_zone_of_the_board),
    ("target-series", series_are_in_the_order_of_time),
];

fn choices_are_all_at_first(board: &Value) -> Vec<String> {
    let list = board["templating"]["list"].as_array().into_iter().flatten().skip(1);
    let is_good = |variable: &&Value| {
        variable["datasource"]["uid"] == "$database"
            && variable["multi"] == true
            && variable["includeAll"] == true
            // The macros of a data source take the value as it is, so that it would not be quoted.
            && variable["allValue"] == Value::Null
            // Grafana writes the name of the browser there, and not its zone.
            && !variable["query"].to_string().contains("$__timezone")
    };
    list.filter(|variable| !is_good(variable)).map(|it| it["name"].to_string()).collect()
}

/// The queries to which a rule objects.
fn queries(board: &Value, objects: impl Fn(&str, &Value) -> bool) -> Vec<String> {
    let of_panel = |panel: &Value| {
        let targets = panel["targets"].as_array().into_iter().flatten();
        let wrong = targets.filter(|target| objects(text(target, "rawSql"), target));
        wrong.map(|target| format!("{}: {target}", panel["title"])).collect::<Vec<_>>()
    };
    panels(board).into_iter().flat_map(of_panel).collect()
}

/// Otherwise a query reads all that was ever stored.
fn is_of_the_selected_time(board: &Value) -> Vec<String> {
    queries(board, |sql, _| {
        let both = sql.contains("$__timeFrom()") && sql.contains("$__timeTo()");
        !both && !sql.contains("$__timeFilter(")
    })
}

/// Without a zone, hours and days are those of the session, which is the server's.
fn is_of_the_zone_of_the_board(board: &Value) -> Vec<String> {
    const ZONED: &str = "'$__timezone'";
    queries(board, |sql, _| {
        let calls = ["date_trunc(", "controller_hours(", "start_of_day("];
        let unzoned = |call: &str| {
            let mut given = sql.split(call).skip(1);
            given.any(|rest| !rest.split('\n').next().is_some_and(|line| line.contains(ZONED)))
        };
        let of_the_day =
            sql.contains("extract(hour") && !sql.contains(&format!("time zone {ZONED}"));
        calls.iter().any(|call| unzoned(call)) || of_the_day
    })
}

/// Grafana refuses a series whose rows are not in the order of time.
fn series_are_in_the_order_of_time(board: &Value) -> Vec<String> {
    queries(board, |sql, target| {
        let is_ordered = sql.contains(" as time,") && sql.contains("\norder by ");
        target["format"] == "time_series" && !is_ordered
    })
}

/// Ways to break each rule, as in the list for Prometheus.
pub fn breaks() -> Vec<(&'static str, &'static str, Value)> {
    const ENTRIES: &str = "/panels/8/panels/0/targets/0/rawSql";
    vec![
        ("template-datasource-rule", "/templating/list/0/query", json!("prometheus")),
        ("template-unused", "/templating/list/1/name", json!("nobody")),
        ("panel-datasource-rule", "/panels/1/targets/0/datasource/uid", json!("$datasource")),
        ("variables", "/templating/list/1/includeAll", json!(false)),
        ("variables", "/templating/list/2/query", json!("select '$__timezone'")),
        ("target-range", ENTRIES, json!("select count(*) from flights")),
        ("target-range", ENTRIES, json!("select $__timeFrom()")),
        (
            "target-zone",
            ENTRIES,
            json!("select date_trunc('hour', at) as time where $__timeFilter(at)\norder by 1"),
        ),
        ("target-zone", ENTRIES, json!("select extract(hour from at) where $__timeFilter(at)")),
        ("target-series", ENTRIES, json!("select at as time, 1 where $__timeFilter(at)")),
        ("target-series", ENTRIES, json!("select at, 1 where $__timeFilter(at)\norder by 1")),
    ]
}
