//! Compares the server's list with ours. Pure: readings in, findings out.
//!
//! The two lists are not read at the same moment. A difference therefore counts only if two consecutive
//! audits agree on it and nobody used that session in between. Sessions of predecessors need no second audit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::backends::Backend;
use crate::connection::{Listed, Role};

/// The reading of one audit.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The server's list.
    pub backends: Vec<Backend>,
    /// Our list before the query.
    pub before: BTreeMap<i32, Listed>,
    /// Our list after the answer.
    pub after: BTreeMap<i32, Listed>,
    /// Sessions that were given up, which the server may not know yet.
    pub given_up: BTreeSet<i32>,
    /// Whether a session with our name may be new or belong to others: one was being opened, or a pooler
    /// lends them.
    pub is_inconclusive: bool,
}

/// The fault of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It has our name, and is no session of this process.
    Orphan,
    /// It is in a transaction without a lease.
    InTransaction,
    /// It runs a statement without a lease.
    Active,
    /// It holds an advisory lock without a lease.
    AdvisoryLock,
}

/// A fault that counts once two audits agree on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Discrepancy {
    /// The process id.
    pub pid: i32,
    /// Distinguishes two backends with the same process id.
    pub backend_start: Option<DateTime<Utc>>,
    /// The fault.
    pub fault: Fault,
    /// What else must not change: the server's state and our moves. `None` for an orphan, which may change.
    unchanged: Option<Unchanged>,
}

/// The last change of state, the start of the transaction, and our moves.
type Unchanged = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, u64);

/// The findings of an audit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Backends by label `state`.
    pub states: BTreeMap<&'static str, i64>,
    /// Backends of earlier processes of this instance.
    pub predecessors: Vec<i32>,
    /// Faults that two audits agree on.
    pub confirmed: Vec<Discrepancy>,
    /// The age of the oldest transaction that two audits saw.
    pub oldest_transaction_seconds: f64,
    /// For comparison with the next audit.
    pub discrepancies: BTreeSet<Discrepancy>,
    /// Transactions, for comparison with the next audit.
    pub transactions: BTreeSet<(i32, DateTime<Utc>)>,
}

/// The values of the label `state`.
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

/// Compares a reading with the findings of the previous audit.
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
        let discrepancy = discrepancy_of(backend, listed, reading.before.get(&backend.pid))
            .filter(|it| it.fault != Fault::Orphan || !reading.is_inconclusive);
        match discrepancy {
            Some(discrepancy) => {
                let is_confirmed = before.discrepancies.contains(&discrepancy);
                if let Some(state) = state_of(&discrepancy, is_confirmed) {
                    found.count(state);
                }
                if is_confirmed {
                    found.confirmed.push(discrepancy.clone());
                }
                found.discrepancies.insert(discrepancy);
            }
            None => found.count(match listed {
                Some(Listed { role: Role::System, .. }) => "system",
                Some(listed) if listed.is_lent() => "leased",
                // One of ours, or one that is just being opened or closed.
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

/// The fault of a backend, if there is one.
fn discrepancy_of(
    backend: &Backend,
    after: Option<&Listed>,
    before: Option<&Listed>,
) -> Option<Discrepancy> {
    let fault = match (before, after) {
        (None, None) => Fault::Orphan,
        (Some(before), Some(after)) if before == after => match after.role {
            Role::System => return None,
            Role::Pooled(_) if after.is_lent() => return None,
            Role::Pooled(_) => match backend.state.as_deref() {
                Some("active" | "fastpath function call") => Fault::Active,
                Some(state) if state.starts_with("idle in transaction") => Fault::InTransaction,
                _ if backend.holds_advisory_lock => Fault::AdvisoryLock,
                _ => return None,
            },
        },
        _ => return None,
    };
    let moves = after.map_or(0, |listed| listed.moves);
    let unchanged = (backend.state_change, backend.xact_start, moves);
    Some(Discrepancy {
        pid: backend.pid,
        backend_start: backend.backend_start,
        fault,
        unchanged: (fault != Fault::Orphan).then_some(unchanged),
    })
}

/// The state under which a backend is counted. Without confirmation, it keeps its former state.
fn state_of(discrepancy: &Discrepancy, is_confirmed: bool) -> Option<&'static str> {
    match (discrepancy.fault, is_confirmed) {
        (Fault::Orphan, true) => Some("orphan"),
        (Fault::Orphan, false) => None,
        (Fault::InTransaction, true) => Some("idle_in_transaction_unleased"),
        (Fault::Active, true) => Some("active_unleased"),
        (Fault::AdvisoryLock, _) | (_, false) => Some("pooled_idle"),
    }
}

impl Findings {
    fn count(&mut self, state: &'static str) {
        *self.states.entry(state).or_default() += 1;
    }
}

#[cfg(test)]
mod tests;
