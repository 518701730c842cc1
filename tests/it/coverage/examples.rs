//! The coverage of the worked examples, from their intervals.

use super::scene::Scene;

/// The number, the end, the intervals, and coverage and known in per cent.
const EXAMPLES: [(u32, i64, &str, &str); 14] = [
    (1, 3600, "none 0-600, SY_APP 600-2400, none 2400-3600", "50.0 100.0"),
    (2, 3600, "SY_APP 0-3600", "100.0 100.0"),
    (3, 3600, "SY_APP 0-240, none 240-3600", "6.7 100.0"),
    (4, 1200, "SY_APP 0-1200", "100.0 100.0"),
    (5, 1200, "SY_APP 0-1200", "100.0 100.0"),
    (6, 1200, "SY_APP 0-600, none 600-660, SY_APP 660-1200", "95.0 100.0"),
    (7, 1200, "SY_APP 0-600, SY_TWR 600-1200", "100.0 100.0"),
    (8, 1200, "SY_APP 0-600, none 600-630, SY_TWR 630-1200", "97.5 100.0"),
    (9, 1200, "SY_APP 0-600, unknown 600-900, SY_APP 900-1200", "100.0 75.0"),
    (10, 1200, "unknown 0-1200", "null 0.0"),
    (11, 1200, "SY_APP 0-300, unknown 300-600, none 600-1200", "33.3 75.0"),
    (12, 600, "SY_APP 0-600", "100.0 100.0"),
    (13, 1200, "SY_APP 0-600, unknown 600-1200, SY_APP 1200-", "100.0 50.0"),
    (14, 1200, "SY_APP 0-600, none 600-615, unknown 615-630, SY_APP 630-1200", "98.7 98.8"),
];

#[test]
fn coverage_of_the_worked_examples() {
    let scene = Scene::new();
    for (number, end, intervals, expected) in EXAMPLES {
        // The last row is open while the flight is there, and closed later.
        let open = match intervals.strip_suffix(&end.to_string()) {
            Some(open) => open,
            None => intervals,
        };
        for intervals in [intervals, open] {
            let flight = scene.flight(end);
            scene.contacts(&flight, intervals);
            let figures = scene.coverage(&flight, 0, end);
            assert!(figures.ends_with(&format!(" {expected}")), "example {number}: {figures}");
        }
    }
}

#[test]
fn spans_are_cut_and_the_three_add_up_to_them() {
    let scene = Scene::new();
    let flight = scene.flight(900);
    scene.contacts(&flight, "none 0-300, SY_APP 300-600, unknown 600-750, SY_TWR 750-");
    for (since, until, expected) in [
        (0, 900, "450 300 150 60.0 83.3"),
        (200, 500, "200 100 0 66.7 100.0"),
        (300, 600, "300 0 0 100.0 100.0"),
        (0, 300, "0 300 0 0.0 100.0"),
        (600, 750, "0 0 150 null 0.0"),
        // Nothing is known of the time before the first interval, and after the flight was last seen.
        (-100, 0, "0 0 100 null 0.0"),
        (-100, 100, "0 100 100 0.0 50.0"),
        (800, 1000, "100 0 100 100.0 50.0"),
        (900, 86_400, "0 0 85500 null 0.0"),
        // Spans without a length have no shares.
        (300, 300, "0 0 0 null null"),
        (600, 300, "0 0 0 null null"),
    ] {
        assert_eq!(scene.coverage(&flight, since, until), expected, "{since} to {until}");
    }
    assert_eq!(scene.coverage("77", 0, 60), "0 0 60 null 0.0", "a flight that is not stored");
}

#[test]
fn shares_are_fractions_and_nothing_is_rounded() {
    let scene = Scene::new();
    let flight = scene.flight(3);
    scene.contacts(&flight, "SY_APP 0-1, none 1-");
    let client = &scene.client;
    let of = |what: &str| {
        client.one(&format!(
            "select {what} from radio_coverage({flight}, '2025-01-01 12:00:00.5Z', \
             '2025-01-01 12:00:03.000001Z')"
        ))
    };
    let seconds = "concat_ws(' ', contact_seconds, none_seconds, unknown_seconds)";
    assert_eq!(of(seconds), "0.500000 2.000000 0.000001");
    assert_eq!(of("coverage = 0.2 and known = 2.5 / 2.500001"), "t");
    assert_eq!(
        of("concat_ws(' ', pg_typeof(contact_seconds), pg_typeof(known))"),
        "numeric numeric"
    );
}
