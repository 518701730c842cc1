//! Lists of who is logged on: pilots and controllers.

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
    snapshot::{Reason, Source},
};

/// A record of someone who is logged on.
pub(super) trait Session: Sized {
    /// The list it stands in.
    const SOURCE: Source;

    /// Decodes one record of a snapshot that was published then.
    fn decode(json: &str, published: Time, tally: &mut Tally) -> Result<Self, Refusal>;

    /// What makes it that session: CID, callsign, logon time.
    fn identity(&self) -> (i32, &str, Time);

    /// When the network last heard from it.
    fn last_updated(&self) -> Time;

    /// Its fields that are taken as absent.
    fn unreadable(&self) -> &[&'static str];
}

/// What a list holds.
pub(super) struct Sessions<S> {
    /// In the order of the list, each session once.
    pub(super) accepted: Vec<S>,
    /// Who the others are, but for records of a session that is accepted.
    pub(super) refused: Vec<PartialKey>,
}

/// Decodes a list record by record. What is rejected goes to the tally.
pub(super) fn decode_all<S: Session>(
    list: &[&RawValue],
    published: Time,
    tally: &mut Tally,
) -> Sessions<S> {
    let mut sessions = Vec::with_capacity(list.len());
    let mut refused = Vec::new();
    for (index, record) in list.iter().enumerate() {
        match S::decode(record.get(), published, tally) {
            Ok(session) => sessions.push((index, session)),
            Err(refusal) => {
                refused.push(identity(record, published));
                tally.reject(S::SOURCE, record, refusal);
            }
        }
    }
    let stale = stale_duplicates(&sessions);
    let mut accepted = Vec::with_capacity(sessions.len());
    for ((index, session), stale) in sessions.into_iter().zip(stale) {
        if stale {
            let detail = "the same session stands in this snapshot with a newer record";
            tally.reject(S::SOURCE, list[index], Refusal::new(Reason::Duplicate, detail));
        } else {
            tally.unreadable(S::SOURCE, session.unreadable());
            accepted.push(session);
        }
    }
    Sessions { accepted, refused }
}

/// What can be read of the identity of a record that is refused.
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

/// For each session, whether another record of it is newer: by `last_updated`, then by place.
fn stale_duplicates<S: Session>(sessions: &[(usize, S)]) -> Vec<bool> {
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
