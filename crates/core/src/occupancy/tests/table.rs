//! The table of rules, row by row.

use super::*;

/// `name | snapshots | transitions with the number of their snapshot | sector and slow count afterwards`.
///
/// A snapshot is `place knots`, `place ?` (unknown speed), `-` (absent) or `bad` (refused record), 15 s after
/// the previous one or at `@second`; `bare` has no plan.
const TABLE: &str = "\
# the vectors of the design, word for word
each named sector in turn | SYD 120, MEL 150, BNE 180, SYD 120 | 0 entered SYD, 1 crossed MEL, 2 crossed BNE, 3 crossed SYD | SYD 0
45 after 120 stays | SYD 120, SYD 45 | 0 entered SYD | SYD 0
60 enters | SYD 60 | 0 entered SYD | SYD 0
59 does not | SYD 59 | - | outside 0
25 stays | SYD 120, SYD 25 | 0 entered SYD | SYD 1
25 again exits | SYD 120, SYD 25, SYD 25 | 0 entered SYD, 2 slow SYD | outside 0
29, 30, 29 stays | SYD 120, SYD 29, SYD 30, SYD 29 | 0 entered SYD | SYD 1
unknown after 120 stays | SYD 120, SYD ? | 0 entered SYD | SYD 0
unknown for a new flight | SYD ? | - | outside 0
# outside
from another sector's side | GAP 300, SYD 300 | 1 entered SYD | SYD 0
taxi, then fly | SYD 10, SYD 59, SYD 60 | 2 entered SYD | SYD 0
slow on the ground counts nothing | SYD 0, SYD 0, SYD 0 | - | outside 0
in no sector | GAP 300 | - | outside 0
inside a sector's shape, outside the boundary | GAP 300, SEA 300 | - | outside 0
after a slow exit | SYD 60, SYD 0, SYD 0, SYD 59, SYD 60 | 0 entered SYD, 2 slow SYD, 4 entered SYD | SYD 0
after leaving | SYD 60, GAP 60, MEL 60 | 0 entered SYD, 1 left SYD, 2 entered MEL | MEL 0
# inside
30 is not slow | SYD 60, SYD 29, SYD 30 | 0 entered SYD | SYD 0
unknown leaves the count | SYD 60, SYD 29, SYD ? | 0 entered SYD | SYD 1
unknown between two slow | SYD 60, SYD 29, SYD ?, SYD 29 | 0 entered SYD, 3 slow SYD | outside 0
absent between two slow | SYD 60, SYD 29, -, -, SYD 29 | 0 entered SYD, 4 slow SYD | outside 0
absent counts nothing | SYD 60, SYD 29, -, - | 0 entered SYD | SYD 1
slow in another sector stays | SYD 60, MEL 29 | 0 entered SYD | SYD 1
slow in no sector stays | SYD 60, GAP 29 | 0 entered SYD | SYD 1
slow beyond the boundary stays | SYD 60, SEA 29 | 0 entered SYD | SYD 1
twice slow elsewhere | SYD 60, MEL 29, OUT 0 | 0 entered SYD, 2 slow SYD | outside 0
crossing at 30 | SYD 60, MEL 30 | 0 entered SYD, 1 crossed MEL | MEL 0
crossing forgets the slow one | SYD 60, SYD 29, MEL 30 | 0 entered SYD, 2 crossed MEL | MEL 0
crossing at unknown speed, too | SYD 60, SYD 29, MEL ? | 0 entered SYD, 2 crossed MEL | MEL 0
crossing after an absence | SYD 60, -, MEL 60 | 0 entered SYD, 2 crossed MEL | MEL 0
into no sector | SYD 60, SYD 29, GAP 30 | 0 entered SYD, 2 left SYD | outside 0
into no sector at unknown speed | SYD 60, GAP ? | 0 entered SYD, 1 left SYD | outside 0
out of the boundary | SYD 60, OUT 30 | 0 entered SYD, 1 left SYD | outside 0
out of the boundary, not of the shape | SYD 60, SEA 300 | 0 entered SYD, 1 left SYD | outside 0
out of the boundary at unknown speed | SYD 60, SEA ? | 0 entered SYD, 1 left SYD | outside 0
the plan vanishes | SYD 60, SYD 60 bare, MEL 60 bare | 0 entered SYD, 2 crossed MEL | MEL 0
the plan is not needed again | SYD 60, GAP 60 bare, MEL 60 bare | 0 entered SYD, 1 left SYD, 2 entered MEL | MEL 0
# the grace: of two minutes, at polls a minute apart
a second before | SYD 60, @60 -, @119 - | 0 entered SYD | SYD 0
exactly | SYD 60, @60 -, @120 - | 0 entered SYD, 2 disconnected SYD | outside 0
once | SYD 60, @60 -, @120 -, @180 -, @240 - | 0 entered SYD, 2 disconnected SYD | outside 0
from the last observation | SYD 60, @60 SYD 60, @120 -, @179 - | 0 entered SYD | SYD 0
back in time | SYD 60, @60 -, @119 SYD 60, @120 SYD 29, @122 SYD 29 | 0 entered SYD, 4 slow SYD | outside 0
back at its end | SYD 60, @60 -, @120 SYD 60 | 0 entered SYD, 2 disconnected SYD, 2 entered SYD | SYD 0
back elsewhere | SYD 60, @60 -, @120 MEL 60 | 0 entered SYD, 2 disconnected SYD, 2 entered MEL | MEL 0
back at 59: judged as outside | SYD 60, @60 -, @120 SYD 59 | 0 entered SYD, 2 disconnected SYD | outside 0
back at unknown speed | SYD 60, @60 -, @120 SYD ? | 0 entered SYD, 2 disconnected SYD | outside 0
back out of scope | SYD 60, @60 -, @120 OUT 300 | 0 entered SYD, 2 disconnected SYD | outside 0
back without a plan, which is stored | SYD 60, @60 -, @120 SYD 60 bare | 0 entered SYD, 2 disconnected SYD, 2 entered SYD | SYD 0
the slow one is forgotten | SYD 60, SYD 29, @75 -, @135 SYD 60, SYD 29 | 0 entered SYD, 3 disconnected SYD, 3 entered SYD | SYD 1
the slow one is forgotten at once | SYD 60, SYD 29, @75 -, @135 - | 0 entered SYD, 3 disconnected SYD | outside 0
present beyond the boundary counts as seen | SYD 60, @60 SEA 29, @120 -, @179 - | 0 entered SYD | SYD 1
present by a refused record counts as seen | SYD 60, @60 bad, @120 -, @179 - | 0 entered SYD | SYD 0
outside nothing ends | SYD 59, @60 -, @120 - | - | outside 0
# our own silence: of a pause a minute counts, and more than fifteen of them end what was open
as long as it likes | SYD 60, @900 SYD 60, @1800 MEL 60 | 0 entered SYD, 2 crossed MEL | MEL 0
a minute of each | SYD 60, @900 -, @1799 MEL 60 | 0 entered SYD, 2 disconnected SYD, 2 entered MEL | MEL 0
too long | SYD 60, @901 SYD 60 | 0 entered SYD, 1 unobserved SYD, 1 entered SYD | SYD 0
too long, and absent | SYD 60, @60 -, @961 - | 0 entered SYD, 2 unobserved SYD | outside 0
too long, and back elsewhere | SYD 60, @901 MEL 60 | 0 entered SYD, 1 unobserved SYD, 1 entered MEL | MEL 0
too long, and back at 59 | SYD 60, @901 SYD 59 | 0 entered SYD, 1 unobserved SYD | outside 0
too long, and back out of scope | SYD 60, @901 OUT 300 | 0 entered SYD, 1 unobserved SYD | outside 0
too long, and present by a refused record | SYD 60, @901 bad, SYD 60 | 0 entered SYD, 1 unobserved SYD, 2 entered SYD | SYD 0
too long, and slow before | SYD 60, SYD 29, @916 SYD 29, SYD 60, SYD 29 | 0 entered SYD, 2 unobserved SYD, 3 entered SYD | SYD 1
too long outside | SYD 59, @901 SYD 60 | 1 entered SYD | SYD 0
once too long, then absent | SYD 60, @901 SYD 60, @961 -, @1021 - | 0 entered SYD, 1 unobserved SYD, 1 entered SYD, 3 disconnected SYD | outside 0
# a refused record is no observation
slow, refused, slow | SYD 60, SYD 29, bad, SYD 29 | 0 entered SYD, 3 slow SYD | outside 0
refused between two sectors | SYD 60, bad, bad, MEL 60 | 0 entered SYD, 3 crossed MEL | MEL 0
refused at first | SYD 59, bad, SYD 60 | 2 entered SYD | SYD 0";

#[test]
fn every_row_of_the_table_holds() {
    for case in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let [_, script, transitions, after] = case.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("four columns: {case}");
        };
        let mut radar = Radar::new();
        radar.rules.missing_grace = TimeDelta::minutes(2);
        assert_eq!(play(&mut radar, script), transitions, "{case}");
        let flight = radar.only();
        let sector = flight.visit.as_deref().unwrap_or("outside");
        assert_eq!(format!("{sector} {}", flight.slow_polls), after, "{case}");
    }
}

#[test]
fn the_figures_are_settings() {
    let mut radar = Radar::new();
    radar.rules = Rules {
        entry_speed_kt: 100,
        exit_speed_kt: 50,
        exit_polls: 3,
        missing_grace: TimeDelta::seconds(61),
        longest_gap: TimeDelta::seconds(100),
        ..Rules::default()
    };
    let script = "SYD 99, SYD 100, SYD 49, SYD 49, SYD 50, SYD 49, SYD 49, SYD 49, SYD 100, @179 -, @181 -, SYD 100, @296 SYD 100, @397 SYD 100";
    assert_eq!(
        play(&mut radar, script),
        "1 entered SYD, 7 slow SYD, 8 entered SYD, 10 disconnected SYD, 11 entered SYD, 13 unobserved SYD, \
         13 entered SYD"
    );
}

#[test]
fn one_without_a_plan_never_enters_unless_none_is_required() {
    let script = "SYD 300 bare, SYD 300 bare";
    let mut radar = Radar::new();
    assert_eq!(play(&mut radar, script), "-");
    assert!(radar.tracking.is_empty());
    radar.require_flight_plan = false;
    assert_eq!(play(&mut radar, script), "0 entered SYD");
    // Switched on again while it is inside: out of scope, and judged by position and speed only.
    radar.require_flight_plan = true;
    assert_eq!(
        play(&mut radar, "@30 SYD 300 bare, MEL 300 bare, MEL 29 bare, GAP 30 bare, MEL 300 bare"),
        "1 crossed MEL, 3 left MEL"
    );
}

/// The transitions caused by the snapshots, each with the number of its snapshot; `-` for none.
fn play(radar: &mut Radar, script: &str) -> String {
    let mut transitions = Vec::new();
    let mut second = -15;
    for (number, entry) in script.split(", ").enumerate() {
        let mut words = entry.split(' ').peekable();
        second = match words.next_if(|word| word.starts_with('@')) {
            Some(word) => word[1..].parse().expect("a second"),
            None => second + 15,
        };
        let words: Vec<_> = words.collect();
        let key = sample::pilot("QFA1", "SYD", None).key;
        let refused = (words == ["bad"])
            .then_some(PartialKey { cid: Some(key.cid), ..PartialKey::default() });
        let pilots = pilot(&words, second);
        let refused: Vec<_> = refused.into_iter().collect();
        let polled = radar.poll_with(second, pilots.into_iter().collect(), &refused);
        transitions.extend(
            polled
                .transitions
                .iter()
                .map(|it| format!("{number} {} {}", it.kind.as_str(), it.sector)),
        );
    }
    if transitions.is_empty() {
        return "-".to_owned();
    }
    transitions.join(", ")
}

fn pilot(words: &[&str], second: i64) -> Option<Pilot> {
    let [place, speed, rest @ ..] = words else {
        assert!(words == ["-"] || words == ["bad"], "{words:?}");
        return None;
    };
    let speed_kt = (*speed != "?").then(|| speed.parse().expect("knots"));
    let mut pilot = sample::pilot("QFA1", place, speed_kt);
    pilot.last_updated = sample::time(second);
    if rest == ["bare"] {
        pilot.flight_plan = None;
    }
    Some(pilot)
}
