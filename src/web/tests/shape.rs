//! The page omits nothing of the JSON, and shows the verdict in each of its places.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    forms::{figures, page_at, page_of},
    sample, *,
};
use crate::web::page::View;

/// What only the JSON has, with the reason. Indices of items are `*`.
const LEFT_OUT: &[(&str, &str)] = &[
    ("/aircraft/*/", "drawn on the map"),
    ("/compat/", "the same figures, for the predecessor's scripts"),
    ("/service/started_at", "told by how long it is up"),
    ("/feed/etag", "says nothing to people"),
    ("/feed/schema/", "told by the reasons while it matters"),
    ("/simulated", "told by the notice"),
    ("/sectors/*/staffed", "told by whom"),
    ("/sectors/*/staffed_by", "nobody, or only who controls it"),
    ("/sectors/*/control", "told by whom"),
    ("/sectors/*/controlled_by", "nobody does"),
    ("/sectors/*/owner_rank", "nobody controls it"),
    ("/sectors/*/capacity", "those that the file does not state"),
    ("/airspace/approximate", "told in words below the map"),
    ("/airspace/moves_since", "told in words after the first hour"),
    ("/tables/*/estimate", "told in the heading"),
    ("/tables/*/as_of", "told once for all"),
    ("/poller/cycles/", "those that never occurred"),
    ("/pool/*/leaks_confirmed/", "those that never occurred"),
];

fn leaves(pointer: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let each = fields.iter();
            each.for_each(|(name, value)| leaves(&format!("{pointer}/{name}"), value, found));
        }
        Value::Array(items) if items.iter().any(|item| !item.is_string()) => {
            let each = items.iter().enumerate();
            each.for_each(|(index, item)| leaves(&format!("{pointer}/{index}"), item, found));
        }
        _ => found.push(pointer.to_owned()),
    }
}

/// The pointer with the name of a pool or the index of an item as `*`.
fn general(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| match part {
        "ingest" | "read" => "*",
        part if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) => "*",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn every_leaf_of_the_json_is_on_the_page() {
    let (snapshot, live) = sample::busy();
    let report = snapshot.report(&live, sample::at(sample::NOW));
    let (shown, _) = figures(&page_of(&report));
    let shown: BTreeSet<String> = shown.into_iter().map(|(pointer, _)| pointer).collect();
    let json = serde_json::to_value(&report).expect("JSON");
    let mut all = Vec::new();
    leaves("", &json, &mut all);
    let missing: Vec<_> = all.iter().filter(|pointer| !shown.contains(*pointer)).collect();
    let is_left_out = |pointer: &str, (begin, _): &(&str, &str)| match begin.ends_with('/') {
        true => general(pointer).starts_with(begin),
        false => general(pointer) == *begin,
    };
    let forgotten: Vec<_> = (missing.iter())
        .filter(|pointer| !LEFT_OUT.iter().any(|left_out| is_left_out(pointer, left_out)))
        .collect();
    assert!(forgotten.is_empty(), "neither shown nor left out with a reason: {forgotten:?}");
    for left_out in LEFT_OUT {
        assert!(missing.iter().any(|pointer| is_left_out(pointer, left_out)), "{left_out:?}");
    }
    // Omitted because it has not occurred.
    for pointer in missing.iter().filter(|p| p.contains("cycles/") || p.contains("confirmed/")) {
        assert_eq!(json.pointer(pointer), Some(&Value::from(0)), "{pointer}");
    }
}

#[test]
fn the_verdict_is_in_the_tab_in_the_head_and_in_the_icon() {
    let mut icons = BTreeSet::new();
    for (word, tab, mark) in [
        ("ok", "ok", "●"),
        ("starting", "starting", "◌"),
        ("degraded", "DEGRADED", "▲"),
        ("critical", "CRITICAL", "■"),
    ] {
        let mut snapshot = well();
        let now = snapshot.service.started_at;
        let mut live = Live::default();
        match word {
            "starting" => snapshot.cycles.last_outcome = None,
            "degraded" => snapshot.cycles.finished(CycleOutcome::FetchError, now),
            "critical" => live.liveness.gave_up_at = Some(now),
            _ => {}
        }
        let html = page_of(&snapshot.report(&live, now));
        assert!(html.contains(&format!("<title>{tab} · sectorwatch test</title>")), "{html:.900}");
        assert!(html.contains(&format!("<header class=\"{word}\">")), "{word}");
        let told = format!("{mark}</span> <span data-leaf=\"/status\">{word}</span>");
        assert!(html.contains(&told), "{word}: never a colour alone");
        let icon = html.split("rel=\"icon\" href=\"").nth(1).and_then(|i| i.split('"').next());
        icons.insert(icon.expect("an icon").to_owned());
    }
    assert_eq!(icons.len(), 4, "each has an icon of its own");
}

#[test]
fn in_the_first_hour_moves_are_said_to_count_since_the_start() {
    let (mut snapshot, live) = sample::busy();
    for (up, is_first_hour) in [(60, true), (3_500, true), (3_660, false), (90_000, false)] {
        snapshot.service.started_at = sample::at(sample::NOW - up);
        let html = page_of(&snapshot.report(&live, sample::at(sample::NOW)));
        assert_eq!(html.contains(" since the start</span>"), is_first_hour, "{up}");
        assert_eq!(html.contains(" in the last hour</span>"), !is_first_hour, "{up}");
        assert_eq!(html.contains("data-leaf=\"/airspace/moves_since\""), is_first_hour, "{up}");
    }
}

#[test]
fn a_page_that_stands_still_says_how_to_move_and_the_other_way_round() {
    let (snapshot, live) = sample::busy();
    let report = snapshot.report(&live, sample::at(sample::NOW));
    for level in [None, "245".parse().ok()] {
        let [moving, still] =
            [true, false].map(|refreshes| page_at(&report, View { refreshes, level }));
        assert!(moving.contains("refresh=off\">Stop") && moving.contains("every 15 s"));
        assert!(!still.contains("refresh=off\">Stop") && still.contains("Refresh automatically"));
        // Either keeps the level, and the form of the level keeps that a page stands still.
        for html in [&moving, &still] {
            let kept = html.matches("?format=html&amp;fl=245").count();
            assert_eq!(kept, usize::from(level.is_some()), "{level:?}");
        }
        let keeps = "<input type=\"hidden\" name=\"refresh\" value=\"off\">";
        assert!(still.contains(keeps) && !moving.contains(keeps));
    }
}
