use super::*;

fn at(text: &str) -> Time {
    format!("2026-11-03T{text}Z").parse().unwrap()
}

fn interval(flight_id: i64, state: State, since: &str, until: &str) -> Interval {
    let (since, until) = (at(since), at(until));
    Interval { flight_id, state, controller_callsign: None, since, until }
}

/// The quarters of these intervals between the two times.
fn quarters(from: &str, to: &str, intervals: &[Interval]) -> Sums {
    let mut hours = HourlySums::empty((at(from), at(to)));
    intervals.iter().for_each(|interval| hours.add_quarters(interval));
    hours.whole()
}

fn seconds_of(sums: &Sums, key: &Key) -> (i64, i64, i64) {
    let Micros { contact, none, unknown } = sums.0.get(key).copied().unwrap_or_default();
    (contact / 1_000_000, none / 1_000_000, unknown / 1_000_000)
}

#[test]
fn an_interval_is_in_every_quarter_that_it_touches_and_in_no_other() {
    let sums = quarters(
        "00:05:00",
        "02:15:30",
        &[
            interval(1, State::Contact, "00:10:00", "01:00:00"),
            interval(2, State::Contact, "00:20:00", "00:25:00"),
            interval(3, State::None, "00:00:00", "00:15:00"),
            interval(4, State::Unknown, "02:14:59", "03:00:00"),
        ],
    );
    let of = |time: &str| seconds_of(&sums, &Key::Quarter(at(time)));
    assert_eq!(of("00:00:00"), (300, 600, 0), "not what is before the span");
    assert_eq!(of("00:15:00"), (900 + 300, 0, 0));
    assert_eq!(of("00:30:00"), (900, 0, 0));
    assert_eq!(of("00:45:00"), (900, 0, 0));
    assert_eq!(of("02:00:00"), (0, 0, 1));
    assert_eq!(of("02:15:00"), (0, 0, 30), "not what is after it");
    assert_eq!(sums.0.len(), 6, "a quarter without anything is not there: {sums:?}");
}

#[test]
fn pieces_add_up_to_the_whole_in_any_order() {
    let intervals = [
        interval(1, State::Contact, "00:10:00", "01:10:00"),
        interval(2, State::None, "00:00:01", "00:00:02"),
    ];
    let whole = quarters("00:00:00", "02:00:00", &intervals);
    let pieces = [("00:00:00", "00:50:00"), ("00:50:00", "02:00:00")];
    let pieces = pieces.map(|(from, to)| quarters(from, to, &intervals));
    for order in [[0, 1], [1, 0]] {
        let mut sums = Sums::default();
        order.into_iter().for_each(|index| sums.add(&pieces[index]));
        assert_eq!(sums, whole);
    }
    let mut hours = HourlySums::empty((at("00:00:00"), at("02:00:00")));
    intervals.iter().for_each(|interval| hours.add_quarters(interval));
    assert_eq!(seconds_of(&hours.sums[1], &Key::Quarter(at("01:00:00"))), (600, 0, 0));
    assert_eq!(hours.sums[1].0.len(), 1, "each hour has its own");
}

#[test]
fn a_visit_is_unknown_where_no_interval_of_its_flight_says_more() {
    let mut hours = HourlySums::empty((at("00:00:00"), at("03:00:00")));
    let visit = |flight_id, sector: &str, since: &str, until: &str| Visit {
        flight_id,
        sector_name: sector.to_owned(),
        since: at(since),
        until: at(until),
    };
    let visits = vec![
        visit(1, "SYD", "00:30:00", "01:30:00"),
        visit(1, "MEL", "01:30:00", "02:00:00"),
        visit(2, "SYD", "00:00:00", "00:01:00"),
    ];
    let intervals = [
        interval(1, State::None, "00:20:00", "00:40:00"),
        interval(1, State::Contact, "00:50:00", "01:40:00"),
        interval(1, State::Unknown, "01:40:00", "02:00:00"),
        interval(3, State::Contact, "00:00:00", "03:00:00"),
    ];
    hours.add_visits(visits, &intervals);
    let sums = hours.whole();
    let of = |sector: &str| seconds_of(&sums, &Key::Name(sector.into()));
    assert_eq!(of("SYD"), (40 * 60, 10 * 60, 10 * 60 + 60));
    assert_eq!(of("MEL"), (10 * 60, 0, 20 * 60));
    assert_eq!(seconds_of(&hours.sums[1], &Key::Name("SYD".into())), (30 * 60, 0, 0));
}

#[test]
fn groups_have_the_shares_of_their_quarters() {
    let sums = quarters(
        "00:00:00",
        "01:00:00",
        &[
            interval(1, State::Contact, "00:10:00", "00:20:00"),
            interval(1, State::None, "00:20:00", "00:30:00"),
            interval(1, State::Unknown, "00:30:00", "00:50:00"),
        ],
    );
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
    let mut hours = HourlySums::empty((at("00:00:00"), at("03:00:00")));
    for (callsign, since, until) in [
        (Some("ml__twr"), "00:00:00", "01:00:00"),
        (Some("SY_TWR"), "00:00:00", "02:00:00"),
        (None, "02:59:00", "02:59:30"),
        (Some("SY_"), "02:59:00", "02:59:30"),
    ] {
        let controller_callsign = callsign.map(str::to_owned);
        let contact = interval(1, State::Contact, since, until);
        hours.add_facility(&Interval { controller_callsign, ..contact });
    }
    let groups = groups(CoverageBy::Facility, hours.whole(), &Labels::new());
    let groups: Vec<_> =
        groups.iter().map(|it| (it.key.as_deref(), it.contact_seconds, it.none_seconds)).collect();
    assert_eq!(groups, [(Some("TWR"), 10_800.0, None), (None, 60.0, None)]);
}
