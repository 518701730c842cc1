//! What holds for any history.

use proptest::{prelude::*, sample::select};

use super::*;

/// Seconds since the observation before, by the record and by the snapshot; miles east of Sydney; altitude; speed.
type Drawn = ((i64, i64), f64, i32, Option<i32>);

/// Times, places, altitudes and speeds at and around every limit.
fn drawn() -> impl Strategy<Value = Drawn> {
    let times =
        select(&[(15, 15), (15, 15), (15, 15), (0, 15), (105, 105), (120, 120), (121, 121)][..]);
    let nm = select(&[-3.5, -2.0, -2.0, 0.0, 0.0, 1.0, 1.9, 2.1, 3.0, 4.0, 6.5, 7.1, 15.0][..]);
    let altitude = select(
        &[21, 60, 71, 72, 150, 171, 172, 321, 322, 600, 900, 1_020, 1_021, 1_100, 1_500, 1_900][..],
    );
    let speed = select(
        &[None, Some(0), Some(39), Some(40), Some(49), Some(50), Some(140), Some(140), Some(140)][..],
    );
    (times, nm, altitude, speed)
}

fn history(drawn: &[Drawn]) -> Vec<Observed> {
    let airports = airports();
    let sydney = airports.get("YSSY").expect("an airport");
    let (mut at, mut published) = (0, 0);
    let observed = drawn.iter().map(|&((seconds, between), nm, altitude, groundspeed)| {
        (at, published) = (at + seconds, published + between);
        let (latitude, longitude) = east_of(sydney, nm);
        let (at, published) = (sample::time(at), sample::time(published));
        Observed { at, published, latitude, longitude, altitude, groundspeed }
    });
    observed.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..sectorwatch_seed::config() })]

    #[test]
    fn a_second_reading_of_the_rules_finds_the_same(
        drawn in prop::collection::vec(drawn(), 0..40),
    ) {
        let observations = history(&drawn);
        let all: Vec<Airport> = airports().iter().cloned().collect();
        let found = movements(&observations).into_iter().map(|(number, Happened { kind, icao, fix })| {
            (number, kind.as_str(), icao.to_string(), fix.at, fix.earliest_at, fix.longitude)
        });
        prop_assert_eq!(found.collect::<Vec<_>>(), naive::movements(&observations, &all));
    }

    #[test]
    fn a_restart_at_any_observation_changes_nothing(
        drawn in prop::collection::vec(drawn(), 0..40),
    ) {
        let (airports, thresholds) = (airports(), Thresholds::default());
        let mut state = AirportState::default();
        for seen in history(&drawn) {
            let text = state.to_text();
            let restored = text.as_deref().map(AirportState::from_text).unwrap_or_default();
            prop_assert_eq!(&restored, &state);
            let next = state.step(&seen, &airports, &thresholds);
            prop_assert_eq!(&restored.step(&seen, &airports, &thresholds), &next);
            if seen.groundspeed.is_none() {
                prop_assert_eq!(&next, &(state, None));
            }
            state = next.0;
        }
    }
}
