//! Decodes the lists of connected clients: pilots and controllers.

use std::collections::{HashMap, hash_map::Entry};

use serde_json::value::RawValue;

use super::{
    checks::Unreadable,
    tally::{Refusal, Tally},
};
use crate::wire::{Fields, Integer, Text, Value};
use sectorwatch_core::{
    Time,
    flight::PartialKey,
    snapshot::{RecordType, RejectionReason},
};

/// A record of a connected client.
pub(super) trait ClientRecord: Sized {
    /// The type of the record.
    const RECORD_TYPE: RecordType;

    /// Decodes one record of a snapshot that was published at `published`.
    fn decode(json: &str, published: Time, tally: &mut Tally) -> Result<Self, Refusal>;

    /// The identity of the client: CID, callsign, logon time.
    fn identity(&self) -> (i32, &str, Time);

    /// When the network last received data from it.
    fn last_updated(&self) -> Time;

    /// The unreadable fields, which count as absent.
    fn unreadable(&self) -> &[&'static str];
}

/// The contents of a list.
pub(super) struct ClientList<S> {
    /// The accepted records in the order of the list, each client once.
    pub(super) accepted: Vec<S>,
    /// The identities of the refused records, without other records of accepted clients.
    pub(super) refused: Vec<PartialKey>,
}

/// Decodes a list record by record. Rejected records are added to the tally.
pub(super) fn decode_all<S: ClientRecord>(
    list: &[&RawValue],
    published: Time,
    tally: &mut Tally,
) -> ClientList<S> {
    let mut sessions = Vec::with_capacity(list.len());
    let mut refused = Vec::new();
    for (index, record) in list.iter().enumerate() {
        match S::decode(record.get(), published, tally) {
            Ok(session) => sessions.push((index, session)),
            Err(refusal) => {
                refused.push(identity(record, published));
                tally.reject(S::RECORD_TYPE, record, refusal);
            }
        }
    }
    let stale = stale_duplicates(&sessions);
    let mut accepted = Vec::with_capacity(sessions.len());
    for ((index, session), stale) in sessions.into_iter().zip(stale) {
        if stale {
            let detail = "the same session stands in this snapshot with a newer record";
            tally.reject(
                S::RECORD_TYPE,
                list[index],
                Refusal::new(RejectionReason::Duplicate, detail),
            );
        } else {
            tally.unreadable(S::RECORD_TYPE, session.unreadable());
            accepted.push(session);
        }
    }
    ClientList { accepted, refused }
}

/// The readable part of a refused record's identity.
fn identity(record: &RawValue, published: Time) -> PartialKey {
    let Ok(fields) = serde_json::from_str::<Fields>(record.get()) else {
        return PartialKey::default();
    };
    let text = |field| fields.get(field).and_then(|value| Text::read(value.get()));
    let cid = fields.get("cid").and_then(|value| Integer::read(value.get()));
    let each = Unreadable::default();
    PartialKey {
        cid: each.cid(cid).ok(),
        callsign: each.callsign(text("callsign").as_ref()).ok(),
        logon_time: each.logon_time(text("logon_time").as_ref(), published).ok(),
    }
}

/// For each record, whether another record of the same client is newer: by `last_updated`, then by position.
fn stale_duplicates<S: ClientRecord>(sessions: &[(usize, S)]) -> Vec<bool> {
    let mut stale = vec![false; sessions.len()];
    let mut newest = HashMap::with_capacity(sessions.len());
    for (place, (_, session)) in sessions.iter().enumerate() {
        match newest.entry(session.identity()) {
            Entry::Vacant(entry) => {
                entry.insert(place);
            }
            Entry::Occupied(entry)
                if session.last_updated() < sessions[*entry.get()].1.last_updated() =>
            {
                stale[place] = true;
            }
            Entry::Occupied(mut entry) => stale[entry.insert(place)] = true,
        }
    }
    stale
}
