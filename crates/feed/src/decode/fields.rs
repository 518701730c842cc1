//! The optional fields of records.

use crate::wire::{self, Record as _};
use sectorwatch_core::snapshot::RecordType;

/// The fields without which a pilot is rejected. `groundspeed` may be absent, but not unreadable.
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

/// Every field that may be unreadable in an accepted record, with its record type.
pub fn optional_fields() -> impl Iterator<Item = (RecordType, &'static str)> {
    let of = |source, fields: &'static [&'static str], required: &'static [&'static str]| {
        let optional = fields.iter().filter(|field| !required.contains(field));
        optional.map(move |field| (source, *field))
    };
    of(RecordType::Pilot, wire::Pilot::FIELDS, &PILOT)
        .chain(of(RecordType::Pilot, wire::FlightPlan::FIELDS, &[]))
        .chain(of(RecordType::Controller, wire::Controller::FIELDS, &CONTROLLER))
        .chain(of(RecordType::Atis, wire::Atis::FIELDS, &[]))
        .chain(of(RecordType::Transceiver, wire::Transceiver::FIELDS, &TRANSCEIVER))
}
