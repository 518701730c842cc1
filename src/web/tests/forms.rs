//! Page and text say what the JSON says: each figure is compared with its leaf.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{sample, *};
use crate::web::{page, shown, text};

fn report_of((snapshot, live): &(StatusSnapshot, Live), now: i64) -> StatusReport {
    snapshot.report(live, sample::at(now))
}

fn page_of(report: &StatusReport) -> String {
    page::page(report, &Chart::of(&report.outlines), true)
}

/// What stands for a leaf, told from its value and the name of its field.
fn shown_of(pointer: &str, leaf: &Value) -> String {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    let is_duration = field.contains("seconds") || ["p50", "p95"].contains(&field);
    match leaf {
        Value::Null if field == "oldest_lease" => "nobody".into(),
        Value::Null => "–".into(),
        Value::Bool(leaf) => if *leaf { "yes" } else { "no" }.into(),
        Value::Number(leaf) if is_duration => shown::seconds(leaf.as_f64().expect("a number")),
        Value::Number(leaf) => leaf.as_i64().map_or_else(|| leaf.to_string(), shown::count),
        Value::String(leaf) if field.ends_with("at") || field == "since" => {
            shown::time(leaf.parse().expect("a time"))
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

/// Where each figure of a page says that it comes from, and its text; and what is left of the page's
/// text without them.
fn figures(html: &str) -> (Vec<(String, String)>, String) {
    let (mut figures, mut rest, mut from) = (Vec::new(), String::new(), html);
    while let Some((before, after)) = from.split_once("<span data-leaf=\"") {
        rest += before;
        let (pointer, after) = after.split_once("\">").expect("a pointer");
        let (text, after) = after.split_once("</span>").expect("an end");
        figures.push((unescaped(pointer), unescaped(text)));
        from = after;
    }
    (figures, rest + from)
}

/// Without elements of these names, and without tags.
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

/// The busy sample, one that has just begun, and one whose database is gone.
fn samples() -> [StatusReport; 3] {
    let busy = sample::busy();
    let starting = (well_starting(), Live::default());
    let mut dead = sample::busy();
    dead.1.database = crate::poller::status::DatabaseCheck {
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
        // The words between them hold no figures but these.
        let rest = words(rest, &["style", "svg", "title"]);
        let known = ["15", "95th", "1", "4", "5", "9", "10", "19", "20", "?always200=1"];
        let found: Vec<_> =
            with_digits(&rest).into_iter().filter(|t| !known.contains(&t.as_str())).collect();
        assert_eq!(found, Vec::<String>::new());
    }
}

/// All leaves, shown.
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
        let text = text::text(&report);
        let unknown: Vec<_> =
            with_digits(&text).difference(&with_digits(&shown)).cloned().collect();
        assert_eq!(unknown, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_text_reads_so() {
    let report = &samples()[0];
    let text = text::text(report);
    let expected = include_str!("busy.txt");
    assert_eq!(text, expected, "found:\n{text}");
}

#[test]
fn the_text_has_at_most_25_lines_of_whatever_there_is() {
    let (mut snapshot, mut live) = sample::busy();
    let sector = snapshot.airspace.sectors[0].clone();
    snapshot.airspace.sectors = vec![sector; 40];
    snapshot.airspace.pending_transitions = Some(5);
    snapshot.cycles.finished(CycleOutcome::FlightsError, sample::at(3_995));
    live.database.contact_at = Some(sample::at(100));
    live.pulse.gave_up_at = Some(sample::at(200));
    for pool in [&mut live.ingest, &mut live.read].into_iter().flatten() {
        pool.exhausted_since = Some(sample::at(300));
    }
    let report = report_of(&(snapshot, live), sample::NOW);
    assert!(report.reasons.len() > 8, "{:?}", report.reasons);
    let text = text::text(&report);
    assert!(text.lines().count() <= 25, "{}:\n{text}", text.lines().count());
    assert!(text.contains("CRITICAL") && text.contains("! database_unreachable"), "{text}");
}

#[test]
fn nothing_that_others_wrote_becomes_markup() {
    let html = page_of(&samples()[0]);
    for raw in ["<melbourne", "<W>", "QFA<1>", "& all"] {
        assert!(!html.contains(raw), "{raw}");
    }
    for escaped in ["&lt;melbourne&amp;co&gt;", "ML-&lt;W&gt; &amp; all", "QFA&lt;1&gt;"] {
        assert!(html.contains(escaped), "{escaped}");
    }
    assert!(!html.contains("<script") && !html.contains(" style="));
    // Nothing leads elsewhere, nor is anything loaded from there.
    for attribute in ["href=\"", "src=\"", "url("] {
        for target in html.split(attribute).skip(1) {
            assert!(target.starts_with(['/', '?']) || target.starts_with("data:"), "{target:.60}");
        }
    }
}

#[test]
fn the_map_shows_each_aircraft_and_each_sector() {
    let report = &samples()[0];
    let html = page_of(report);
    let titles: Vec<&str> = (html.split("<g class=\"aircraft\" transform=\"translate("))
        .skip(1)
        .map(|mark| mark.split("<title>").nth(1).and_then(|t| t.split("</title>").next()))
        .map(|title| title.expect("a title"))
        .collect();
    let told = [
        "QFA&lt;1&gt;, 37,001 ft, 451 kt, in ML-&lt;W&gt;",
        "QFA2, 37,001 ft",
        "QFA3, 37,001 ft, 451 kt, in SY",
    ];
    assert_eq!(titles, told);
    // The largest first, with the colour of its aircraft and of its staff.
    let sectors: Vec<&str> = (html.split("<path class=\"sector "))
        .skip(1)
        .map(|sector| sector.split('"').next().expect("classes"))
        .collect();
    assert_eq!(sectors, ["load-most staffed", "load-many unstaffed", "load-few unstaffed"]);
    assert!(html.contains("SY &amp; all: 2 aircraft"), "{html}");
}

#[test]
fn a_page_that_stands_still_says_how_to_move_and_the_other_way_round() {
    let report = &samples()[0];
    let chart = Chart::of(&report.outlines);
    let [moving, still] = [true, false].map(|moves| page::page(report, &chart, moves));
    assert!(moving.contains("refresh=off") && moving.contains("every 15 s"));
    assert!(!still.contains("refresh=off") && still.contains("Let it load itself anew"));
}
