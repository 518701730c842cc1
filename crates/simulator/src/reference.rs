//! The reference tables in every main document.

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Server {
    pub(super) ident: &'static str,
    pub(super) hostname_or_ip: &'static str,
    pub(super) location: &'static str,
    pub(super) name: &'static str,
    pub(super) clients_connection_allowed: i32,
    pub(super) client_connections_allowed: bool,
    pub(super) is_sweatbox: bool,
}

#[derive(Serialize)]
pub(super) struct Facility {
    id: i32,
    short: &'static str,
    long: &'static str,
}

#[derive(Serialize)]
pub(super) struct Rating {
    id: i32,
    short: &'static str,
    long: &'static str,
}

#[derive(Serialize)]
pub(super) struct PilotRating {
    id: i32,
    short_name: &'static str,
    long_name: &'static str,
}

const fn server(name: &'static str, address: &'static str, location: &'static str) -> Server {
    Server {
        ident: name,
        hostname_or_ip: address,
        location,
        name,
        clients_connection_allowed: 1,
        client_connections_allowed: true,
        is_sweatbox: false,
    }
}

const fn facility(id: i32, short: &'static str, long: &'static str) -> Facility {
    Facility { id, short, long }
}

const fn rating(id: i32, short: &'static str, long: &'static str) -> Rating {
    Rating { id, short, long }
}

const fn pilot_rating(id: i32, short_name: &'static str, long_name: &'static str) -> PilotRating {
    PilotRating { id, short_name, long_name }
}

/// Addresses from the blocks reserved for documentation (RFC 5737).
pub(super) static SERVERS: [Server; 4] = [
    server("DEMO-SYDNEY", "192.0.2.1", "Sydney, Australia"),
    server("DEMO-EUROPE", "192.0.2.2", "Amsterdam, Netherlands"),
    server("DEMO-AMERICA", "198.51.100.1", "New York, USA"),
    server("DEMO-ASIA", "203.0.113.1", "Singapore"),
];

pub(super) static FACILITIES: [Facility; 7] = [
    facility(0, "OBS", "Observer"),
    facility(1, "FSS", "Flight Service Station"),
    facility(2, "DEL", "Clearance Delivery"),
    facility(3, "GND", "Ground"),
    facility(4, "TWR", "Tower"),
    facility(5, "APP", "Approach/Departure"),
    facility(6, "CTR", "Enroute"),
];

pub(super) static RATINGS: [Rating; 8] = [
    rating(1, "OBS", "Observer"),
    rating(2, "S1", "Tower Trainee"),
    rating(3, "S2", "Tower Controller"),
    rating(4, "S3", "Senior Student"),
    rating(5, "C1", "Enroute Controller"),
    rating(7, "C3", "Senior Controller"),
    rating(8, "I1", "Instructor"),
    rating(11, "SUP", "Supervisor"),
];

pub(super) static PILOT_RATINGS: [PilotRating; 5] = [
    pilot_rating(0, "NEW", "Basic Member"),
    pilot_rating(1, "PPL", "Private Pilot License"),
    pilot_rating(3, "IR", "Instrument Rating"),
    pilot_rating(7, "CMEL", "Commercial Multi-Engine License"),
    pilot_rating(15, "ATPL", "Airline Transport Pilot License"),
];

pub(super) static MILITARY_RATINGS: [PilotRating; 1] =
    [pilot_rating(0, "M0", "No Military Rating")];
