//! A model that derives from the events alone what the pool must count.

use std::collections::VecDeque;

use sectorwatch_store::Owner;

use super::rig::Reading;

/// The state of the session of an open lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    Clean,
    /// The future of a transaction was dropped.
    InTransaction,
    /// The future of a statement was dropped.
    InFlight,
    /// A BEGIN was sent without the transaction function.
    Begun,
    /// The server has ended the session.
    Dead,
}

#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub owner: Owner,
    pub session: SessionState,
}

/// A model of the pool `ingest`.
pub struct Model {
    size: usize,
    is_closed: bool,
    /// Whether each idle connection is alive, in the order in which they are lent.
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

    /// Whether an acquire has to wait until a lease is dropped.
    pub fn is_exhausted(&self) -> bool {
        self.leases.len() == self.size
    }

    /// An acquire that succeeds.
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
            // The pool opens a connection for the cancelled acquire, and keeps it.
            self.open();
            self.idle.push_back(true);
        }
    }

    /// An acquire that times out, because no connection becomes free.
    pub fn time_out(&mut self, owner: Owner) {
        self.asked(owner, "timeout");
    }

    /// A lease is dropped.
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

    /// A transaction ends with this result.
    pub fn transaction(&mut self, owner: Owner, end: &str) {
        let series = format!("transaction_duration_seconds {end} {}", owner.as_str());
        *self.counted.entry(series).or_default() += 1;
    }

    /// The server ends the idle sessions.
    pub fn kill_idle(&mut self) {
        self.idle.iter_mut().for_each(|alive| *alive = false);
    }

    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// An acquire from the closed pool.
    pub fn refuse(&mut self, owner: Owner) {
        self.asked(owner, "shutdown");
    }

    /// Takes an idle connection that is alive. Closes the dead ones before it. Returns false if
    /// there is none.
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

    /// Counts an event. Labels are in the order of their names, so `pool` follows all of them
    /// except for `reason`.
    fn count(&mut self, name: &str, labels: &[&str]) {
        let words = [&[name], labels, &["ingest"]].concat();
        *self.counted.entry(words.join(" ")).or_default() += 1;
    }
}
