//! The running service, watched from outside: what clients, threads, networks and servers that fail
//! do to its database connections.

mod crowd;

use crate::support::{
    crowd::{Manners, Visitor},
    leaks::{Counters, unrest},
    schedule::{BEACON, cruisers},
    service::{PATIENCE, Service},
};

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
