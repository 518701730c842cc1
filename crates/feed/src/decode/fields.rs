//! Which fields a record can do without.

use crate::wire::{self, Record as _};
use sectorwatch_core::snapshot::Source;

/// Without these a record is rejected. `groundspeed` may be absent, but not be anything else.
const PILOT: [&str; 8] = [
    "cid",
    "callsign",
    "logon_time",
    "last_updated",
    "latitude",
    "longitude",
    "altitude",
    "groundspeed",
];
const CONTROLLER: [&str; 4] = ["cid", "callsign", "logon_time", "last_updated"];
const TRANSCEIVER: [&str; 4] = ["id", "frequency", "latDeg", "lonDeg"];

/// Every field that can be lost from a record that is taken, with the list that it stands in.
pub fn optional_fields() -> impl Iterator<Item = (Source, &'static str)> {
    let of = |source, fields: &'static [&'static str], required: &'static [&'static str]| {
        let optional = fields.iter().filter(|field| !required.contains(field));
        optional.map(move |field| (source, *field))
    };
    of(Source::Pilot, wire::Pilot::FIELDS, &PILOT)
        .chain(of(Source::Pilot, wire::FlightPlan::FIELDS, &[]))
        .chain(of(Source::Controller, wire::Controller::FIELDS, &CONTROLLER))
        .chain(of(Source::Atis, wire::Atis::FIELDS, &[]))
        .chain(of(Source::Transceiver, wire::Transceiver::FIELDS, &TRANSCEIVER))
}
