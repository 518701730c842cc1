//! The main document, field by field as the network publishes it.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    clock::{Clock, stamp},
    connections::NetworkConnection,
    controllers::{AtisRecord, ControllerRecord},
    leg::{Leg, State},
    reference,
};

#[derive(Serialize)]
pub(super) struct MainDocument<'a> {
    pub(super) general: General,
    pub(super) pilots: Vec<PilotRecord<'a>>,
    pub(super) controllers: Vec<ControllerRecord>,
    pub(super) atis: Vec<AtisRecord>,
    pub(super) servers: &'static [reference::Server],
    pub(super) prefiles: [Prefile; 0],
    pub(super) facilities: &'static [reference::Facility],
    pub(super) ratings: &'static [reference::Rating],
    pub(super) pilot_ratings: &'static [reference::PilotRating],
    pub(super) military_ratings: &'static [reference::PilotRating],
}

/// The simulated network has no prefiles.
#[derive(Serialize)]
pub(super) struct Prefile;

#[derive(Serialize)]
pub(super) struct General {
    pub(super) version: i32,
    pub(super) reload: i32,
    pub(super) update: String,
    pub(super) update_timestamp: String,
    pub(super) connected_clients: usize,
    pub(super) unique_users: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct PilotRecord<'a> {
    pub(super) cid: i32,
    name: &'a str,
    pub(super) callsign: &'a str,
    server: &'static str,
    pilot_rating: i32,
    military_rating: i32,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) altitude: i32,
    pub(super) groundspeed: Option<i32>,
    transponder: String,
    heading: i32,
    qnh_i_hg: f64,
    qnh_mb: i32,
    pub(super) flight_plan: Option<&'a RawValue>,
    pub(super) logon_time: String,
    pub(super) last_updated: String,
}

/// The record of a connection in a state.
pub(super) fn pilot<'a>(
    leg: &'a Leg,
    connection: &'a NetworkConnection,
    state: &State,
    clock: &Clock,
) -> PilotRecord<'a> {
    let member = &leg.trip.member;
    PilotRecord {
        cid: member.cid,
        name: &member.name,
        callsign: &connection.callsign,
        server: member.server,
        pilot_rating: member.pilot_rating,
        military_rating: 0,
        latitude: rounded(state.position.y(), 1e5),
        longitude: rounded(state.position.x(), 1e5),
        altitude: state.altitude_ft.round() as i32,
        groundspeed: state.groundspeed_kt.map(|knots| knots.round() as i32),
        transponder: format!("{:04o}", leg.trip.squawk),
        heading: state.heading.round() as i32,
        qnh_i_hg: rounded(f64::from(leg.qnh_mb) / 33.8639, 1e2),
        qnh_mb: leg.qnh_mb,
        flight_plan: leg.plan.as_deref(),
        logon_time: stamp(clock.feed_time(connection.logon_s)),
        last_updated: stamp(clock.feed_time(state.heard_s)),
    }
}

/// Rounded to the number of decimals in the feed.
pub(super) fn rounded(value: f64, places: f64) -> f64 {
    (value * places).round() / places
}
