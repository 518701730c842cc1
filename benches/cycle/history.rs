//! Compares the same cycles on a database with a week of history and on an empty one.

use sectorwatch::status::outcome::Phase;

use crate::{
    figures::{Times, ms, ratio, row, table},
    rig::{Cycle, Rig},
    week,
};

const WARM_UP: usize = 4;

/// Runs the cycles, alternating between the two databases.
pub fn run(rig: &Rig, rows: usize, sizes: &[(usize, usize)]) {
    let mut empty = rig.station(&format!("beside_{rows}"));
    let mut full = rig.station(&format!("history_{rows}"));
    rig.wait(week::fill(&full.client, full.time, rows));
    table(
        &format!(
            "{rows} rows of history, a third of the flights crossing: ratio to an empty database"
        ),
        &["flights", "cycle", "flight phase", "sector phase", "cycle (empty)", "cycle (history)"],
    );
    for &(flights, repetitions) in sizes {
        let [mut of_empty, mut of_full] = <[Phases; 2]>::default();
        for repetition in 0..WARM_UP + repetitions {
            let without = rig.wait(empty.cycle(flights, true));
            let with = rig.wait(full.cycle(flights, true));
            if repetition >= WARM_UP {
                of_empty.push(&without);
                of_full.push(&with);
            }
        }
        row([
            flights.to_string(),
            ratio(of_full.cycle.ratio_to(&of_empty.cycle)),
            ratio(of_full.flights.ratio_to(&of_empty.flights)),
            ratio(of_full.sectors.ratio_to(&of_empty.sectors)),
            ms(of_empty.cycle.median_ms()),
            ms(of_full.cycle.median_ms()),
        ]);
    }
}

#[derive(Default)]
struct Phases {
    cycle: Times,
    flights: Times,
    sectors: Times,
}

impl Phases {
    fn push(&mut self, cycle: &Cycle) {
        self.cycle.push(cycle.whole());
        self.flights.push(cycle.took(Phase::Flights));
        self.sectors.push(cycle.took(Phase::Sectors));
    }
}
