//! From the bytes of a publication to a [`Snapshot`].
//!
//! A bad document is an error; a bad record costs that record alone. So the lists are split as raw
//! JSON first, and each record is then parsed by itself.

use std::str::Utf8Error;

use serde_json::value::RawValue;

use self::{
    document::{list, parse},
    losses::Remains,
    session::Sessions,
    tally::Tally,
};
use super::{
    time,
    wire::{self, Fields, Value as _},
};
use sectorwatch_core::{
    Time,
    controller::Controller,
    flight::Pilot,
    snapshot::{Snapshot, Source},
};

mod checks;
mod controllers;
mod cut;
mod document;
mod excerpt;
mod fields;
pub mod losses;
mod pilots;
mod plan;
mod session;
mod tally;
mod transceivers;

#[cfg(test)]
mod tests;

pub(super) use document::without_mark;
pub use fields::optional_fields;
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
    Schema(&'static str),
    /// The feed, but most of its pilots cannot be read.
    #[error("the feed has drifted: {refused} of {pilots} pilots cannot be read")]
    Drifted {
        /// Entries of `pilots` that were rejected, duplicates not counted.
        refused: usize,
        /// How many pilots the list holds.
        pilots: usize,
        /// What is kept of it.
        remains: Box<Remains>,
    },
    /// The feed, but without most of what it says it holds.
    #[error("the feed is cut: of {connected} connected clients it holds {listed}")]
    Truncated {
        /// `general.connected_clients`.
        connected: i64,
        /// The records of its three lists.
        listed: usize,
        /// What is kept of it.
        remains: Box<Remains>,
    },
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
            DecodeError::Schema(_) | DecodeError::Drifted { .. } => "schema",
            DecodeError::Truncated { .. } => "truncated",
            DecodeError::Future { .. } => "future",
        }
    }

    /// What is kept of a document of which nothing else is stored.
    pub fn remains(&self) -> Option<&Remains> {
        match self {
            DecodeError::Drifted { remains, .. } | DecodeError::Truncated { remains, .. } => {
                Some(remains)
            }
            _ => None,
        }
    }
}

/// Decodes one publication of the main feed.
///
/// An `update_timestamp` after `newest_allowed` is an error; `None` is for replay, where feed time
/// is the clock.
///
/// # Errors
/// When the document as a whole cannot be used; never for a record.
pub fn decode(body: &[u8], newest_allowed: Option<Time>) -> Result<Snapshot, DecodeError> {
    let document: Fields = parse(body, "it is no object")?;
    let mut tally = Tally::default();
    let general = document.get("general").map(RawValue::get);
    let general = general.and_then(wire::General::read);
    let general = general.ok_or(DecodeError::Schema("general: missing, or no object"))?;
    let update_timestamp = published(&general)?;
    if let Some(newest_allowed) = newest_allowed.filter(|newest| update_timestamp > *newest) {
        return Err(DecodeError::Future { update_timestamp, newest_allowed });
    }

    let pilots = document.get("pilots").map_or("null", RawValue::get);
    let pilots = list(pilots).map_err(|_| DecodeError::Schema("pilots: no list of them"))?;
    let controllers = optional_list(&document, "controllers", Source::Controller, &mut tally);
    let atis = optional_list(&document, "atis", Source::Atis, &mut tally);
    let connected_clients =
        general.connected_clients.and_then(|raw| serde_json::from_str(raw.get()).ok());
    // A list that is missing holds none: without pilots there is no snapshot, and the others are an eighth of
    // the network, so that their absence alone is never a half of it.
    let listed = [Some(&pilots), controllers.as_ref(), atis.as_ref()];
    let listed = listed.into_iter().flatten().map(Vec::len).sum();

    let pilots: Sessions<Pilot> = session::decode_all(&pilots, update_timestamp, &mut tally);
    let controllers: Option<Sessions<Controller>> =
        controllers.map(|list| session::decode_all(&list, update_timestamp, &mut tally));
    let atis = atis.map(|list| count_atis(&list, &mut tally));
    tally.unknown("general.", general.unknown);
    tally.unknown("", document.unknown(&wire::DOCUMENT));
    let (controllers, refused_controllers) =
        controllers.map(|list| (list.accepted, list.refused)).unzip();
    losses::accept(
        Snapshot {
            update_timestamp,
            pilots: pilots.accepted,
            controllers,
            atis,
            connected_clients,
            rejected: tally.rejected,
            refused_pilots: pilots.refused,
            refused_controllers: refused_controllers.unwrap_or_default(),
            unreadable: tally.unreadable,
            unknown_fields: tally.unknown_fields,
        },
        listed,
    )
}

fn published(general: &wire::General<'_>) -> Result<Time, DecodeError> {
    let text = general.update_timestamp.as_ref().map(AsRef::as_ref);
    let text = text.ok_or(DecodeError::Schema("general.update_timestamp: missing, or no text"))?;
    time::parse(text).ok_or(DecodeError::Schema("general.update_timestamp: no time"))
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
    list.map_err(|why| tally.reject_list(source, format_args!("{name}: {why}"))).ok()
}

/// ATIS stations are counted and not stored; their fields are looked at for drift.
fn count_atis(list: &[&RawValue], tally: &mut Tally) -> usize {
    let mut count = 0;
    for raw in list {
        match checks::record::<wire::Atis>(raw.get()) {
            Ok(atis) => {
                count += 1;
                tally.unknown("atis.", atis.unknown);
                tally.unreadable(Source::Atis, &atis.unreadable);
            }
            Err(refusal) => tally.reject(Source::Atis, raw, refusal),
        }
    }
    count
}
