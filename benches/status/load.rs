//! `/api/status` under load, and the effect of the load on the duration of cycles.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use chrono::Utc;

use crate::{
    ask, demo,
    figures::{Times, ms, ratio, row, table},
    http,
    postgres_session::PostgresSession,
    server::Server,
    service::Service,
    visitors::{self, Answers, Manner, Wish},
    week,
};

const RATE: u32 = 500;
const CLIENTS: u32 = 50;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(20);
/// The time in which a new service completes its first cycles.
const WARM_UP: Duration = Duration::from_secs(10);

const JSON: Wish<'static> = Wish { path: "/api/status", compressed: false };
const PAGE: Wish<'static> = Wish { path: "/?format=html", compressed: false };
const METRICS: Wish<'static> = Wish { path: "/metrics", compressed: false };
/// The rows of the table of the open loop.
const IN_THE_OPEN: [(&str, Wish<'static>); 3] = [
    ("JSON", JSON),
    ("JSON, compressed", Wish { compressed: true, ..JSON }),
    ("page, compressed", Wish { compressed: true, ..PAGE }),
];
/// The rows of the table of the closed loop.
const CLOSED: [(&str, Wish<'static>); 6] = [
    ("JSON", JSON),
    ("JSON, compressed", Wish { compressed: true, ..JSON }),
    ("page", PAGE),
    ("page, compressed", Wish { compressed: true, ..PAGE }),
    ("`/metrics`", METRICS),
    ("`/metrics`, compressed", Wish { compressed: true, ..METRICS }),
];

/// Runs the open loop, alternating with periods without load, and then the closed loop. Runs only
/// the closed loop if `only_closed` is set.
pub fn run(server: &Server, only_closed: bool) {
    let rows = rows();
    fill(server, rows);
    let service = demo::start(server, &[]);
    thread::sleep(WARM_UP);
    if !only_closed {
        in_the_open(&service, rows);
    }
    closed(&service);
}

fn in_the_open(service: &Service, rows: usize) {
    table(
        &format!(
            "Open loop of {RATE} requests a second beside {rows} positions, a cycle each second: \
             {ROUNDS} × {} s, by turns with as long a rest",
            ROUND.as_secs()
        ),
        &[
            "what",
            "size",
            "answered a second",
            "failed",
            "p50",
            "p99",
            "longest",
            "cycle (rest)",
            "cycle (load)",
            "load / rest",
        ],
    );
    for (name, wish) in IN_THE_OPEN {
        open(service, name, wish);
    }
}

fn closed(service: &Service) {
    table(
        &format!("Closed loop of {CLIENTS} clients, {} s", ROUND.as_secs()),
        &["what", "answered a second", "failed", "p50", "p99", "longest", "ticks missed"],
    );
    for (name, wish) in CLOSED {
        let missed = missed(service.address);
        let answers = visitors::send(service.address, wish, Manner::Closed(CLIENTS), ROUND);
        let missed = self::missed(service.address) - missed;
        let mut cells = vec![name.to_owned(), per_second(&answers, 1), answers.failed.to_string()];
        cells.extend(percentiles(&answers.times));
        cells.push(missed.to_string());
        row(cells);
    }
}

/// The number of cycles so far that did not begin in time.
fn missed(address: SocketAddr) -> f64 {
    ask::metric(address, "sectorwatch_poll_ticks_skipped_total").expect("metrics")
}

fn open(service: &Service, name: &str, wish: Wish<'_>) {
    let [mut rest, mut load] = <[Times; 2]>::default();
    let mut answers = Answers::default();
    for _ in 0..ROUNDS {
        let before = Cycles::read(service.address);
        thread::sleep(ROUND);
        let between = Cycles::read(service.address);
        let some = visitors::send(service.address, wish, Manner::Open(RATE), ROUND);
        let after = Cycles::read(service.address);
        rest.push(between.mean_since(&before));
        load.push(after.mean_since(&between));
        answers.times.0.extend(some.times.0);
        answers.failed += some.failed;
    }
    let size = http::get(service.address, wish.path).expect("an answer").len();
    let mut cells = vec![
        name.to_owned(),
        format!("{:.0} kB", size as f64 / 1e3),
        per_second(&answers, ROUNDS as u32),
        answers.failed.to_string(),
    ];
    cells.extend(percentiles(&answers.times));
    cells.extend([ms(rest.median_ms()), ms(load.median_ms()), ratio(load.ratio_to(&rest))]);
    row(cells);
}

fn per_second(answers: &Answers, rounds: u32) -> String {
    format!("{:.0}", answers.times.0.len() as f64 / (ROUND * rounds).as_secs_f64())
}

fn percentiles(times: &Times) -> [String; 3] {
    [0.5, 0.99, 1.0].map(|share| ms(times.percentile_ms(share)))
}

/// The number of cycles so far, and their total duration.
struct Cycles {
    number: f64,
    seconds: f64,
}

impl Cycles {
    fn read(address: SocketAddr) -> Self {
        let of = |what: &str| {
            let series = format!("sectorwatch_poll_cycle_duration_seconds_{what}");
            ask::metric(address, &series).expect("metrics")
        };
        Self { number: of("count"), seconds: of("sum") }
    }

    fn mean_since(&self, before: &Self) -> Duration {
        let cycles = self.number - before.number;
        assert!(cycles > ROUND.as_secs_f64() * 0.8, "polling goes on: {cycles} cycles");
        Duration::from_secs_f64((self.seconds - before.seconds) / cycles)
    }
}

/// How many rows of history there are.
pub fn rows() -> usize {
    match std::env::var_os("SECTORWATCH_LONG_TESTS") {
        Some(_) => 10_000_000,
        None => 1_000_000,
    }
}

/// Lets the service create the schema.
pub fn migrate(server: &Server) {
    let service = demo::start(server, &[]);
    let deadline = Instant::now() + Duration::from_secs(60);
    while ask::status(service.address).is_none_or(|status| status["status"] != "ok") {
        assert!(Instant::now() < deadline, "the service is not ok");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Adds the history.
fn fill(server: &Server, rows: usize) {
    migrate(server);
    let session = PostgresSession::open(server);
    session.wait(week::fill(&session.client, Utc::now(), rows));
}
