//! Connections of controllers joined to sessions, and to the staffing of positions.

use super::scene::{Scene, quoted};

const SESSIONS: &str = "select concat_ws(' ', cid, callsign, extract(epoch from started_at - '2025-01-01 12:00Z')::integer, \
        extract(epoch from ended_at - '2025-01-01 12:00Z')::integer, trim_scale(duration_seconds), connections, \
        facility, rating) \
    from v_controller_sessions order by callsign, started_at, cid";
const STAFFING: &str = "select concat_ws(' ', callsign, extract(epoch from started_at - '2025-01-01 12:00Z')::integer, \
        extract(epoch from ended_at - '2025-01-01 12:00Z')::integer, trim_scale(duration_seconds), cids) \
    from v_position_staffing order by callsign, started_at";

fn connected(connections: &[(i32, &str, i64, i64)]) -> Scene {
    let scene = Scene::new();
    for (cid, callsign, from, to) in connections {
        scene.connection(*cid, callsign, *from, *to);
    }
    scene
}

#[test]
fn gaps_of_five_minutes_are_bridged_and_of_a_second_more_are_not() {
    let (one, other) = ("SY_TWR", "ML_TWR");
    let scene = connected(&[
        (1, one, 0, 1800),
        (1, one, 2100, 3900),
        (1, one, 4200, 6000),
        (2, other, 0, 1800),
        (2, other, 2101, 3900),
    ]);
    let sessions = scene.client.column(SESSIONS);
    let expected = [
        "2 ML_TWR 0 1800 1800 1 5 5",
        "2 ML_TWR 2101 3900 1799 1 5 5",
        "1 SY_TWR 0 6000 6000 3 5 5",
    ];
    assert_eq!(sessions, expected);
    let staffed = scene.client.column(STAFFING);
    assert_eq!(
        staffed,
        ["ML_TWR 0 1800 1800 {2}", "ML_TWR 2101 3900 1799 {2}", "SY_TWR 0 6000 6000 {1}"]
    );
}

#[test]
fn the_gap_is_counted_from_the_greatest_end_so_far() {
    // The second lies inside the first; the third begins 200 s after the first ended, and not the second.
    let scene =
        connected(&[(1, "SY_TWR", 0, 3600), (1, "SY_TWR", 60, 120), (1, "SY_TWR", 3800, 4000)]);
    assert_eq!(scene.client.column(SESSIONS), ["1 SY_TWR 0 4000 4000 3 5 5"]);
    assert_eq!(scene.client.column(STAFFING), ["SY_TWR 0 4000 4000 {1}"]);
}

#[test]
fn a_hand_over_is_two_sessions_and_one_span_of_staffing() {
    let scene = connected(&[
        (2, "SY_TWR", 0, 1800),
        // Overlapping, and written as the relief.
        (1, "sy__twr", 1700, 3600),
        (2, "SY___TWR", 3900, 4000),
        (3, "SY_1_TWR", 0, 60),
        (4, "SY_TWR", 4301, 4400),
    ]);
    let expected = [
        "3 SY_1_TWR 0 60 60 1 5 5",
        "2 SY_TWR 0 1800 1800 1 5 5",
        "1 SY_TWR 1700 3600 1900 1 5 5",
        "2 SY_TWR 3900 4000 100 1 5 5",
        "4 SY_TWR 4301 4400 99 1 5 5",
    ];
    assert_eq!(scene.client.column(SESSIONS), expected);
    let staffed = ["SY_1_TWR 0 60 60 {3}", "SY_TWR 0 4000 4000 {1,2}", "SY_TWR 4301 4400 99 {4}"];
    assert_eq!(scene.client.column(STAFFING), staffed);
}

#[test]
fn a_connection_begins_when_it_logged_on_or_was_first_seen_and_the_latest_has_the_rating() {
    let scene = Scene::new();
    for (at, logon, seen, last, facility, rating, frequency) in [
        (0, 100, 130, 200, 4, 3, "124.700"),
        (1, 260, 240, 300, 5, 4, "199.998"),
        // Over before the one above, which began before.
        (2, 250, 270, 280, 6, 7, "124.700"),
    ] {
        let id = scene.connection(1, "SY_APP", at, at);
        scene.client.run(&format!(
            "update controllers set logon_time = {}, first_seen = {}, last_seen = {}, facility = {facility}, \
                 rating = {rating}, frequency = '{frequency}' where id = {id}",
            quoted(logon),
            quoted(seen),
            quoted(last)
        ));
    }
    assert_eq!(scene.client.column(SESSIONS), ["1 SY_APP 100 300 200 3 6 7"]);
}

#[test]
fn observers_are_no_sessions_nor_who_had_not_begun_at_the_mark_that_was_reset() {
    let scene = connected(&[
        (1, "SY_OBS", 0, 60),
        (2, "SY__SUP", 0, 60),
        (3, "SY_TWR", 0, 60),
        (4, "SY_APP", 0, 60),
        (5, "SY_GND", 60, 0),
    ]);
    scene.client.run("update controllers set facility = 0 where cid = 3");
    assert_eq!(scene.client.column(SESSIONS), ["4 SY_APP 0 60 60 1 5 5"]);
    assert_eq!(scene.client.column(STAFFING), ["SY_APP 0 60 60 {4}"]);
}
