//! The same figures computed anew from random rows, second by second.

use std::collections::BTreeMap;

use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use sectorwatch_seed::Seed;

use super::scene::{COVERAGE, Scene, quoted};

const END: i64 = 2_000;
const WHO: [&str; 4] = ["SY_TWR", "SY_APP", "ML_TWR", "ML_APP"];

/// What was at each second, and the rows that say so, of which the last is open at times.
struct Timeline {
    at: Vec<Option<&'static str>>,
    rows: String,
}

fn timeline(rng: &mut ChaCha8Rng, without: &'static str, last_seen: i64) -> Timeline {
    let mut at = vec![None; END as usize];
    let (mut from, mut rows) = (rng.random_range(0..300), Vec::new());
    let mut before = "";
    while from < last_seen {
        let to = (from + rng.random_range(1..400)).min(last_seen);
        let mut choices = WHO.to_vec();
        choices.extend([without, without, "unknown", "unknown"]);
        choices.retain(|it| *it != before);
        let what = *choices.choose(rng).expect("one of them");
        at[from as usize..to as usize].fill(Some(what));
        let end = if to == last_seen && rng.random() { String::new() } else { to.to_string() };
        rows.push(format!("{what} {from}-{end}"));
        (from, before) = (to, what);
    }
    Timeline { at, rows: rows.join(", ") }
}

/// Seconds between two times in which it was so, without, and unknown.
fn seconds(line: &Timeline, without: &str, from: i64, to: i64) -> [i64; 3] {
    let mut sums = [0; 3];
    for second in from..to {
        let what = usize::try_from(second).ok().and_then(|it| line.at.get(it).copied().flatten());
        let column = match what {
            Some(what) if what == without => 1,
            None | Some("unknown") => 2,
            Some(_) => 0,
        };
        sums[column] += 1;
    }
    sums
}

fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        "null".to_owned()
    } else {
        // To the nearest, and half of the last digit upwards, as PostgreSQL rounds.
        let last_digits = (2_000_000 * part + whole) / (2 * whole);
        format!("{}.{:04}", last_digits / 10_000, last_digits % 10_000)
    }
}

#[test]
fn coverage_and_control_of_random_visits() {
    let (scene, mut rng) = (Scene::new(), Seed::of_this_run().rng());
    let exact = COVERAGE.replace("* 100, 1", "* 100, 4");
    for number in 0..30 {
        let last_seen = rng.random_range(300..END);
        let flight = scene.flight(last_seen);
        let contacts = timeline(&mut rng, "none", last_seen);
        scene.contacts(&flight, &contacts.rows);
        let sector = format!("S{number}");
        let control = timeline(&mut rng, "uncontrolled", END);
        scene.control(&sector, &control.rows);
        let mark = quoted(END);
        scene.client.run(&format!("update collector_state set contacts_mark = {mark}"));
        for _ in 0..5 {
            let from = rng.random_range(0..last_seen);
            let is_open = rng.random_ratio(1, 4);
            let to = if is_open { last_seen } else { rng.random_range(from..=last_seen) };
            let visit = scene.visit(&flight, &sector, from, (!is_open).then_some(to));
            let [contact, none, unknown] = seconds(&contacts, "none", from, to);
            let (known, all) = (contact + none, contact + none + unknown);
            let expected = format!(
                "{contact} {none} {unknown} {} {}",
                share(contact, known),
                share(known, all)
            );
            let of = format!("from v_visit_coverage where visit_id = {visit}");
            let what = format!("{from} to {to} of {}", contacts.rows);
            assert_eq!(scene.client.one(&format!("select {exact} {of}")), expected, "{what}");

            let [controlled, uncontrolled, unknown] = seconds(&control, "uncontrolled", from, to);
            let mut by = Vec::new();
            for callsign in control.at[from as usize..to as usize].iter().flatten() {
                if WHO.contains(callsign) && !by.contains(callsign) {
                    by.push(callsign);
                }
            }
            let found = scene.client.one(&format!(
                "select concat_ws(' ', trim_scale(controlled_seconds), trim_scale(uncontrolled_seconds), \
                     trim_scale(unknown_seconds), array_to_string(controllers, ',')) \
                 from v_visit_control where visit_id = {visit}"
            ));
            let expected = format!("{controlled} {uncontrolled} {unknown} {}", by.join(","));
            assert_eq!(found, expected, "{from} to {to} of {}", control.rows);
            let close = format!("delete from flight_sector_occupancy where id = {visit}");
            scene.client.run(&close);
        }
    }
}

/// Joins any two spans that are at most 300 s apart, until there are none.
fn joined(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    loop {
        let pairs = (0..spans.len()).flat_map(|i| (i + 1..spans.len()).map(move |j| (i, j)));
        let near = |(i, j): &(usize, usize)| {
            let (a, b) = (spans[*i], spans[*j]);
            a.0 - b.1 <= 300 && b.0 - a.1 <= 300
        };
        let Some((i, j)) = pairs.into_iter().find(near) else { break };
        let (a, b) = (spans[i], spans.remove(j));
        spans[i] = (a.0.min(b.0), a.1.max(b.1));
    }
    spans.sort_unstable();
    spans
}

#[test]
fn sessions_staffing_and_hours_of_random_connections() {
    let (scene, mut rng) = (Scene::new(), Seed::of_this_run().part(1).rng());
    let mut connections: BTreeMap<(i32, &str), Vec<(i64, i64)>> = BTreeMap::new();
    for number in 0..200 {
        let (cid, callsign) = (rng.random_range(1..5), *WHO.choose(&mut rng).expect("one"));
        // Apart by less than a second in `logon_time`, which is unique, and over two days.
        let from = rng.random_range(0..1_200) * 150 + number % 7;
        let to = from + rng.random_range(0..12) * 150;
        let theirs = connections.entry((cid, callsign)).or_default();
        if theirs.iter().any(|it| it.0 == from) {
            continue;
        }
        let written = if rng.random() { callsign.replace('_', "__") } else { callsign.to_owned() };
        scene.connection(cid, &written, from, to);
        theirs.push((from, to));
    }
    let (mut sessions, mut hours) = (Vec::new(), BTreeMap::new());
    let (since, until) = (20_000, 150_000);
    for ((cid, callsign), spans) in &connections {
        for (from, to) in joined(spans.clone()) {
            sessions.push(format!("{callsign} {cid} {from} {to}"));
            for second in from.max(since)..to.min(until) {
                // Noon in UTC is 23:00 in Sydney.
                *hours.entry(((second + 82_800) / 86_400, *cid, *callsign)).or_insert(0) += 1;
            }
        }
    }
    let mut staffed = Vec::new();
    for callsign in WHO {
        let of = connections.iter().filter(|(key, _)| key.1 == callsign);
        for (from, to) in joined(of.flat_map(|(_, spans)| spans.clone()).collect()) {
            staffed.push(format!("{callsign} {from} {to}"));
        }
    }
    sessions.sort_unstable();
    staffed.sort_unstable();
    let at = |column: &str| format!("extract(epoch from {column} - '2025-01-01 12:00Z')::integer");
    let times = format!("{}, {}", at("started_at"), at("ended_at"));
    let found = |sql: String| {
        let mut found = scene.client.column(&sql);
        found.sort_unstable();
        found
    };
    let of = format!("select concat_ws(' ', callsign, cid, {times}) from v_controller_sessions");
    assert_eq!(found(of), sessions);
    let of = format!("select concat_ws(' ', callsign, {times}) from v_position_staffing");
    assert_eq!(found(of), staffed);
    let by_day = hours
        .iter()
        .map(|((day, cid, callsign), seconds)| format!("{day} {cid} {callsign} {seconds}"));
    let mut by_day: Vec<_> = by_day.collect();
    by_day.sort_unstable();
    let (since, until) = (quoted(since), quoted(until));
    let of = format!(
        "select concat_ws(' ', day - '2025-01-01', cid, callsign, trim_scale(seconds)) \
         from controller_hours({since}, {until}, 'Australia/Sydney')"
    );
    assert_eq!(found(of), by_day);
    assert!(sessions.len() > 50 && by_day.len() > 20, "{} {}", sessions.len(), by_day.len());
}
