//! The rules of decoding, with documents that are composed field by field so that any value is possible.

use std::fmt::Write as _;

use super::decode;
use sectorwatch_core::{
    controller::Controller,
    flight::Pilot,
    snapshot::{RejectionReason, Snapshot},
};

mod controllers;
mod documents;
mod duplicates;
mod losses;
mod never_panics;
mod pilots;
mod real;
mod rejected;
mod transceivers;
mod unreadable;

const PUBLISHED: &str = "2024-02-20T12:00:00Z";

const PILOT: &[(&str, &str)] = &[
    ("cid", "1000001"),
    ("name", r#""Jane Doe YSSY""#),
    ("callsign", r#""QFA1""#),
    ("latitude", "-33.9"),
    ("longitude", "151.2"),
    ("altitude", "35000"),
    ("groundspeed", "450"),
    ("heading", "90"),
    ("logon_time", r#""2024-02-20T10:00:00.1234567Z""#),
    ("last_updated", r#""2024-02-20T11:59:50Z""#),
];

const CONTROLLER: &[(&str, &str)] = &[
    ("cid", "1000002"),
    ("name", r#""Joe Bloggs""#),
    ("callsign", r#""ML-WOL_CTR""#),
    ("frequency", r#""125.000""#),
    ("facility", "6"),
    ("rating", "5"),
    ("logon_time", r#""2024-02-20T10:00:00Z""#),
    ("last_updated", r#""2024-02-20T11:59:50Z""#),
];

/// A record with some fields replaced or added; an empty value removes the field.
fn record(base: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let changed = |name: &str| changes.iter().find(|change| change.0 == name);
    let mut json = String::new();
    let kept = base.iter().filter(|(name, _)| changed(name).is_none());
    for (name, value) in kept.chain(changes).filter(|(_, value)| !value.is_empty()) {
        let comma = if json.is_empty() { "{" } else { "," };
        write!(json, "{comma}\"{name}\":{value}").unwrap();
    }
    json + "}"
}

fn pilot(changes: &[(&str, &str)]) -> String {
    record(PILOT, changes)
}

fn controller(changes: &[(&str, &str)]) -> String {
    record(CONTROLLER, changes)
}

fn document(pilots: &[String], controllers: &[String]) -> String {
    let (pilots, controllers) = (pilots.join(","), controllers.join(","));
    format!(
        r#"{{"general":{{"update_timestamp":"{PUBLISHED}"}},"pilots":[{pilots}],"controllers":[{controllers}]}}"#
    )
}

fn decoded(pilots: &[String], controllers: &[String]) -> Snapshot {
    decode(document(pilots, controllers).as_bytes(), None).unwrap()
}

/// Decodes one changed pilot between two good ones, which must not be affected.
fn one_pilot(changes: &[(&str, &str)]) -> Result<Pilot, RejectionReason> {
    let neighbour = |cid| pilot(&[("cid", cid)]);
    let mut snapshot = decoded(&[neighbour("7"), pilot(changes), neighbour("8")], &[]);
    assert_eq!(snapshot.pilots.len() + snapshot.rejected.len(), 3, "{changes:?}");
    match snapshot.rejected.first() {
        Some(rejected) => Err(rejected.reason),
        None => Ok(snapshot.pilots.remove(1)),
    }
}

/// Like [`one_pilot`], for a controller.
fn one_controller(changes: &[(&str, &str)]) -> Result<Controller, RejectionReason> {
    let neighbour = |cid| controller(&[("cid", cid)]);
    let list = [neighbour("7"), controller(changes), neighbour("8")];
    let snapshot = decoded(&[pilot(&[])], &list);
    let mut controllers = snapshot.controllers.unwrap();
    assert_eq!(snapshot.pilots.len(), 1);
    assert_eq!(controllers.len() + snapshot.rejected.len(), 3, "{changes:?}");
    match snapshot.rejected.first() {
        Some(rejected) => Err(rejected.reason),
        None => Ok(controllers.remove(1)),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
