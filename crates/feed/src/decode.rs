//! Decodes the bytes of a publication to a [`Snapshot`].
//!
//! A bad document is an error; a bad record costs only itself. The lists are therefore split as raw JSON
//! first, and each record is parsed separately.

use std::str::Utf8Error;

use serde_json::value::RawValue;

use self::{
    client_list::ClientList,
    document::{list, parse},
    losses::RefusedSnapshot,
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
    snapshot::{RecordType, Snapshot},
};

mod checks;
mod client_list;
mod controllers;
mod cut;
mod document;
mod excerpt;
mod fields;
pub mod losses;
mod pilots;
mod plan;
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
    /// It is not UTF-8.
    #[error("the document is not UTF-8")]
    Utf8(#[source] Utf8Error),
    /// It is not JSON: HTML, a bare NaN, or a body that was cut.
    #[error("the document is not JSON")]
    Json(#[source] serde_json::Error),
    /// It is JSON, but not the feed.
    #[error("the document is not the feed: {0}")]
    Schema(&'static str),
    /// It is the feed, but most of its pilots cannot be read.
    #[error("the feed has drifted: {refused} of {pilots} pilots cannot be read")]
    Drifted {
        /// Rejected entries of `pilots`, without duplicates.
        refused: usize,
        /// The number of pilots in the list.
        pilots: usize,
        /// What is kept of it.
        refused_snapshot: Box<RefusedSnapshot>,
    },
    /// It is the feed, but without most of the clients that it states.
    #[error("the feed is cut: of {connected} connected clients it holds {listed}")]
    Truncated {
        /// `general.connected_clients`.
        connected: i64,
        /// The number of records in its three lists.
        listed: usize,
        /// What is kept of it.
        refused_snapshot: Box<RefusedSnapshot>,
    },
    /// It was published in the future, by our clock.
    #[error("update_timestamp {update_timestamp} is after {newest_allowed}")]
    Future {
        /// The document's time of publication.
        update_timestamp: Time,
        /// The latest accepted time.
        newest_allowed: Time,
    },
}

impl DecodeError {
    /// The cause, for metrics and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            DecodeError::Utf8(_) => "utf8",
            DecodeError::Json(_) => "json",
            DecodeError::Schema(_) | DecodeError::Drifted { .. } => "schema",
            DecodeError::Truncated { .. } => "truncated",
            DecodeError::Future { .. } => "future",
        }
    }

    /// What is kept of a document that is not stored.
    pub fn refused_snapshot(&self) -> Option<&RefusedSnapshot> {
        match self {
            DecodeError::Drifted { refused_snapshot, .. }
            | DecodeError::Truncated { refused_snapshot, .. } => Some(refused_snapshot),
            _ => None,
        }
    }
}

/// Decodes one publication of the main feed.
///
/// An `update_timestamp` after `newest_allowed` is an error; `None` is for replay, where feed time is the
/// clock.
///
/// # Errors
/// The document as a whole cannot be used. A bad record is no error.
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
    let controllers = optional_list(&document, "controllers", RecordType::Controller, &mut tally);
    let atis = optional_list(&document, "atis", RecordType::Atis, &mut tally);
    let connected_clients =
        general.connected_clients.and_then(|raw| serde_json::from_str(raw.get()).ok());
    // A missing list counts as empty. Without pilots there is no snapshot; the other lists are an eighth of
    // the network, so that their absence alone is never half of it.
    let listed = [Some(&pilots), controllers.as_ref(), atis.as_ref()];
    let listed = listed.into_iter().flatten().map(Vec::len).sum();

    let pilots: ClientList<Pilot> = client_list::decode_all(&pilots, update_timestamp, &mut tally);
    let controllers: Option<ClientList<Controller>> =
        controllers.map(|list| client_list::decode_all(&list, update_timestamp, &mut tally));
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

/// The records of an optional list. Missing and null mean unknown. A wrong type does too, and is reported.
fn optional_list<'a>(
    document: &Fields<'a>,
    name: &str,
    source: RecordType,
    tally: &mut Tally,
) -> Option<Vec<&'a RawValue>> {
    let list = list(document.get(name)?.get());
    list.map_err(|why| tally.reject_list(source, format_args!("{name}: {why}"))).ok()
}

/// ATIS stations are counted and not stored. Their fields are checked for drift.
fn count_atis(list: &[&RawValue], tally: &mut Tally) -> usize {
    let mut count = 0;
    for raw in list {
        match checks::record::<wire::Atis>(raw.get()) {
            Ok(atis) => {
                count += 1;
                tally.unknown("atis.", atis.unknown);
                tally.unreadable(RecordType::Atis, &atis.unreadable);
            }
            Err(refusal) => tally.reject(RecordType::Atis, raw, refusal),
        }
    }
    count
}
