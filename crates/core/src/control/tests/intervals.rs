//! The rule by examples, without and with a restart at any snapshot.

use std::collections::BTreeMap;

use super::{
    played::{Played, Shown, control, text},
    *,
};

/// `name | snapshots | rows`. A snapshot is its second and what it shows of the one sector: `-` uncontrolled, `?`
/// unknown, `A` or `A1` a controller and the rank, `!` that its phase failed, `x` that the sector has no owners.
const EXAMPLES: &str = "\
the first row begins at the first snapshot | 100:A | A0 100-
nothing changes | 0:A 15:A 30:A | A0 0-
uncontrolled | 0:- 15:- 30:- | - 0-
a controller comes and goes | 0:- 15:A 30:A 45:- | - 0-15, A0 15-45, - 45-
another controller | 0:A 15:A 30:B | A0 0-30, B0 30-
another rank of the same controller | 0:A1 15:A0 30:A1 | A1 0-15, A0 15-30, A1 30-
unknown for a snapshot | 0:A 15:? 30:A | A0 0-15, ? 15-30, A0 30-
a failed phase | 0:A 15:! 30:A | A0 0-15, ? 15-30, A0 30-
failed phases | 0:A 15:! 30:! 45:! 60:- | A0 0-15, ? 15-60, - 60-
a failed phase before the first row | 0:! 15:A | ? 0-15, A0 15-
failed phases and a gap before the first row | 0:! 15:! 90:A | ? 0-90, A0 90-
a failed phase before a new sector | 0:x 15:! 30:A | A0 30-
it holds for 60 s | 0:A 60:A 120:A | A0 0-
another after 60 s | 0:A 60:B | A0 0-60, B0 60-
a gap | 0:A 15:A 76:A | A0 0-15, ? 15-76, A0 76-
a gap after an only snapshot | 0:A 61:A | ? 0-61, A0 61-
a gap at each snapshot | 0:A 61:A 122:A | ? 0-122, A0 122-
a gap after another's only snapshot | 0:A 15:B 76:B | A0 0-15, ? 15-76, B0 76-
a gap after an only snapshot after unknown | 0:A 15:? 30:B 100:B | A0 0-15, ? 15-100, B0 100-
unknown before and after a gap | 0:? 100:? 115:A | ? 0-115, A0 115-
uncontrolled before and after a gap | 0:- 15:- 100:- | - 0-15, ? 15-100, - 100-
a gap before a failed phase | 0:A 15:A 76:! 91:A | A0 0-15, ? 15-91, A0 91-
a gap after a failed phase | 0:A 15:A 30:! 100:A | A0 0-30, ? 30-100, A0 100-
a gap before a failed phase after an only snapshot | 0:? 15:A 100:! 115:A | ? 0-115, A0 115-
the sector is taken away | 0:A 15:A 30:x 45:x | A0 0-15
the sector is taken away after an only snapshot | 0:A 15:x | 
the sector is taken away after another's only snapshot | 0:A 15:B 30:x | A0 0-15
the sector is taken away after a gap | 0:A 15:A 100:x | A0 0-15
the sector is taken away after a failed phase | 0:A 15:A 30:! 45:x | A0 0-30
the sector is taken away after failed phases | 0:A 15:! 30:! 45:x | A0 0-15, ? 15-30
the sector comes back | 0:A 15:A 30:x 45:A 60:A | A0 0-15, A0 45-
the sector comes back at once | 0:A 15:x 30:A | A0 30-
a new sector | 0:x 15:x 30:- | - 30-";

fn snapshots(script: &str) -> Vec<Shown> {
    let shown = |word: &str| {
        let (second, state) = word.split_once(':').expect("a second and a state");
        let sectors: BTreeMap<_, _> = match state {
            "x" | "!" => BTreeMap::new(),
            _ => [("S", control(state))].into(),
        };
        Shown { second: second.parse().expect("a second"), sectors, has_failed: state == "!" }
    };
    script.split(' ').map(shown).collect()
}

fn play(script: &str, restarts: impl Fn(usize) -> bool) -> String {
    let mut played = Played::default();
    for (number, shown) in snapshots(script).iter().enumerate() {
        played.take(shown);
        if restarts(number) {
            played.restart();
        }
    }
    played.rows.values().map(text).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_examples_hold_wherever_the_service_is_restarted() {
    for example in EXAMPLES.lines() {
        let [_, script, expected] = example.split('|').map(str::trim).collect::<Vec<_>>()[..]
        else {
            panic!("three columns: {example}");
        };
        assert_eq!(play(script, |_| false), expected, "{example}");
        assert_eq!(play(script, |_| true), expected, "{example}, restarted after each");
        for at in 0..snapshots(script).len() {
            let played = play(script, |number| number == at);
            assert_eq!(played, expected, "{example}, restarted at {at}");
        }
    }
}

#[test]
fn the_revision_parts_no_interval() {
    let judged = |second, revision: &str, state| Judged {
        at: sample::time(second),
        airspace_revision: revision.into(),
        sectors: [("S".into(), control(state))].into(),
    };
    let first = Controls::default().step(&judged(0, "one", "A"), Unjudged::default());
    let second = first.next.step(&judged(15, "two", "A"), Unjudged::default());
    assert!(second.changes.is_empty(), "{:?}", second.changes);
    let third = second.next.step(&judged(30, "three", "-"), Unjudged::default());
    assert_eq!(third.changes.inserted[0].airspace_revision.as_ref(), "three");
    let revision = |step: &Step| step.next.tracks["S"].0[0].airspace_revision.to_string();
    assert_eq!(revision(&second), "one", "the row keeps the one in which it began");
}

#[test]
fn after_rows_were_cut_nothing_is_known_until_the_next_snapshot() {
    // As `reset-mark --to` leaves them.
    let row = |state, from, to| Interval {
        sector: "S".into(),
        control: control(state),
        from: sample::time(from),
        to: Some(sample::time(to)),
        airspace_revision: "tiny".into(),
    };
    let next = Judged {
        at: sample::time(30),
        airspace_revision: "tiny".into(),
        sectors: [("S".into(), control("A"))].into(),
    };
    let step = |cut| {
        let restored = Controls::restored([cut], Some(sample::time(20)));
        let changes = restored.step(&next, Unjudged::default()).changes;
        (changes.inserted.iter().map(text).collect::<Vec<_>>(), changes.ended.len())
    };
    assert_eq!(step(row("A", 0, 20)), (vec!["? 20-30".to_owned(), "A0 30-".to_owned()], 0));
    assert_eq!(step(row("?", 0, 20)), (vec!["A0 30-".to_owned()], 1), "it goes on");
}

#[test]
fn who_was_forgotten_is_another_than_who_is_online() {
    let forgotten = Interval {
        sector: "S".into(),
        control: Control::Controlled(Holder { controller_id: None, callsign: None, rank: 0 }),
        from: sample::time(0),
        to: None,
        airspace_revision: "tiny".into(),
    };
    let restored = Controls::restored([forgotten], Some(sample::time(15)));
    let next = Judged {
        at: sample::time(30),
        airspace_revision: "tiny".into(),
        sectors: [("S".into(), control("A"))].into(),
    };
    let changes = restored.step(&next, Unjudged::default()).changes;
    assert_eq!(changes.ended, [("S".into(), sample::time(0), Some(sample::time(30)))]);
    assert_eq!(changes.inserted.iter().map(text).collect::<Vec<_>>(), ["A0 30-"]);
}

#[test]
fn a_phase_that_ended_well_unseen_is_unknown_no_more() {
    let mut unjudged = Unjudged::default();
    [30, 15, 45].into_iter().for_each(|second| unjudged.add(sample::time(second)));
    let span = |unjudged: Unjudged| {
        let second = |time: crate::Time| (time - sample::time(0)).num_seconds();
        unjudged.span().map(|(first, last)| (second(first), second(last)))
    };
    assert_eq!(span(unjudged), Some((15, 45)));
    unjudged.judged(sample::time(10));
    assert_eq!(span(unjudged), Some((15, 45)));
    unjudged.judged(sample::time(15));
    assert_eq!(span(unjudged), Some((45, 45)));
    unjudged.judged(sample::time(45));
    assert_eq!(span(unjudged), None);
}
