//! `make bench`: measures how long a cycle takes, relative to yardsticks of the same run on the
//! same server.
//!
//! Prints Markdown for `docs/benchmarks.md`. Arguments select parts, for example `cargo bench
//! --bench cycle -- copy airspace`.

mod contact;
mod copy;
mod document;
mod exports;
#[path = "../support/feed.rs"]
mod feed;
#[path = "../support/figures.rs"]
mod figures;
mod geometry;
mod history;
#[path = "../support/http.rs"]
mod http;
mod look_up;
mod many_sectors;
mod pauses;
mod rig;
mod samples;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/service.rs"]
mod service;
mod turn;
#[path = "../support/week.rs"]
mod week;
mod whole;

use rig::Rig;

// The service's own allocator.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The number of flights in a cycle, and of repetitions of the cycle.
const SIZES: [(usize, usize); 4] = [(35, 61), (500, 41), (2_000, 31), (8_000, 21)];

fn main() {
    // cargo adds the argument `--bench`.
    let chosen: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wanted = |part: &str| chosen.is_empty() || chosen.iter().any(|word| word == part);

    if wanted("airspace") {
        geometry::run();
        look_up::run();
        samples::run();
    }
    let rig = Rig::start();
    rig.introduce();
    if wanted("copy") {
        copy::steady(&rig, &SIZES);
        copy::first(&rig, &SIZES);
    }
    if wanted("service") {
        pauses::run(&rig);
    }
    if wanted("whole") {
        whole::run(&rig);
    }
    if wanted("sectors") {
        many_sectors::run(&rig);
    }
    if wanted("contact") {
        contact::run(&rig);
    }
    if wanted("exports") {
        exports::run(&rig);
    }
    if wanted("history") {
        history::run(&rig, 1_000_000, &SIZES);
        // This takes minutes and several gigabytes.
        if std::env::var_os("SECTORWATCH_LONG_TESTS").is_some() {
            history::run(&rig, 10_000_000, &SIZES);
        }
    }
}
