//! Compares a whole cycle of the running service, from the request to the published status, with a
//! COPY of the rows that it has to store. Compares the processor time of PostgreSQL with that of
//! another revision of the service on the same server.
//!
//! `SECTORWATCH_BENCH_BASE` is the path of the other revision's program. `docs/benchmarks.md`
//! explains how to build it.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    copy::Yardstick,
    document,
    feed::{Feed, MAIN, RADIOS},
    figures::{Times, ms, ratio, row, table},
    rig::Rig,
    turn::{Taken, Turn},
};

const FLIGHTS: usize = 2_000;
const WARM_UP: usize = 4;
const REPETITIONS: usize = 31;
const PERIOD: TimeDelta = TimeDelta::seconds(15);

/// A build of the service, with its own feed and database.
struct Contender {
    name: &'static str,
    turn: Turn,
    feed: Feed,
    quiet: Figures,
    busy: Figures,
}

#[derive(Default)]
struct Figures {
    cycle: Times,
    /// Processor time of PostgreSQL.
    server: Times,
}

/// Compares the programs on a new database without statistics, and on an analysed one.
pub fn run(rig: &Rig) {
    let programs = programs();
    rig.autovacuum("off");
    for (state, analysed) in [("fresh, never analysed", false), ("analysed", true)] {
        let contenders = programs.iter().map(|(name, program)| {
            let database = format!("{name}_{}", if analysed { "steady" } else { "fresh" });
            let feed = Feed::start();
            let turn = Turn::start(rig, program, &database, &feed);
            let [quiet, busy] = Default::default();
            Contender { name, turn, feed, quiet, busy }
        });
        compare(rig, state, analysed, contenders.collect());
    }
    rig.autovacuum("on");
}

fn programs() -> Vec<(&'static str, PathBuf)> {
    let mut programs = vec![("now", PathBuf::from(env!("CARGO_BIN_EXE_sectorwatch")))];
    match std::env::var_os("SECTORWATCH_BENCH_BASE") {
        Some(program) => programs.push(("base", program.into())),
        None => println!("\nNo other revision: SECTORWATCH_BENCH_BASE is not set."),
    }
    programs
}

fn compare(rig: &Rig, state: &str, analysed: bool, mut contenders: Vec<Contender>) {
    let yardstick =
        rig.wait(Yardstick::of_all(rig.wait(rig.client(contenders[0].turn.database()))));
    let mut copies = Times::default();
    let mut time: DateTime<Utc> = document::START.parse().expect("a time");
    // The first snapshot of a database happens only once and is not measured.
    let warm_up = if analysed { WARM_UP } else { 1 };
    for repetition in 0..warm_up + REPETITIONS {
        for crossing in [false, true] {
            time += PERIOD;
            let turn = repetition + usize::from(crossing);
            let flights: Arc<str> = document::snapshot(FLIGHTS, time, turn).into();
            let radios: Arc<str> = document::radios(FLIGHTS, time).into();
            for contender in &mut contenders {
                contender.feed.publish(RADIOS, radios.clone());
                let feed = &contender.feed;
                let took = contender.turn.take(rig, || feed.publish(MAIN, flights.clone()));
                let Some(Taken { cycle, server, .. }) = took.filter(|_| repetition >= warm_up)
                else {
                    continue;
                };
                let figures = if crossing { &mut contender.busy } else { &mut contender.quiet };
                figures.cycle.push(cycle);
                figures.server.push(server);
            }
        }
        let copy = rig.wait(yardstick.copy_newest(contenders[0].turn.client(), time));
        if repetition >= warm_up {
            copies.push(copy);
        }
        if analysed && repetition == 0 {
            for contender in &contenders {
                rig.wait(contender.turn.client().batch_execute("analyze")).expect("analyze");
            }
        }
    }
    print(state, &contenders, &copies);
}

fn print(state: &str, contenders: &[Contender], copies: &Times) {
    table(
        &format!("Whole cycle of {FLIGHTS} flights with radios, database {state}"),
        &[
            "program",
            "cycle / COPY",
            "a third crossing / COPY",
            "PostgreSQL / base",
            "COPY",
            "cycle",
            "a third crossing",
            "PostgreSQL's processor time",
        ],
    );
    let base = contenders.iter().find(|it| it.name == "base");
    for Contender { name, quiet, busy, .. } in contenders {
        let to_base = base.map(|base| quiet.server.ratio_to(&base.quiet.server));
        row([
            (*name).to_owned(),
            ratio(quiet.cycle.ratio_to(copies)),
            ratio(busy.cycle.ratio_to(copies)),
            to_base.map_or("–".to_owned(), ratio),
            ms(copies.median_ms()),
            ms(quiet.cycle.median_ms()),
            ms(busy.cycle.median_ms()),
            ms(quiet.server.median_ms()),
        ]);
    }
}
