//! From the bytes of a publication to a [`Snapshot`].
//!
//! A bad document is an error; a bad record costs that record alone. So the lists are split as raw
//! JSON first, and each record is then parsed by itself.

use std::str::Utf8Error;

use serde::Deserialize;
use serde_json::{error::Category, value::RawValue};

use self::tally::{Tally, cut};
use super::{
    time,
    wire::{self, Fields},
};
use crate::domain::{
    Time,
    controller::Controller,
    flight::Pilot,
    snapshot::{Snapshot, Source},
};

mod checks;
mod controllers;
mod pilots;
mod plan;
mod session;
mod tally;
mod transceivers;

#[cfg(test)]
mod tests;

pub use transceivers::decode_transceivers;

/// Why a whole document was refused.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Some of its bytes are no UTF-8.
    #[error("the document is not UTF-8")]
    Utf8(#[source] Utf8Error),
    /// HTML, a bare NaN, a body that was cut, or the like.
    #[error("the document is not JSON")]
    Json(#[source] serde_json::Error),
    /// JSON, but not the feed.
    #[error("the document is not the feed: {0}")]
    Schema(String),
    /// Published in the future, by our clock.
    #[error("update_timestamp {update_timestamp} is after {newest_allowed}")]
    Future {
        /// When the document says it was published.
        update_timestamp: Time,
        /// The latest time that would have been believed.
        newest_allowed: Time,
    },
}

impl DecodeError {
    /// The word for it in metrics and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            DecodeError::Utf8(_) => "utf8",
            DecodeError::Json(_) => "json",
            DecodeError::Schema(_) => "schema",
            DecodeError::Future { .. } => "future",
        }
    }

    fn schema(what: &str, why: impl std::fmt::Display) -> Self {
        DecodeError::Schema(cut(&format!("{what}: {why}"), tally::DETAIL_BYTES))
    }
}

/// Most records of one list.
const MOST_RECORDS: usize = 100_000;

/// Decodes one publication of the main feed.
///
/// An `update_timestamp` after `newest_allowed` is an error; `None` is for replay, where feed time
/// is the clock.
///
/// # Errors
/// When the document as a whole cannot be used; never for a record.
pub fn decode(body: &[u8], newest_allowed: Option<Time>) -> Result<Snapshot, DecodeError> {
    let document: Fields = parse(body)?;
    let mut tally = Tally::default();
    let general = document.get("general").map_or("null", RawValue::get);
    let general: wire::General =
        serde_json::from_str(general).map_err(|error| DecodeError::schema("general", error))?;
    let update_timestamp = published(&general)?;
    if let Some(newest_allowed) = newest_allowed.filter(|newest| update_timestamp > *newest) {
        return Err(DecodeError::Future { update_timestamp, newest_allowed });
    }

    let pilots = document.get("pilots").map_or("null", RawValue::get);
    let pilots = list(pilots).map_err(|error| DecodeError::schema("pilots", error))?;
    let pilots: Vec<Pilot> = session::decode_all(&pilots, update_timestamp, &mut tally);
    let controllers: Option<Vec<Controller>> =
        optional_list(&document, "controllers", Source::Controller, &mut tally)
            .map(|list| session::decode_all(&list, update_timestamp, &mut tally));
    let atis = optional_list(&document, "atis", Source::Atis, &mut tally)
        .map(|list| count_atis(&list, &mut tally));

    tally.unknown("general.", general.unknown);
    tally.unknown("", document.unknown(&wire::DOCUMENT));
    Ok(Snapshot {
        update_timestamp,
        pilots,
        controllers,
        atis,
        connected_clients: general
            .connected_clients
            .and_then(|raw| serde_json::from_str(raw.get()).ok()),
        rejected: tally.rejected,
        refused_pilots: Vec::new(),
        refused_controllers: Vec::new(),
        unknown_fields: tally.unknown_fields,
    })
}

/// Parses a whole document, telling what is no JSON from what is JSON of another shape.
fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    // Checking once up front is faster than letting serde_json check every string by itself.
    let text = str::from_utf8(body).map_err(DecodeError::Utf8)?;
    serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => DecodeError::schema("document", error),
        Category::Io | Category::Syntax | Category::Eof => DecodeError::Json(error),
    })
}

fn published(general: &wire::General<'_>) -> Result<Time, DecodeError> {
    let text = general.update_timestamp.as_ref().map(AsRef::as_ref);
    let text = text.ok_or_else(|| DecodeError::schema("general.update_timestamp", "missing"))?;
    time::parse(text)
        .ok_or_else(|| DecodeError::schema("general.update_timestamp", format_args!("{text:?}")))
}

/// The records of a list that flights can do without. Missing and null mean unknown, and so does
/// a wrong type, which is reported as well.
fn optional_list<'a>(
    document: &Fields<'a>,
    name: &str,
    source: Source,
    tally: &mut Tally,
) -> Option<Vec<&'a RawValue>> {
    let list = list(document.get(name)?.get());
    list.map_err(|error| tally.reject_list(source, format_args!("{name}: {error}"))).ok()
}

/// The records of a list. Each rejected one is kept in memory for a while, so that a hostile list has
/// to end somewhere; the network's own has a few thousand.
fn list(text: &str) -> serde_json::Result<Vec<&RawValue>> {
    let records: Vec<&RawValue> = serde_json::from_str(text)?;
    if records.len() > MOST_RECORDS {
        let count = records.len();
        return Err(serde::de::Error::custom(format_args!(
            "{count} records, where {MOST_RECORDS} are the most"
        )));
    }
    Ok(records)
}

/// ATIS stations are counted and not stored; their names are looked at for drift.
fn count_atis(list: &[&RawValue], tally: &mut Tally) -> usize {
    let mut count = 0;
    for raw in list {
        match serde_json::from_str::<Fields>(raw.get()) {
            Ok(fields) => {
                count += 1;
                tally.unknown("atis.", fields.unknown(&wire::ATIS));
            }
            Err(error) => tally.reject(Source::Atis, raw, error.into()),
        }
    }
    count
}
