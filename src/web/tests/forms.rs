//! Page and text show what the JSON has: each value is compared with its leaf.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{sample, *};
use crate::web::{
    format,
    page::{self, Chart, View},
    routes::ENDPOINTS,
    text,
};

fn report_of((snapshot, live): &(StatusSnapshot, Live), now: i64) -> StatusReport {
    snapshot.report(live, sample::at(now))
}

pub fn page_of(report: &StatusReport) -> String {
    page_at(report, View { refreshes: true, level: None })
}

/// The page as a reader chose it.
pub fn page_at(report: &StatusReport, view: View) -> String {
    page::page(report, Chart::of(&report.outlines).as_ref(), &ENDPOINTS, view)
}

fn is_time(pointer: &str, field: &str) -> bool {
    let ends = ["at", "since", "as_of", "mark"];
    // The explanation of a null time is not a time.
    ends.iter().any(|end| field.ends_with(end)) && !pointer.contains("/null_means/")
}

/// The displayed text of a leaf, from its value and the name of its field.
fn shown_of(pointer: &str, leaf: &Value) -> String {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    let is_duration = field.contains("seconds") || ["p50", "p95"].contains(&field);
    match leaf {
        Value::Null if field == "oldest_lease" => "none".into(),
        Value::Null => "–".into(),
        Value::Bool(leaf) => if *leaf { "yes" } else { "no" }.into(),
        Value::Number(leaf) if field == "coverage" => {
            format::share(leaf.as_f64().expect("a share"))
        }
        Value::Number(leaf) if field == "owner_rank" => {
            format::ordinal(leaf.as_i64().and_then(|it| it.try_into().ok()).expect("a rank"))
        }
        Value::Number(leaf) if field == "bytes" => format::bytes(leaf.as_u64().expect("a size")),
        Value::Number(leaf) if is_duration => format::seconds(leaf.as_f64().expect("a number")),
        Value::Number(leaf) => leaf.as_i64().map_or_else(|| leaf.to_string(), format::count),
        Value::String(leaf) if is_time(pointer, field) => {
            format::time(leaf.parse().expect("a time"))
        }
        Value::String(leaf) => leaf.clone(),
        Value::Array(leaf) if leaf.is_empty() => "nobody".into(),
        Value::Array(leaf) => leaf.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Value::Object(_) => panic!("{pointer} is no leaf"),
    }
}

fn unescaped(html: &str) -> String {
    let html = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    html.replace("&amp;", "&")
}

/// Each value of a page with its stated place in the JSON, and the rest of the page's text.
pub fn figures(html: &str) -> (Vec<(String, String)>, String) {
    let (mut figures, mut rest, mut from) = (Vec::new(), String::new(), html);
    while let Some((before, after)) = from.split_once("<span data-leaf=\"") {
        rest += before;
        let (pointer, after) = after.split_once("\">").expect("a pointer");
        let (text, after) = after.split_once("</span>").expect("an end");
        let text = text.replace("<bdi>", "").replace("</bdi>", "");
        figures.push((unescaped(pointer), unescaped(&text)));
        from = after;
    }
    (figures, rest + from)
}

/// The text without tags and without elements of these names.
fn words(mut html: String, without: &[&str]) -> String {
    for name in without {
        while let Some(begin) = html.find(&format!("<{name}")) {
            let close = format!("</{name}>");
            let end = html[begin..].find(&close).expect("an end") + begin + close.len();
            html.replace_range(begin..end, " ");
        }
    }
    let parts = html.split('<').map(|part| part.split_once('>').map_or("", |(_, text)| text));
    parts.collect::<Vec<_>>().join(" ")
}

fn with_digits(text: &str) -> BTreeSet<String> {
    let tokens =
        text.split_whitespace().map(|t| t.trim_matches([',', ';', ':', '.', '(', ')', '!']));
    tokens.filter(|token| token.contains(|c: char| c.is_ascii_digit())).map(str::to_owned).collect()
}

/// The busy sample, one just after its start, and one without a database.
fn samples() -> [StatusReport; 3] {
    let busy = sample::busy();
    let starting = (well_starting(), Live::default());
    let mut dead = sample::busy();
    dead.1.database = crate::status::DatabaseCheck {
        reachable: Some(true),
        contact_at: Some(sample::at(3_900)),
        ..Default::default()
    };
    [report_of(&busy, sample::NOW), report_of(&starting, 20), report_of(&dead, sample::NOW)]
}

fn well_starting() -> StatusSnapshot {
    let (busy, _) = sample::busy();
    StatusSnapshot::at_start(busy.service, Duration::from_secs(15), false)
}

#[test]
fn each_figure_of_the_page_is_that_of_the_json() {
    for report in samples() {
        let json = serde_json::to_value(&report).expect("JSON");
        let (figures, rest) = figures(&page_of(&report));
        assert!(figures.len() > 40, "{}", figures.len());
        for (pointer, text) in &figures {
            let leaf = json.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
            assert_eq!(*text, shown_of(pointer, leaf), "{pointer}");
        }
        // The rest of the text contains no numbers but these.
        let rest = words(rest, &["script", "style", "svg", "title"]);
        let known = ["15", "95th", "?always200=1"];
        let found: Vec<_> =
            with_digits(&rest).into_iter().filter(|t| !known.contains(&t.as_str())).collect();
        assert_eq!(found, Vec::<String>::new());
    }
}

/// Collects the displayed texts of all leaves.
fn leaves(pointer: &str, value: &Value, into: &mut String) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(&format!("{pointer}/{name}"), value, into);
            }
        }
        Value::Array(items) if items.iter().any(|item| !item.is_string()) => {
            for (index, item) in items.iter().enumerate() {
                leaves(&format!("{pointer}/{index}"), item, into);
            }
        }
        leaf => {
            into.push(' ');
            into.push_str(&shown_of(pointer, leaf));
        }
    }
}

#[test]
fn each_figure_of_the_text_is_one_of_the_json() {
    for report in samples() {
        let json = serde_json::to_value(&report).expect("JSON");
        let mut shown = String::new();
        leaves("", &json, &mut shown);
        let text = text::text(&report, &ENDPOINTS);
        let unknown: Vec<_> =
            with_digits(&text).difference(&with_digits(&shown)).cloned().collect();
        assert_eq!(unknown, Vec::<String>::new(), "{text}");
    }
}
