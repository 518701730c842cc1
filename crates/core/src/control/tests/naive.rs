//! The same intervals, found by looking at all snapshots together.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    played::{Played, Shown, control, text},
    *,
};

const SECTORS: [&str; 2] = ["S", "T"];

/// The rows of a sector: a piece for each snapshot, then equal pieces that touch are one.
fn rows(snapshots: &[Shown], sector: &str) -> Vec<String> {
    if snapshots.is_empty() {
        return Vec::new();
    }
    let known = |shown: &Shown| match shown.has_failed {
        true => Some(Control::Unknown),
        false => shown.sectors.get(sector).cloned(),
    };
    let mut pieces: Vec<(Control, i64, Option<i64>)> = Vec::new();
    // The first row of all begins at the first stored snapshot.
    let first = snapshots.iter().find(|shown| !shown.has_failed);
    let mut exists =
        snapshots[0].has_failed && first.is_some_and(|first| first.sectors.contains_key(sector));
    for (number, shown) in snapshots.iter().enumerate() {
        // A failed phase says nothing of the airspace: it is the one before, or else the one after.
        let state = if shown.has_failed && !exists { None } else { known(shown) };
        exists = state.is_some();
        let Some(state) = state else { continue };
        let following = snapshots.get(number + 1);
        let goes_on = |next: &&Shown| next.has_failed || next.sectors.contains_key(sector);
        match following {
            None => pieces.push((state, shown.second, None)),
            Some(next) if goes_on(&next) => {
                let holds = next.second - shown.second <= 60;
                let state = if holds { state } else { Control::Unknown };
                pieces.push((state, shown.second, Some(next.second)));
            }
            Some(_) => {}
        }
    }
    let mut rows: Vec<(Control, i64, Option<i64>)> = Vec::new();
    for (state, from, to) in pieces {
        match rows.last_mut() {
            Some((before, _, end)) if *before == state && *end == Some(from) => *end = to,
            _ => rows.push((state, from, to)),
        }
    }
    rows.into_iter().map(row).collect()
}

fn row((control, from, to): (Control, i64, Option<i64>)) -> String {
    text(&Interval {
        sector: "S".into(),
        control,
        from: sample::time(from),
        to: to.map(sample::time),
        airspace_revision: "tiny".into(),
    })
}

fn shown() -> impl Strategy<Value = (i64, bool, [&'static str; 2])> {
    let states = || select(vec!["A", "A", "A1", "B", "-", "-", "?", "x"]);
    let step = select(vec![1, 15, 15, 15, 15, 59, 60, 61, 200]);
    (step, prop::bool::weighted(0.15), [states(), states()])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn restarts_at_any_snapshot_leave_the_intervals_of_all_snapshots_together(
        script in vec((shown(), any::<bool>()), 1..25),
    ) {
        let (mut played, mut second) = (Played::default(), 0);
        let mut snapshots: Vec<Shown> = Vec::new();
        for ((step, has_failed, states), restarts) in script {
            second += step;
            let states = SECTORS.into_iter().zip(states).filter(|(_, state)| *state != "x");
            let sectors: BTreeMap<_, _> = states.map(|(id, state)| (id, control(state))).collect();
            let shown = Shown { second, sectors, has_failed };
            played.take(&shown);
            snapshots.push(shown);
            if restarts {
                played.restart();
            }
        }
        // The last rows say what the newest snapshot whose phase ended well showed.
        let last = snapshots.iter().rposition(|shown| !shown.has_failed);
        let judged = &snapshots[..last.map_or(0, |last| last + 1)];
        let stored = played.by_sector();
        for sector in SECTORS {
            let stored = stored.get(sector).map_or(&[][..], Vec::as_slice);
            let texts: Vec<String> = stored.iter().map(|row| text(row)).collect();
            prop_assert_eq!(texts, rows(judged, sector), "{}", sector);
            for pair in stored.windows(2) {
                let is_apart = pair[0].to.is_some_and(|to| to <= pair[1].from);
                prop_assert!(is_apart, "they overlap: {:?}", pair);
            }
            let is_long = |row: &&Interval| row.to.is_none_or(|to| to > row.from);
            prop_assert!(stored.iter().all(is_long));
        }
    }
}
