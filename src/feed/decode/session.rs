//! Lists of who is logged on: pilots and controllers.

use std::collections::{HashMap, hash_map::Entry};

use serde_json::value::RawValue;

use super::tally::{Refusal, Tally};
use crate::domain::{
    Time,
    snapshot::{Reason, Source},
};

/// A record of someone who is logged on.
pub(super) trait Session: Sized {
    /// The list it stands in.
    const SOURCE: Source;

    /// Decodes one record of a snapshot that was published then.
    fn decode(record: &str, published: Time, tally: &mut Tally) -> Result<Self, Refusal>;

    /// What makes it that session: CID, callsign, logon time.
    fn identity(&self) -> (i32, &str, Time);

    /// When the network last heard from it.
    fn last_updated(&self) -> Time;
}

/// Decodes a list record by record. What is rejected goes to the tally; the rest keeps its order
/// and holds each session once.
pub(super) fn decode_all<S: Session>(
    list: &[&RawValue],
    published: Time,
    tally: &mut Tally,
) -> Vec<S> {
    let mut sessions = Vec::with_capacity(list.len());
    for (index, record) in list.iter().enumerate() {
        match S::decode(record.get(), published, tally) {
            Ok(session) => sessions.push((index, session)),
            Err(refusal) => tally.reject(S::SOURCE, record, refusal),
        }
    }
    let stale = stale_duplicates(&sessions);
    let mut kept = Vec::with_capacity(sessions.len());
    for ((index, session), stale) in sessions.into_iter().zip(stale) {
        if stale {
            let detail = "the same session stands in this snapshot with a newer record";
            tally.reject(S::SOURCE, list[index], Refusal::new(Reason::Duplicate, detail));
        } else {
            kept.push(session);
        }
    }
    kept
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
