//! The examples of the design, without and with a restart at any point.

use super::{rows::Rows, *};

/// `name | snapshots | transitions with their second`. A flight is in S all the time. `a b ...` are the
/// seconds of snapshots in which it is present, absent (`-a`) or refused (`!a`); `a..b` are all of them 15 s
/// apart.
const EXAMPLES: &str = "\
back after the grace | 0 -15..285 300 | 0 entered, 300 disconnected, 300 entered
only two snapshots | 0 240 | 0 entered
absent after a pause | 0 -240..480 | 0 entered, 480 disconnected
a gap | 0 901 | 0 entered, 901 unobserved, 901 entered
no gap | 0 900 | 0 entered
refused for ten minutes | 0 !15..600 615 | 0 entered
refused, then absent | 0 !15..600 -615..900 | 0 entered, 900 disconnected
absent, refused in time, and absent again | 0 -15..285 !299 -300..598 | 0 entered
refused too late | 0 -15..285 !300 315 | 0 entered, 300 disconnected, 315 entered
pauses of ours | 0 900 1800 2700 | 0 entered
absent through pauses of ours | 0 -900 -1800 -2700 -3600 -4500 | 0 entered, 4500 disconnected";

/// The seconds, and whether the flight is present, absent or refused.
fn snapshots(script: &str) -> Vec<(i64, char)> {
    let of = |word: &str| {
        let (how, seconds) = match word.split_at(1) {
            (how @ ("-" | "!"), seconds) => (how.chars().next().expect("a sign"), seconds),
            _ => ('+', word),
        };
        let (first, last) = seconds.split_once("..").unwrap_or((seconds, seconds));
        let second = |text: &str| text.parse::<i64>().expect("seconds");
        let all = (second(first)..=second(last)).step_by(15);
        all.map(|second| (second, how)).collect::<Vec<_>>()
    };
    script.split(' ').flat_map(of).collect()
}

/// Plays an example, with a restart after these snapshots.
fn play(script: &str, restarts: impl Fn(usize) -> bool) -> String {
    let (mut radar, mut rows) = (Radar::new(), Rows::default());
    let mut transitions = Vec::new();
    for (number, (second, how)) in snapshots(script).into_iter().enumerate() {
        let pilot =
            Pilot { last_updated: sample::time(second), ..sample::pilot("QFA1", "SYD", Some(300)) };
        let key = pilot.key.clone();
        let refused =
            PartialKey { cid: Some(key.cid), callsign: Some(key.callsign), logon_time: None };
        let pilots: Vec<_> = (how == '+').then_some(pilot).into_iter().collect();
        let refused: Vec<_> = (how == '!').then_some(refused).into_iter().collect();
        let polled = radar.poll_with(second, pilots.clone(), &refused);
        rows.write_flights(&polled, &pilots);
        rows.apply_queue();
        if restarts(number) {
            rows.restore(&mut radar);
        }
        transitions
            .extend(polled.transitions.iter().map(|it| format!("{second} {}", it.kind.as_str())));
    }
    transitions.join(", ")
}

#[test]
fn the_examples_hold_wherever_the_service_is_restarted() {
    for example in EXAMPLES.lines() {
        let [_, script, expected] = example.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("three columns: {example}");
        };
        assert_eq!(play(script, |_| false), expected, "{example}");
        assert_eq!(play(script, |_| true), expected, "{example}, restarted after each");
        for at in 0..snapshots(script).len() {
            assert_eq!(
                play(script, |number| number == at),
                expected,
                "{example}, restarted at {at}"
            );
        }
    }
}

#[test]
fn a_pause_counts_with_a_minute_at_most() {
    let observed = |mark: Option<i64>, at| {
        let moment = Moment::after(mark.map(sample::time), TimeDelta::seconds(7), sample::time(at));
        moment.observed_time.num_milliseconds()
    };
    assert_eq!(observed(None, 1_000), 7_000, "nothing was stored before");
    assert_eq!(observed(Some(0), 15), 22_000);
    assert_eq!(observed(Some(0), 60), 67_000);
    assert_eq!(observed(Some(0), 61), 67_000);
    assert_eq!(observed(Some(0), 100_000), 67_000);
}
