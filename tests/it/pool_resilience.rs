//! The running service, watched from outside: what clients, threads, networks and servers that fail
//! do to its database connections.

mod audit;
mod ended_thread;
mod frozen_server;
mod hang_ups;
mod killed_service;
#[cfg(feature = "fault-injection")]
mod runtimes;

use std::net::SocketAddr;

use crate::support::{
    crowd::{Crowd, Manners, Visitor},
    feed_server::FeedServer,
    leaks::{Counters, unrest},
    postgres::Database,
    schedule::{BEACON, cruisers},
    service::{PATIENCE, Service, Setup},
};

/// Far fewer than clients.
const READ_POOL: usize = 2;

/// A service with more clients to come than connections for them.
fn crowded(database: &Database, feed: &FeedServer) -> Setup {
    Setup::serve(database, feed)
        .env("SECTORWATCH_POLL_INTERVAL", "1s")
        .env("SECTORWATCH_READ_POOL_SIZE", &READ_POOL.to_string())
        .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
}

fn counters(service: &Service) -> Counters {
    Counters::of(&service.get("/metrics").text())
}

/// Waits until nobody holds a connection or waits for one.
fn await_rest(service: &mut Service) {
    service.wait_until("at rest", PATIENCE, |it| unrest(&it.get("/metrics").text()).is_empty());
}

/// A page that asks the database; everybody of the schedule's first publication has one.
fn history_of(callsign: &str) -> String {
    format!("/api/flights/{callsign}")
}

/// This many clients: half on the status, half on histories, and half of both hang up.
fn half_of_them_hang_up(clients: usize) -> Vec<Visitor> {
    let callsigns: Vec<String> = cruisers().chain([BEACON.to_owned()]).collect();
    let visitor = |number: usize| Visitor {
        path: match number % 2 {
            0 => "/api/status".to_owned(),
            _ => history_of(&callsigns[number % callsigns.len()]),
        },
        manners: match number / 2 % 4 {
            0 => Manners::Closes,
            1 => Manners::Resets,
            _ => Manners::Waits,
        },
    };
    (0..clients).map(visitor).collect()
}

/// Both connections of the pool serve at once, and no more than both.
fn assert_whole(service: &mut Service, address: SocketAddr, database: &Database) {
    let held = database.client();
    held.run("begin; lock table flights in access exclusive mode");
    let visitor = Visitor { path: history_of(BEACON), manners: Manners::Waits };
    let asking = Crowd::of(address, vec![visitor; READ_POOL + 1]);
    service.wait_until("all connections serve", PATIENCE, |it| {
        let of = "{pool=\"read\",owner=\"api\"}";
        let out = it.metric(&format!("sectorwatch_db_pool_checked_out_connections_by_owner{of}"));
        assert!(out <= READ_POOL as f64);
        out == READ_POOL as f64
    });
    held.run("commit");
    for (_, answers) in asking.end() {
        assert_eq!(answers.by_status.keys().collect::<Vec<_>>(), [&200], "{answers:?}");
    }
}
