//! Random histories against the rule as the contract states it, over all observations at once.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select};

use super::*;

type Row = (char, i64, i64);

/// The intervals by the rule, over the whole history. Unknown time is one interval where it touches.
fn by_the_rule(observations: &[(i64, char)], grace: i64) -> Vec<Row> {
    let mut values: Vec<char> = observations.iter().map(|(_, value)| *value).collect();
    let times: Vec<i64> = observations.iter().map(|(at, _)| *at).collect();
    // Bridge: each run of N that has the same controller on both sides.
    let mut at = 0;
    while at < values.len() {
        let end = (at..values.len()).find(|i| values[*i] != 'N').unwrap_or(values.len());
        if end > at && at > 0 && end < values.len() {
            let is_same = values[at - 1] == values[end] && values[end] != 'U';
            let is_dense = (at..=end).all(|i| times[i] - times[i - 1] <= 60);
            if is_same && is_dense && times[end - 1] - times[at] < grace {
                let same = values[end];
                values[at..end].fill(same);
            }
        }
        at = end.max(at + 1);
    }
    // Each observation holds until the next, or nothing is known of the time until then.
    let mut rows: Vec<Row> = Vec::new();
    for i in 1..values.len() {
        let value = if times[i] - times[i - 1] <= 60 { values[i - 1] } else { 'U' };
        match rows.last_mut() {
            Some((last, _, to)) if *last == value => *to = times[i],
            _ => rows.push((value, times[i - 1], times[i])),
        }
    }
    rows
}

/// The rows of the table, with unknown time as one interval where it touches, up to the last observation.
fn of_table(table: &Table, end: i64) -> Vec<Row> {
    let at = |at: Time| (at - time(0)).num_seconds();
    let mut rows: Vec<Row> = Vec::new();
    for (_, row) in &table.rows {
        let (value, from, to) = (letter(&row.state), at(row.from), row.to.map_or(end, at));
        assert!(row.to.is_none() || from < to, "a row of no length stays: {:?}", table.rows);
        if let Some((last, _, last_end)) = rows.last_mut() {
            assert_eq!(*last_end, from, "rows touch: {:?}", table.rows);
            if *last == value {
                assert_eq!(value, 'U', "two rows are one: {:?}", table.rows);
                *last_end = to;
                continue;
            }
        }
        rows.push((value, from, to));
    }
    rows.retain(|(_, from, to)| from < to);
    rows
}

/// What one snapshot shows of the flight, and what happens with the service.
#[derive(Debug, Clone, Copy)]
struct Polled {
    gap: i64,
    /// `-`: it is not there.
    value: char,
    restarts: bool,
    /// The phase fails after the flights were stored.
    fails: bool,
}

fn polls(fails: bool) -> impl Strategy<Value = Vec<Polled>> {
    let values = select(&['A', 'A', 'A', 'B', 'N', 'N', 'N', 'U', '-'][..]);
    let gaps = select(&[15, 15, 15, 15, 15, 30, 60, 61, 200][..]);
    let poll = (gaps, values, any::<bool>(), 0..8);
    let poll = poll.prop_map(move |(gap, value, restarts, dice)| Polled {
        gap,
        value,
        restarts,
        fails: fails && dice == 0,
    });
    prop::collection::vec(poll, 1..40)
}

/// The service: memory, rows, and what stands beside them in `flights` and `collector_state`.
#[derive(Default)]
struct Service {
    contacts: Option<Contacts>,
    table: Table,
    first_seen: Option<Time>,
    last_seen: Option<Time>,
    contact_seen: Option<Time>,
    contacts_mark: Option<Time>,
    unjudged: Unjudged,
}

impl Service {
    /// The flights transaction.
    fn see(&mut self, at: Time) {
        let is_judged = self.last_seen.is_some_and(|seen| Some(seen) <= self.contacts_mark);
        if is_judged {
            self.contact_seen = self.last_seen;
        }
        self.first_seen.get_or_insert(at);
        self.last_seen = Some(at);
    }

    /// The contacts phase, as the store and the collector run it.
    fn contacts(&mut self, at: Time, previous: Option<Time>, state: Option<State>) {
        let observed = state.is_some();
        if let Some(previous) = previous.filter(|_| observed)
            && self.contacts_mark.is_none_or(|mark| previous > mark)
        {
            self.unjudged.add(FLIGHT, previous);
        }
        let mut contacts = self.contacts.take().unwrap_or_else(|| {
            let stored = self.last_seen.map(|seen| self.table.stored(seen, self.contact_seen));
            let is_open = |it: &StoredFlight| !it.rows.is_empty();
            let is_late = |it: &StoredFlight| Some(it.last_seen) > self.contacts_mark;
            let stored: Vec<_> = stored
                .into_iter()
                .filter(|it| is_open(it) || is_late(it) && it.last_seen < at)
                .collect();
            self.unjudged.judged(self.contacts_mark);
            self.unjudged.add_stored(&stored, self.contacts_mark, at);
            let stored = stored.into_iter().map(|it| {
                let alone = it.ended.is_none().then_some(self.alone()).flatten();
                StoredFlight { ended: it.ended.or(alone), ..it }
            });
            Contacts::restored(stored, self.contacts_mark)
        });
        if observed && !contacts.unknown_of([FLIGHT]).is_empty() {
            let end = self.table.rows.last().and_then(|(_, row)| row.to).or(self.alone());
            contacts.recall(end.map(|end| (FLIGHT, end)));
        }
        let observed = state.map(|state| (FLIGHT, state));
        let step = contacts.step(at, observed, &self.unjudged, GRACE);
        let mut next = step.next;
        next.stored(self.table.write(&step.changes));
        self.contacts = Some(next);
        self.contacts_mark = Some(at);
        self.unjudged = Unjudged::default();
    }

    /// The only observation so far, which left no row.
    fn alone(&self) -> Option<Time> {
        self.contact_seen.filter(|seen| Some(*seen) == self.first_seen)
    }
}

/// The history as it is to be judged, and the rows that came of it.
fn run(polls: &[Polled]) -> (Vec<(i64, char)>, Service) {
    let (mut service, mut observations, mut now) = (Service::default(), Vec::new(), 0);
    for poll in polls {
        now += poll.gap;
        let at = time(now);
        if poll.restarts && service.unjudged.is_empty() {
            service.contacts = None;
        }
        let previous = service.last_seen;
        let state = (poll.value != '-').then(|| state(poll.value));
        if state.is_some() {
            service.see(at);
            observations.push((now, if poll.fails { 'U' } else { poll.value }));
        }
        if poll.fails {
            service.contacts = None;
            if state.is_some() {
                service.unjudged.add(FLIGHT, at);
            }
        } else {
            service.contacts(at, previous, state);
        }
    }
    (observations, service)
}

fn check(polls: &[Polled]) -> Result<(), TestCaseError> {
    let (observations, service) = run(polls);
    let end = observations.last().map_or(0, |(at, _)| *at);
    let expected = by_the_rule(&observations, GRACE.num_seconds());
    let got = of_table(&service.table, end);
    let judged = polls.last().is_some_and(|poll| !poll.fails);
    if judged {
        prop_assert_eq!(got, expected, "{:?}", observations);
    }
    Ok(())
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    #[test]
    fn after_every_snapshot_the_rows_are_what_the_rule_gives(polls in polls(false)) {
        for length in 1..=polls.len() {
            check(&polls[..length])?;
        }
    }

    #[test]
    fn a_phase_that_failed_costs_the_radio_of_its_snapshot_alone(polls in polls(true)) {
        for length in 1..=polls.len() {
            check(&polls[..length])?;
        }
    }

    #[test]
    fn a_restart_at_any_observation_changes_nothing(polls in polls(false)) {
        let through = |restarts: bool| {
            let polls: Vec<_> = polls.iter().map(|poll| Polled { restarts, ..*poll }).collect();
            let rows = run(&polls).1.table.rows;
            rows.into_iter().collect::<BTreeMap<i64, Interval>>()
        };
        prop_assert_eq!(through(true), through(false));
    }

    #[test]
    fn a_short_miss_is_bridged_only_as_the_rule_says(
        misses in 1..8_usize, gap in select(&[5, 10, 15, 20, 30, 60, 61][..]),
        before in select(&['A', 'B', 'U', 'N'][..]), after in select(&['A', 'B', 'U'][..]),
    ) {
        let values = [before].into_iter().chain(['N'].repeat(misses)).chain([after, after]);
        let values: Vec<_> = values.map(|value| Polled { gap, value, restarts: false, fails: false }).collect();
        let (observations, service) = run(&values);
        let end = observations.last().map_or(0, |(at, _)| *at);
        let rows = of_table(&service.table, end);
        let is_short = (misses as i64 - 1) * gap < 45 && gap <= 60;
        let is_bridged = before == after && before != 'U' && is_short;
        let is_one = rows.len() == 1 && rows[0].0 == before;
        prop_assert_eq!(is_bridged, is_one && before != 'N' && before != 'U', "{:?}", rows);
    }
}

#[test]
fn a_kill_between_flights_and_contacts_makes_that_observation_unknown() {
    let mut service = Service::default();
    let observe = |service: &mut Service, seconds: i64, letter: char| {
        let previous = service.last_seen;
        service.see(time(seconds));
        service.contacts(time(seconds), previous, Some(state(letter)));
    };
    for seconds in [0, 15, 30] {
        observe(&mut service, seconds, 'A');
    }
    // The flights of 45 are stored; then the process is gone, with all that it knew.
    service.see(time(45));
    (service.contacts, service.unjudged) = (None, Unjudged::default());
    observe(&mut service, 60, 'A');
    observe(&mut service, 75, 'A');
    let rows = of_table(&service.table, 75);
    assert_eq!(rows, [('A', 0, 45), ('U', 45, 60), ('A', 60, 75)]);
    // The flight never comes again: the next snapshot still tells of it.
    service.see(time(90));
    (service.contacts, service.unjudged) = (None, Unjudged::default());
    service.contacts(time(105), None, None);
    assert_eq!(
        of_table(&service.table, 105),
        [('A', 0, 45), ('U', 45, 60), ('A', 60, 90), ('U', 90, 105)]
    );
    service.contacts(time(151), None, None);
    assert_eq!(service.table.rows.last().and_then(|(_, row)| row.to), Some(time(90)));
}

#[test]
fn without_contact_the_rows_end_and_with_it_again_the_time_between_is_unknown() {
    let mut service = Service::default();
    for seconds in [0, 15, 30] {
        let previous = service.last_seen;
        service.see(time(seconds));
        service.contacts(time(seconds), previous, Some(with('A')));
    }
    let contacts = service.contacts.take().expect("memory");
    let step = contacts.end();
    service.table.write(&step.changes);
    assert_eq!(step.next, Contacts::default());
    service.contacts = Some(step.next);
    for seconds in [45, 60] {
        service.see(time(seconds));
        service.contacts_mark = Some(time(seconds));
    }
    service.see(time(75));
    service.contacts(time(75), Some(time(60)), Some(with('A')));
    assert_eq!(of_table(&service.table, 90), [('A', 0, 30), ('U', 30, 75), ('A', 75, 90)]);
}
