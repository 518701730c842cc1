//! Who holds what, now: leases, waiters, sessions being opened.

use std::{
    collections::BTreeMap,
    panic::Location,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use crate::{
    domain::Time,
    store::{
        error::{ConnectError, chain},
        owner::Owner,
    },
};

/// The pool's own account, exact under cancellation because only guards change it.
#[derive(Default)]
pub struct Registry {
    next_id: AtomicU64,
    closing: AtomicBool,
    state: Mutex<State>,
}

/// One consistent reading is one lock of this.
#[derive(Default)]
pub struct State {
    /// Open leases, the oldest first.
    pub leases: BTreeMap<u64, LeaseRecord>,
    /// Tasks waiting for a connection.
    pub pending: u64,
    /// Sessions being opened.
    pub establishing: u64,
    highwater: Highwater,
    connect_failure: Option<ConnectFailure>,
}

/// An open lease.
#[derive(Debug, Clone, Copy)]
pub struct LeaseRecord {
    /// Who holds it.
    pub owner: Owner,
    /// Since when.
    pub since: Instant,
    /// The line that took it.
    pub place: &'static Location<'static>,
}

/// Why the last attempt to connect failed.
#[derive(Debug, Clone)]
pub struct ConnectFailure {
    /// SQLSTATE class or `io`, `dns`, `timeout`, `other`.
    pub class: &'static str,
    /// What it said, with its causes.
    pub said: String,
    /// When.
    pub at: Time,
}

impl Registry {
    /// One consistent reading.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn open(&self, record: LeaseRecord) -> u64 {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mut state = self.state();
        state.leases.insert(id, record);
        let count = state.leases.len();
        state.highwater.note(count);
        id
    }

    pub fn release(&self, id: u64) -> Option<LeaseRecord> {
        let mut state = self.state();
        // The second that ends with this release has seen it, too.
        let count = state.leases.len();
        state.highwater.note(count);
        state.leases.remove(&id)
    }

    pub fn connected(&self) {
        self.state().connect_failure = None;
    }

    pub fn connect_failed(&self, error: &ConnectError) {
        self.state().connect_failure = Some(ConnectFailure {
            class: error.class(),
            said: chain(error),
            at: chrono::Utc::now(),
        });
    }

    pub fn connect_failure(&self) -> Option<ConnectFailure> {
        self.state().connect_failure.clone()
    }

    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }
}

impl State {
    /// Highest number of leases open at once in the last 60 s.
    pub fn highwater(&mut self) -> usize {
        let open = self.leases.len();
        self.highwater.note(open);
        self.highwater.maximum()
    }
}

/// A waiter, or a session being opened: counted until dropped, cancelled or not.
pub struct Counted<'r> {
    registry: &'r Registry,
    field: fn(&mut State) -> &mut u64,
}

impl<'r> Counted<'r> {
    pub fn new(registry: &'r Registry, field: fn(&mut State) -> &mut u64) -> Self {
        *field(&mut registry.state()) += 1;
        Self { registry, field }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        *(self.field)(&mut self.registry.state()) -= 1;
    }
}

/// A ring of one-second maxima; reading it changes nothing.
struct Highwater {
    started: Instant,
    newest_second: u64,
    maxima: [usize; 60],
}

impl Default for Highwater {
    fn default() -> Self {
        Self { started: Instant::now(), newest_second: 0, maxima: [0; 60] }
    }
}

impl Highwater {
    fn note(&mut self, open: usize) {
        let second = self.started.elapsed().as_secs();
        for passed in (self.newest_second + 1..=second).take(self.maxima.len()) {
            self.maxima[passed as usize % 60] = 0;
        }
        self.newest_second = second;
        let maximum = &mut self.maxima[second as usize % 60];
        *maximum = open.max(*maximum);
    }

    fn maximum(&self) -> usize {
        self.maxima.into_iter().max().unwrap_or(0)
    }
}
