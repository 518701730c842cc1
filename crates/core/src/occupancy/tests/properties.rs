//! Properties of every schedule of snapshots, restarts and failed sector phases.

use proptest::{prelude::*, sample::select};

use super::{rows::Rows, *};
use crate::visits::Visit;

/// One snapshot, and what happens after its flights transaction.
#[derive(Debug, Clone)]
struct Cycle {
    gap_seconds: i64,
    pilots: Vec<Option<Heard>>,
    /// Refused records of present flights: whether cid, callsign and logon time could be read.
    refused: Vec<Option<[bool; 3]>>,
    sector_phase_fails: bool,
    restarts: bool,
}

#[derive(Debug, Clone)]
struct Heard {
    place: &'static str,
    speed_kt: Option<i32>,
    arrival: Option<&'static str>,
    behind_seconds: i64,
}

fn heard() -> impl Strategy<Value = Heard> {
    let speeds = [0, 29, 30, 59, 60, 120, 480].map(Some).into_iter().chain([None]);
    (
        select(&["SYD", "SYD", "MEL", "BNE", "GAP", "SEA", "OUT"][..]),
        select(speeds.collect::<Vec<_>>()),
        select(&[Some("YMML"), Some("YMML"), Some("YBBN"), Some(" "), None][..]),
        select(&[-3_540, -16, -1, 0, 0, 1, 14, 15, 16, 45, 172, 86_400][..]),
    )
        .prop_map(|(place, speed_kt, arrival, behind_seconds)| Heard {
            place,
            speed_kt,
            arrival,
            behind_seconds,
        })
}

fn schedule() -> impl Strategy<Value = Vec<Cycle>> {
    let gaps = [15, 15, 15, 15, 16, 59, 60, 61, 240, 300, 899, 900, 901, 86_100, 86_400, 86_401];
    let cycle = (
        select(gaps.to_vec()),
        prop::collection::vec(prop::option::weighted(0.6, heard()), 3),
        prop::collection::vec(prop::option::weighted(0.2, any::<[bool; 3]>()), 3),
        any::<bool>(),
        prop::bool::weighted(0.3),
    );
    let cycle = cycle.prop_map(|(gap_seconds, pilots, refused, sector_phase_fails, restarts)| {
        Cycle { gap_seconds, pilots, refused, sector_phase_fails, restarts }
    });
    prop::collection::vec(cycle, 1..40)
}

// The first two belong to one member: a reused callsign and a new logon.
const KEYS: [(&str, i64); 3] = [("QFA1", 0), ("QFA1", 1), ("QFA2", 0)];

impl Cycle {
    fn refused(&self) -> Vec<PartialKey> {
        let refused = self.refused.iter().zip(KEYS);
        let refused = refused.filter_map(|(read, (callsign, logon))| {
            let [cid, with_callsign, with_logon] = (*read)?;
            let key = sample::pilot(callsign, "SYD", None).key;
            Some(PartialKey {
                cid: cid.then_some(key.cid),
                callsign: with_callsign.then_some(key.callsign),
                logon_time: with_logon.then_some(sample::time(logon)),
            })
        });
        refused.collect()
    }

    fn pilots(&self, second: i64) -> Vec<Pilot> {
        let heard = self.pilots.iter().zip(KEYS);
        let pilot = |(heard, (callsign, logon)): (&Option<Heard>, _)| {
            let heard = heard.as_ref()?;
            let mut pilot = sample::pilot(callsign, heard.place, heard.speed_kt);
            pilot.key.logon_time = sample::time(logon);
            pilot.altitude = i32::try_from(second % 40_000).expect("below the ceiling");
            pilot.last_updated = sample::time(second - heard.behind_seconds);
            pilot.flight_plan = heard.arrival.map(|arrival| sample::plan("YSSY", arrival));
            Some(pilot)
        };
        heard.filter_map(pilot).collect()
    }
}

/// Plays the schedule. Returns the effect of each snapshot, and the rows at the end.
fn play(schedule: &[Cycle], disturbed: bool) -> (Vec<Polled>, Rows) {
    let mut radar = Radar::new();
    let mut rows = Rows::default();
    let mut second = 0;
    let mut history = Vec::new();
    for cycle in schedule {
        second += cycle.gap_seconds;
        let pilots = cycle.pilots(second);
        let polled = radar.poll_with(second, pilots.clone(), &cycle.refused());
        rows.write_flights(&polled, &pilots);
        let visits = radar.tracking.iter();
        let visits = visits.filter_map(|(key, it)| Some((key.clone(), it.visit.clone()?)));
        assert_eq!(rows.sectors(), visits.collect(), "the next state, from rows");
        history.push(polled);
        if !(disturbed && cycle.sector_phase_fails) {
            rows.apply_queue();
        }
        if disturbed && cycle.restarts {
            rows.restore(&mut radar);
        }
    }
    rows.apply_queue();
    (history, rows)
}

fn visits_neither_overlap_nor_run_backwards(schedule: &[Cycle]) {
    let (history, rows) = play(schedule, false);
    let mut before: BTreeMap<i64, &Visit> = BTreeMap::new();
    for visit in &rows.visits {
        if let Some(before) = before.insert(visit.flight_id, visit) {
            let (exit, reason) = before.exit.expect("closed before the next opens");
            assert!(exit.time <= visit.entry.time);
            if reason == TransitionKind::Crossed {
                assert_eq!(exit, visit.entry, "no gap, no overlap");
            }
        }
        assert!(visit.exit.is_none_or(|(exit, _)| visit.entry.time <= exit.time));
    }
    let transitions = || history.iter().flat_map(|polled| &polled.transitions);
    let entries = transitions().filter(|it| it.kind.opens());
    let exits = transitions().filter(|it| it.kind.closes());
    let ended = rows.visits.iter().filter(|it| it.exit.is_some());
    assert_eq!(entries.count(), rows.visits.len(), "no entry lost or doubled");
    assert_eq!(exits.count(), ended.count(), "exits follow entries");
}

fn restarts_and_failed_sector_phases_change_nothing(schedule: &[Cycle]) {
    let (undisturbed, mut rows) = play(schedule, false);
    let (mut disturbed, mut rows_too) = play(schedule, true);
    // After a restart a plan is written again, even if it is the stored one.
    for (polled, polled_too) in undisturbed.iter().zip(&mut disturbed) {
        for (seen, seen_too) in polled.seen.iter().zip(&mut polled_too.seen) {
            assert!(seen_too.plan_changed || !seen.plan_changed);
            seen_too.plan_changed = seen.plan_changed;
        }
    }
    assert_eq!(undisturbed, disturbed);
    for rows in [&mut rows, &mut rows_too] {
        rows.visits.sort_by_key(|visit| visit.flight_id);
        rows.visits.iter_mut().for_each(|visit| visit.id = None);
    }
    assert_eq!(rows, rows_too);
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    #[test]
    fn visits_of_one_flight_follow_each_other(schedule in schedule()) {
        visits_neither_overlap_nor_run_backwards(&schedule);
    }

    #[test]
    fn disturbances_change_nothing(schedule in schedule()) {
        restarts_and_failed_sector_phases_change_nothing(&schedule);
    }
}
