//! What the pool must count, by a model that knows nothing but the events.

use std::collections::VecDeque;

use sectorwatch_store::Owner;

use super::rig::Reading;

/// What became of the session of an open lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    Clean,
    /// The future of a transaction was dropped.
    InTransaction,
    /// The future of a statement was dropped.
    InFlight,
    /// Somebody said BEGIN by himself.
    Begun,
    /// The server ended it.
    Dead,
}

/// An open lease.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub owner: Owner,
    pub session: SessionState,
}

/// The pool `ingest`.
pub struct Model {
    size: usize,
    is_closed: bool,
    /// Whether each idle connection lives, in the order in which they are taken.
    idle: VecDeque<bool>,
    pub leases: Vec<Held>,
    pub counted: Reading,
}

impl Model {
    pub fn new(size: usize) -> Self {
        let (idle, leases, counted) = Default::default();
        Self { size, is_closed: false, idle, leases, counted }
    }

    pub fn idle(&self) -> usize {
        self.idle.len()
    }

    /// Whether nobody can get a connection before a lease is dropped.
    pub fn is_exhausted(&self) -> bool {
        self.leases.len() == self.size
    }

    /// An acquire that waits until it gets what it wants.
    pub fn acquire(&mut self, owner: Owner) {
        if !self.take_idle() {
            self.open();
            self.count("validate_seconds", &[]);
        }
        self.acquired(owner);
    }

    /// An acquire whose future is dropped while it waits.
    pub fn cancel_acquire(&mut self, owner: Owner) {
        assert!(!self.take_idle(), "it waited, and there was one");
        self.asked(owner, "cancelled");
        if !self.is_exhausted() {
            // It was opened for the one who gave up.
            self.open();
            self.idle.push_back(true);
        }
    }

    /// An acquire that nobody makes room for.
    pub fn time_out(&mut self, owner: Owner) {
        self.asked(owner, "timeout");
    }

    /// A lease comes back.
    pub fn release(&mut self, lease: usize) {
        let held = self.leases.remove(lease);
        self.count("use_seconds", &[held.owner.as_str()]);
        match held.session {
            SessionState::Clean if self.is_closed => self.closed("shutdown"),
            SessionState::Clean => self.idle.push_back(true),
            SessionState::InTransaction => {
                self.closed("in_transaction");
                self.cancelled("transactions", held.owner);
                self.transaction(held.owner, "cancelled");
            }
            SessionState::InFlight => {
                self.closed("query_in_flight");
                self.cancelled("queries", held.owner);
                self.count("leaks_total", &["query_in_flight", held.owner.as_str()]);
            }
            SessionState::Begun => {
                self.closed("in_transaction");
                self.count("leaks_total", &["open_transaction", held.owner.as_str()]);
            }
            SessionState::Dead => self.closed("broken"),
        }
    }

    /// A transaction ends.
    pub fn transaction(&mut self, owner: Owner, end: &str) {
        let series = format!("transaction_duration_seconds {end} {}", owner.as_str());
        *self.counted.entry(series).or_default() += 1;
    }

    /// The server ends the idle sessions.
    pub fn kill_idle(&mut self) {
        self.idle.iter_mut().for_each(|alive| *alive = false);
    }

    /// The pool is closed.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// An acquire from the closed pool.
    pub fn refuse(&mut self, owner: Owner) {
        self.asked(owner, "shutdown");
    }

    /// Whether an idle connection that lives was there; the dead ones before it are thrown away.
    fn take_idle(&mut self) -> bool {
        while let Some(alive) = self.idle.pop_front() {
            self.count("validate_seconds", &[]);
            if alive {
                return true;
            }
            self.closed("invalid");
        }
        false
    }

    fn acquired(&mut self, owner: Owner) {
        self.asked(owner, "ok");
        self.leases.push(Held { owner, session: SessionState::Clean });
    }

    fn asked(&mut self, owner: Owner, outcome: &str) {
        self.count("acquires_total", &[outcome, owner.as_str()]);
        self.count("acquire_wait_seconds", &[owner.as_str()]);
    }

    fn open(&mut self) {
        self.count("connections_created_total", &[]);
        self.count("create_seconds", &["ok"]);
    }

    fn closed(&mut self, reason: &str) {
        *self.counted.entry(format!("connections_closed_total ingest {reason}")).or_default() += 1;
    }

    fn cancelled(&mut self, what: &str, owner: Owner) {
        let series = format!("cancelled_{what}_total {}", owner.as_str());
        *self.counted.entry(series).or_default() += 1;
    }

    /// `pool` comes after the names of all other labels but `reason`.
    fn count(&mut self, name: &str, labels: &[&str]) {
        let words = [&[name], labels, &["ingest"]].concat();
        *self.counted.entry(words.join(" ")).or_default() += 1;
    }
}
