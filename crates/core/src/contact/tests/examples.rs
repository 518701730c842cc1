//! The worked examples of intervals, by number.

use super::*;

/// What is observed in so many seconds, every 15 s from 0 to `end`, both included.
fn every_15_s(end: i64, what: impl Fn(i64) -> char) -> Vec<(i64, char)> {
    (0..=end).step_by(15).map(|t| (t, what(t))).collect()
}

/// The rows as letters with seconds. The open one ends at the last observation, as for every reader.
fn intervals(observations: &[(i64, char)]) -> (Vec<(char, i64, i64)>, Table) {
    let (mut contacts, mut table) = (Contacts::default(), Table::default());
    for (seconds, letter) in observations {
        let observed = [(FLIGHT, state(*letter))];
        let step = contacts.step(time(*seconds), observed, &Unjudged::default(), GRACE);
        contacts = step.next;
        contacts.stored(table.write(&step.changes));
    }
    let end = observations.last().map_or(0, |(seconds, _)| *seconds);
    let at = |at: Time| (at - time(0)).num_seconds();
    let rows = table
        .rows
        .iter()
        .map(|(_, row)| (letter(&row.state), at(row.from), row.to.map_or(end, at)));
    (rows.collect(), table)
}

/// Contact as a share of what is known, and what is known of all, in percent with a digit.
fn coverage(rows: &[(char, i64, i64)]) -> (Option<f64>, f64) {
    let of = |what: &dyn Fn(char) -> bool| -> f64 {
        rows.iter().filter(|(letter, ..)| what(*letter)).map(|(_, from, to)| to - from).sum::<i64>()
            as f64
    };
    let (known, none) = (of(&|it| it != 'U'), of(&|it| it == 'N'));
    let percent = |share: f64| (share * 1e3).round() / 10.0;
    let covered = (known > 0.0).then(|| percent((known - none) / known));
    (covered, percent(known / of(&|_| true)))
}

/// Number, observations, rows, coverage and what is known in percent.
type Example = (u8, Vec<(i64, char)>, Vec<(char, i64, i64)>, Option<f64>, f64);

/// One to eight, in which all is known.
fn known() -> Vec<Example> {
    let c_unless =
        |misses: &'static [i64]| move |t: i64| if misses.contains(&t) { 'N' } else { 'C' };
    vec![
        (
            1,
            every_15_s(3600, |t| if (600..2400).contains(&t) { 'C' } else { 'N' }),
            vec![('N', 0, 600), ('C', 600, 2400), ('N', 2400, 3600)],
            Some(50.0),
            100.0,
        ),
        (2, every_15_s(3600, |_| 'C'), vec![('C', 0, 3600)], Some(100.0), 100.0),
        (
            3,
            every_15_s(3600, |t| if t < 240 { 'C' } else { 'N' }),
            vec![('C', 0, 240), ('N', 240, 3600)],
            Some(6.7),
            100.0,
        ),
        (4, every_15_s(1200, c_unless(&[600, 615])), vec![('C', 0, 1200)], Some(100.0), 100.0),
        (5, every_15_s(1200, c_unless(&[600, 615, 630])), vec![('C', 0, 1200)], Some(100.0), 100.0),
        (
            6,
            every_15_s(1200, c_unless(&[600, 615, 630, 645])),
            vec![('C', 0, 600), ('N', 600, 660), ('C', 660, 1200)],
            Some(95.0),
            100.0,
        ),
        (
            7,
            every_15_s(1200, |t| if t < 600 { 'A' } else { 'B' }),
            vec![('A', 0, 600), ('B', 600, 1200)],
            Some(100.0),
            100.0,
        ),
        (
            8,
            every_15_s(1200, |t| match t {
                600 | 615 => 'N',
                t if t < 600 => 'A',
                _ => 'B',
            }),
            vec![('A', 0, 600), ('N', 600, 630), ('B', 630, 1200)],
            Some(97.5),
            100.0,
        ),
    ]
}

/// Nine to fourteen, in which some time is not.
fn partly_known() -> Vec<Example> {
    let mut gap = every_15_s(600, |_| 'C');
    gap.push((1200, 'C'));
    vec![
        (
            9,
            every_15_s(1200, |t| if (600..900).contains(&t) { 'U' } else { 'C' }),
            vec![('C', 0, 600), ('U', 600, 900), ('C', 900, 1200)],
            Some(100.0),
            75.0,
        ),
        (10, every_15_s(1200, |_| 'U'), vec![('U', 0, 1200)], None, 0.0),
        (
            11,
            every_15_s(1200, |t| match t {
                t if t < 300 => 'C',
                t if t < 600 => 'U',
                _ => 'N',
            }),
            vec![('C', 0, 300), ('U', 300, 600), ('N', 600, 1200)],
            Some(33.3),
            75.0,
        ),
        (
            12,
            every_15_s(600, |t| if t % 30 == 0 { 'C' } else { 'N' }),
            vec![('C', 0, 600)],
            Some(100.0),
            100.0,
        ),
        (13, gap, vec![('C', 0, 600), ('U', 600, 1200), ('C', 1200, 1200)], Some(100.0), 50.0),
        (
            14,
            every_15_s(1200, |t| match t {
                600 => 'N',
                615 => 'U',
                _ => 'C',
            }),
            vec![('C', 0, 600), ('N', 600, 615), ('U', 615, 630), ('C', 630, 1200)],
            Some(98.7),
            98.8,
        ),
    ]
}

#[test]
fn one_to_fourteen() {
    let examples = known().into_iter().chain(partly_known());
    for (number, observations, expected, covered, known) in examples {
        let (rows, _) = intervals(&observations);
        assert_eq!(rows, expected, "example {number}");
        assert_eq!(coverage(&rows), (covered, known), "example {number}");
    }
}

#[test]
fn a_cycle_in_which_nothing_changes_touches_no_row_and_a_bridged_contact_keeps_its_id() {
    let (_, table) = intervals(&every_15_s(3600, |_| 'C'));
    assert_eq!(table.touched, 1, "the first");
    let (rows, table) = intervals(&every_15_s(60, |t| if t == 30 { 'N' } else { 'C' }));
    assert_eq!((rows, table.rows[0].0), (vec![('C', 0, 60)], 1));
    assert_eq!(table.touched, 1 + 2 + 2, "a miss closes and opens, its end deletes and reopens");
}

#[test]
fn the_predecessors_wrong_values() {
    // Its 0 % for half of the time, 36.7 % for all of it and for 6.7 % of it, and 0 after the controller logged off.
    let half = |t: i64| if (600..2400).contains(&t) { 'C' } else { 'N' };
    for (what, observed, right) in [
        ("half", every_15_s(3600, half), 50.0),
        ("all", every_15_s(3600, |_| 'C'), 100.0),
        ("four minutes", every_15_s(3600, |t| if t < 240 { 'C' } else { 'N' }), 6.7),
        ("logged off", every_15_s(1200, |t| if t < 600 { 'C' } else { 'N' }), 50.0),
    ] {
        let (rows, _) = intervals(&observed);
        assert_eq!(coverage(&rows).0, Some(right), "{what}");
    }
}

#[test]
fn an_observation_holds_for_sixty_seconds_and_no_longer() {
    for (gap, expected) in
        [(60, vec![('A', 0, 120)]), (61, vec![('A', 0, 60), ('U', 60, 121), ('A', 121, 121)])]
    {
        let (rows, _) = intervals(&[(0, 'A'), (60, 'A'), (60 + gap, 'A')]);
        assert_eq!(rows, expected, "{gap}");
    }
    // Of a flight that is not there any more, the first snapshot more than 60 s later ends the row.
    let first =
        Contacts::default().step(time(0), [(FLIGHT, with('A'))], &Unjudged::default(), GRACE);
    let second = first.next.step(time(15), [(FLIGHT, with('A'))], &Unjudged::default(), GRACE);
    let mut contacts = second.next;
    contacts.stored([(FLIGHT, time(0), 1)]);
    for (seconds, ended) in [(75, vec![]), (76, vec![(1, Some(time(15)))])] {
        let step = contacts.step(time(seconds), [], &Unjudged::default(), GRACE);
        assert_eq!(step.changes.ended, ended, "{seconds}");
        contacts = step.next;
    }
    // One observation alone has no length.
    let (rows, _) = intervals(&[(0, 'A'), (100, 'B'), (200, 'B')]);
    assert_eq!(rows, [('U', 0, 100), ('U', 100, 200), ('B', 200, 200)]);
}

#[test]
fn another_channel_parts_no_interval_and_the_first_stays() {
    let contacts = Contacts::default();
    let other = State::Contact(Partner {
        frequency_hz: 133_150_000,
        is_primary: false,
        ..with('A').partner().expect("a contact").clone()
    });
    let step = contacts.step(time(0), [(FLIGHT, with('A'))], &Unjudged::default(), GRACE);
    let next = step.next.step(time(15), [(FLIGHT, other)], &Unjudged::default(), GRACE);
    assert!(next.changes.inserted.iter().all(|row| row.from == time(0)));
    assert_eq!(next.next.of(FLIGHT), Some(&with('A')));
}
