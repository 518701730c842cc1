use super::*;

fn at(text: &str) -> Time {
    format!("2026-11-03T{text}Z").parse().unwrap()
}

/// The edges of intervals, as the statement of `parts` counts them.
fn edges(intervals: &[(&str, &str, &str)]) -> Vec<Edges> {
    let mut found = BTreeMap::<(&str, Time), (i64, i64)>::new();
    for (state, since, until) in intervals {
        for (time, change) in [(at(since), 1), (at(until), -1)] {
            let into = TimeDelta::seconds(time.timestamp() % QUARTER.num_seconds());
            let edge = found.entry((*state, time - into)).or_default();
            edge.0 += change;
            edge.1 += change * micros_of(QUARTER - into);
        }
    }
    let edge = |((state, quarter), (change, micros)): ((&str, _), _)| Edges {
        state: state.to_owned(),
        quarter,
        change,
        micros,
    };
    found.into_iter().map(edge).collect()
}

fn seconds_at(sums: &Sums, time: &str) -> (i64, i64, i64) {
    let Micros { contact, none, unknown } =
        sums.0.get(&Key::Quarter(at(time))).copied().unwrap_or_default();
    (contact / 1_000_000, none / 1_000_000, unknown / 1_000_000)
}

#[test]
fn an_interval_is_in_every_quarter_that_it_touches_and_in_no_other() {
    let sums = quarters(&edges(&[
        ("contact", "00:10:00", "01:00:00"),
        ("contact", "00:20:00", "00:25:00"),
        ("none", "00:00:00", "00:15:00"),
        ("unknown", "02:14:59", "02:15:01"),
    ]));
    assert_eq!(seconds_at(&sums, "00:00:00"), (300, 900, 0));
    assert_eq!(seconds_at(&sums, "00:15:00"), (900 + 300, 0, 0));
    assert_eq!(seconds_at(&sums, "00:30:00"), (900, 0, 0));
    assert_eq!(seconds_at(&sums, "00:45:00"), (900, 0, 0));
    assert_eq!(seconds_at(&sums, "02:00:00"), (0, 0, 1));
    assert_eq!(seconds_at(&sums, "02:15:00"), (0, 0, 1));
    assert_eq!(sums.0.len(), 6, "a quarter without anything is not there: {sums:?}");
}

#[test]
fn pieces_add_up_to_the_whole_in_any_order() {
    let pieces = [
        quarters(&edges(&[("contact", "00:10:00", "00:50:00")])),
        quarters(&edges(&[("contact", "00:50:00", "01:10:00"), ("none", "00:00:01", "00:00:02")])),
    ];
    let whole =
        quarters(&edges(&[("contact", "00:10:00", "01:10:00"), ("none", "00:00:01", "00:00:02")]));
    let added = |order: [usize; 2]| {
        let mut sums = Sums::default();
        order.iter().for_each(|index| sums.add(&pieces[*index]));
        sums
    };
    assert_eq!(added([0, 1]), whole);
    assert_eq!(added([1, 0]), whole);
}

#[test]
fn groups_have_the_shares_of_their_quarters() {
    let sums = quarters(&edges(&[
        ("contact", "00:10:00", "00:20:00"),
        ("none", "00:20:00", "00:30:00"),
        ("unknown", "00:30:00", "00:50:00"),
    ]));
    let labels =
        sums.0.keys().map(|key| if let Key::Quarter(at) = key { *at } else { panic!("{key:?}") });
    let labels = labels.map(|at| (at, "1-00".to_owned())).collect();
    let groups = groups(CoverageBy::WeekdayHour, sums, &labels);
    let [CoverageGroup { key, contact_seconds, coverage, known, share, .. }] = &groups[..] else {
        panic!("{groups:?}")
    };
    assert_eq!((key.as_deref(), *contact_seconds), (Some("1-00"), 600.0));
    assert_eq!((*coverage, *known, *share), (Some(0.5), Some(0.5), None));
}

#[test]
fn facilities_have_shares_and_those_who_were_forgotten_come_last() {
    let of = |contact| Micros { contact, ..Micros::default() };
    let sums = Sums(
        [(Key::Forgotten, of(1_000_000)), (Key::Name("TWR".to_owned()), of(3_000_000))].into(),
    );
    let groups = groups(CoverageBy::Facility, sums, &Labels::new());
    let groups: Vec<_> =
        groups.iter().map(|it| (it.key.as_deref(), it.contact_seconds, it.share)).collect();
    assert_eq!(groups, [(Some("TWR"), 3.0, Some(0.75)), (None, 1.0, Some(0.25))]);
}
