//! What the server's list and ours say together. Pure: two readings in, findings out.
//!
//! The two lists are not read at one moment, so a difference counts only when two consecutive audits
//! agree on it, and nobody here moved that session in between. Predecessors need no second audit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::backends::Backend;
use crate::connection::{Listed, Role};

/// One audit's reading.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The server's list.
    pub backends: Vec<Backend>,
    /// Our list, before the server was asked.
    pub before: BTreeMap<i32, Listed>,
    /// Our list, after it had answered.
    pub after: BTreeMap<i32, Listed>,
    /// Sessions that we gave up, of which the server may not know.
    pub given_up: BTreeSet<i32>,
    /// What bears our name may be ours to come, or somebody else's by now: a session was being
    /// opened, or a pooler lends them.
    pub is_vague: bool,
}

/// What is wrong with a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// It bears our name, and no session here is it.
    Orphan,
    /// In a transaction that no lease holds.
    InTransaction,
    /// Working for no lease.
    Active,
    /// Holding an advisory lock for no lease.
    AdvisoryLock,
}

/// Something that must hold in two audits to be believed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// Process id.
    pub pid: i32,
    /// Tells two backends of the same id apart.
    pub backend_start: Option<DateTime<Utc>>,
    /// What is wrong with it.
    pub wrong: Wrong,
    /// What else must not have changed: the server's state, and our moves. An orphan may do what
    /// it likes.
    unchanged: Option<Unchanged>,
}

/// Last change of state, beginning of the transaction, and our moves.
type Unchanged = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, u64);

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Backends by the words of the label `state`.
    pub states: BTreeMap<&'static str, i64>,
    /// Backends of earlier processes of this instance.
    pub predecessors: Vec<i32>,
    /// Believed by two audits.
    pub confirmed: Vec<Sighting>,
    /// Of the oldest transaction that two audits saw.
    pub oldest_transaction_seconds: f64,
    /// To be compared with the next audit.
    pub sightings: BTreeSet<Sighting>,
    /// Transactions seen, to be compared with the next audit.
    pub transactions: BTreeSet<(i32, DateTime<Utc>)>,
}

/// The words of the label `state`.
pub const STATES: [&str; 8] = [
    "leased",
    "pooled_idle",
    "system",
    "orphan",
    "predecessor",
    "given_up",
    "idle_in_transaction_unleased",
    "active_unleased",
];

/// Compares a reading with what the audit before found.
pub fn judge(application_name: &str, reading: &Reading, before: &Findings) -> Findings {
    let mut found =
        Findings { states: STATES.map(|state| (state, 0)).into(), ..Findings::default() };
    for backend in &reading.backends {
        if backend.application_name != application_name {
            found.predecessors.push(backend.pid);
            found.count("predecessor");
            continue;
        }
        if reading.is_given_up(backend.pid) {
            found.count("given_up");
            continue;
        }
        if let Some(began) = backend.xact_start.filter(|_| !backend.is_auditor) {
            found.transactions.insert((backend.pid, began));
            if before.transactions.contains(&(backend.pid, began)) {
                let age = backend.transaction_seconds.unwrap_or_default();
                found.oldest_transaction_seconds = found.oldest_transaction_seconds.max(age);
            }
        }
        let listed = reading.after.get(&backend.pid);
        let sighting = sight(backend, listed, reading.before.get(&backend.pid))
            .filter(|it| it.wrong != Wrong::Orphan || !reading.is_vague);
        match sighting {
            Some(sighting) => {
                let is_confirmed = before.sightings.contains(&sighting);
                if let Some(state) = state_of(&sighting, is_confirmed) {
                    found.count(state);
                }
                if is_confirmed {
                    found.confirmed.push(sighting.clone());
                }
                found.sightings.insert(sighting);
            }
            None => found.count(match listed {
                Some(Listed { role: Role::System, .. }) => "system",
                Some(listed) if listed.is_lent() => "leased",
                // Ours, or opened or closed at this very moment.
                _ => "pooled_idle",
            }),
        }
    }
    found
}

impl Reading {
    fn is_given_up(&self, pid: i32) -> bool {
        self.given_up.contains(&pid) && !self.after.contains_key(&pid)
    }
}

/// What is wrong with a backend, if anything is.
fn sight(backend: &Backend, after: Option<&Listed>, before: Option<&Listed>) -> Option<Sighting> {
    let wrong = match (before, after) {
        (None, None) => Wrong::Orphan,
        (Some(before), Some(after)) if before == after => match after.role {
            Role::System => return None,
            Role::Pooled(_) if after.is_lent() => return None,
            Role::Pooled(_) => match backend.state.as_deref() {
                Some("active" | "fastpath function call") => Wrong::Active,
                Some(state) if state.starts_with("idle in transaction") => Wrong::InTransaction,
                _ if backend.holds_advisory_lock => Wrong::AdvisoryLock,
                _ => return None,
            },
        },
        _ => return None,
    };
    let moves = after.map_or(0, |listed| listed.moves);
    let unchanged = (backend.state_change, backend.xact_start, moves);
    Some(Sighting {
        pid: backend.pid,
        backend_start: backend.backend_start,
        wrong,
        unchanged: (wrong != Wrong::Orphan).then_some(unchanged),
    })
}

/// Where a backend is counted: what is not believed yet is still what it was.
fn state_of(sighting: &Sighting, is_confirmed: bool) -> Option<&'static str> {
    match (sighting.wrong, is_confirmed) {
        (Wrong::Orphan, true) => Some("orphan"),
        (Wrong::Orphan, false) => None,
        (Wrong::InTransaction, true) => Some("idle_in_transaction_unleased"),
        (Wrong::Active, true) => Some("active_unleased"),
        (Wrong::AdvisoryLock, _) | (_, false) => Some("pooled_idle"),
    }
}

impl Findings {
    fn count(&mut self, state: &'static str) {
        *self.states.entry(state).or_default() += 1;
    }
}

#[cfg(test)]
mod tests;
