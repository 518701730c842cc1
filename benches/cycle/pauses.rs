//! Work of the service between cycles: leases and scrapes.

use std::time::Instant;

use crate::{
    figures::{Times, ms, row, table},
    rig::{Rig, Station},
};

const FLIGHTS: usize = 500;
const READS: usize = 2_000;
const SCRAPES: usize = 201;
const WAIT: &str = "sectorwatch_db_pool_acquire_wait_seconds";

/// Measures an acquire, a short read, and the rendering of `/metrics`.
pub fn run(rig: &Rig) {
    let mut station = rig.station("service");
    rig.wait(station.cycle(FLIGHTS, false));
    let store = station.store();
    let read = || rig.wait(store.flights_of("NOBODY".to_owned())).expect("an answer");
    // The first read opens the connection.
    read();
    let before = waited(&station);
    let mut reads = Times::default();
    for _ in 0..READS {
        let begun = Instant::now();
        read();
        reads.push(begun.elapsed());
    }
    let after = waited(&station);
    let acquire_us = (after.0 - before.0) / (after.1 - before.1) as f64 * 1e6;

    let mut scrapes = Times::default();
    let mut bytes = 0;
    for _ in 0..SCRAPES {
        let begun = Instant::now();
        bytes = station.registry.render().expect("metrics").len();
        scrapes.push(begun.elapsed());
    }
    table(
        "Between cycles",
        &["acquire (mean)", "flights of a callsign, none stored", "render /metrics", "its size"],
    );
    row([
        format!("{acquire_us:.1} µs"),
        ms(reads.median_ms()),
        ms(scrapes.median_ms()),
        format!("{} KiB", bytes / 1024),
    ]);
}

/// The total seconds of all acquires of the pool `read`, and their number.
fn waited(station: &Station) -> (f64, u64) {
    let families = station.registry.gather();
    let family = families.iter().find(|family| family.name() == WAIT);
    let series = family.expect(WAIT).get_metric().iter();
    series
        .filter(|one| one.get_label().iter().any(|label| label.value() == "read"))
        .map(|one| one.get_histogram())
        .fold((0.0, 0), |(seconds, count), waits| {
            (seconds + waits.get_sample_sum(), count + waits.get_sample_count())
        })
}
