//! `/api/status` during failures.

use std::{
    net::SocketAddr,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{
    ask, demo,
    figures::{Times, ms, row, table},
    http,
    postgres_session::PostgresSession,
    server::Server,
};

const REQUESTS: usize = 1_000;
/// Lets the service go idle between two requests, because real requests meet cold caches.
const PAUSE: Duration = Duration::from_millis(5);
/// Exhaustion of a pool becomes a reason of the status only after a minute.
const PATIENCE: Duration = Duration::from_secs(120);
/// More than the number of connections in the pool `read`.
const READERS: usize = 6;

/// Prints one row for each failure. The last failure is a stopped server.
pub fn run(server: Server) {
    table(
        &format!("`/api/status` in trouble, {REQUESTS} requests one after the other"),
        &["trouble", "reasons", "median", "p99", "longest"],
    );
    let service = demo::start(&server, &[]);
    measure("none", service.address, &[]);
    drop(service);

    let service = demo::start(
        &server,
        &[
            ("SECTORWATCH_INGEST_POOL_SIZE", "2"),
            ("SECTORWATCH_READ_POOL_SIZE", "2"),
            ("SECTORWATCH_POOL_SELF_HEAL", "false"),
            ("SECTORWATCH_FAULT", "release.flights=forget@5; release.flights=forget@6"),
        ],
    );
    await_reasons(service.address, &[]);
    let holder = PostgresSession::open(&server);
    let lock = "begin; lock table flights in access exclusive mode";
    holder.wait(holder.client.batch_execute(lock)).expect("the lock");
    let readers = blocked_readers(service.address);
    measure("both pools exhausted", service.address, &["pool_exhausted", "cycle_failed"]);
    drop((service, holder));
    readers.into_iter().for_each(|reader| reader.join().expect("a reader"));

    let service = demo::start(
        &server,
        &[
            ("SECTORWATCH_FAULT", "cycle.fetch=block:600000@5"),
            // Keeps the supervisor from restarting the blocked poller.
            ("SECTORWATCH_FAULT_STALL_MS", "600000"),
        ],
    );
    measure("poller dead", service.address, &["poller_heartbeat_lost"]);
    drop(service);

    let service = demo::start(&server, &[]);
    await_reasons(service.address, &[]);
    drop(server);
    measure("PostgreSQL stopped", service.address, &["database_unreachable"]);
}

fn measure(trouble: &str, address: SocketAddr, reasons: &[&str]) {
    let told = await_reasons(address, reasons);
    let mut times = Times::default();
    for _ in 0..REQUESTS {
        let begun = Instant::now();
        http::get(address, "/api/status").expect("an answer");
        times.push(begun.elapsed());
        thread::sleep(PAUSE);
    }
    let [median, p99, longest] = [0.5, 0.99, 1.0].map(|share| ms(times.percentile_ms(share)));
    row([trouble.to_owned(), told.join(", "), median, p99, longest]);
}

/// Waits until the status has all wanted reasons, or no reason at all if none is wanted. Returns
/// all reasons of the status.
fn await_reasons(address: SocketAddr, wanted: &[&str]) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let told = ask::status(address).map(|status| codes(&status));
        let is_so = |told: &Vec<String>| match wanted {
            [] => told.is_empty(),
            wanted => wanted.iter().all(|code| told.iter().any(|it| it == code)),
        };
        if let Some(told) = told.clone().filter(is_so) {
            return told;
        }
        assert!(Instant::now() < deadline, "{told:?} instead of {wanted:?}");
        thread::sleep(Duration::from_millis(200));
    }
}

fn codes(status: &serde_json::Value) -> Vec<String> {
    let reasons = status["reasons"].as_array().expect("reasons").iter();
    reasons.map(|reason| reason["code"].as_str().expect("a code").to_owned()).collect()
}

/// Starts clients that request flights from the locked table until the service ends.
fn blocked_readers(address: SocketAddr) -> Vec<JoinHandle<()>> {
    let reader = move || while http::get(address, "/api/flights/NOBODY").is_some() {};
    (0..READERS).map(|_| thread::spawn(reader)).collect()
}
