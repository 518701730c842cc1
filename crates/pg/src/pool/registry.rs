//! The registry of open leases, waiters, and sessions being opened.

use std::{
    collections::BTreeMap,
    panic::Location,
    sync::{
        Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};

use super::highwater::Highwater;
use crate::error::{ConnectError, chain};

/// The pool's own accounting, exact under cancellation because only guards change it.
#[derive(Default)]
pub struct Registry {
    next_id: AtomicU64,
    closing: AtomicBool,
    state: Mutex<State>,
}

/// The state. One lock is one consistent reading.
#[derive(Default)]
pub struct State {
    /// Open leases, oldest first.
    pub leases: BTreeMap<u64, LeaseRecord>,
    /// Since when each task has waited for a connection, oldest first.
    waiters: BTreeMap<u64, Instant>,
    /// Sessions being opened.
    pub establishing: u64,
    /// When an attempt to open a session last began or ended.
    attempted: Option<Instant>,
    /// When an attempt last failed, if none has succeeded since.
    failing: Option<Instant>,
    highwater: Highwater,
    connect_failure: Option<FailedAttempt>,
    /// Since when every check found all connections out and a task waiting.
    pub exhausted_since: Option<DateTime<Utc>>,
}

/// An open lease.
#[derive(Debug, Clone)]
pub struct LeaseRecord {
    /// The owner.
    pub owner: &'static str,
    /// When it was acquired.
    pub since: Instant,
    /// The line that acquired it.
    pub place: &'static Location<'static>,
    /// The process id of the backend.
    pub pid: Option<i32>,
    /// The scope that it must not outlive.
    pub scope: u64,
    /// The operation in which it was acquired, while that runs.
    pub operation: Option<Weak<()>>,
    /// The span in which it was acquired, for its trace.
    pub span: tracing::Span,
    /// The generation of the pool that lent it.
    pub generation: u64,
    /// Whether it is suspected of a leak.
    pub leak_status: LeakStatus,
}

/// Whether a lease is suspected of a leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeakStatus {
    /// It is in use.
    Open,
    /// It is beyond its owner's threshold.
    Suspect,
    /// It is proved to be a leak.
    Leaked,
}

/// The last failed attempt to connect.
#[derive(Debug, Clone)]
pub struct FailedAttempt {
    /// The SQLSTATE class, or `io`, `dns`, `timeout`, `other`.
    pub class: &'static str,
    /// The error with its causes.
    pub message: String,
    /// When it failed.
    pub at: DateTime<Utc>,
}

impl Registry {
    /// Locks the state for a consistent reading.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that is unique in this pool.
    pub fn next_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    pub fn open(&self, record: LeaseRecord) -> u64 {
        let id = self.next_id();
        let mut state = self.state();
        state.leases.insert(id, record);
        let count = state.leases.len();
        state.highwater.note(count);
        id
    }

    /// An open lease.
    pub fn lease(&self, id: u64) -> Option<LeaseRecord> {
        self.state().leases.get(&id).cloned()
    }

    /// Removes a lease. Returns `None` when it was written off.
    pub fn release(&self, id: u64) -> Option<LeaseRecord> {
        let mut state = self.state();
        // Counted before the removal, because the lease was open in this second.
        let count = state.leases.len();
        state.highwater.note(count);
        state.leases.remove(&id)
    }

    /// The open leases of this scope, which are leaks.
    pub fn scope_ended(&self, scope: u64) -> Vec<LeaseRecord> {
        let mut state = self.state();
        let open = state.leases.values_mut().filter(|lease| lease.scope == scope);
        open.map(LeaseRecord::confirm).collect()
    }

    /// Leases of finished operations, which are leaks whose scope never ends.
    pub fn forgotten(&self) -> Vec<LeaseRecord> {
        let mut state = self.state();
        let open = state.leases.values_mut().filter(|lease| lease.is_forgotten());
        open.map(LeaseRecord::confirm).collect()
    }

    /// Leases that have newly exceeded the threshold.
    pub fn new_suspects(&self, threshold: impl Fn(&'static str) -> Duration) -> Vec<LeaseRecord> {
        let mut state = self.state();
        let open = state.leases.values_mut().filter(|lease| lease.leak_status == LeakStatus::Open);
        let late = open.filter(|lease| lease.since.elapsed() > threshold(lease.owner));
        late.map(|lease| {
            lease.leak_status = LeakStatus::Suspect;
            lease.clone()
        })
        .collect()
    }

    /// Writes off the leaked leases of this generation, and returns their backends.
    pub fn write_off(&self, generation: u64) -> Vec<i32> {
        let mut state = self.state();
        let leaked = |lease: &LeaseRecord| {
            lease.generation == generation && lease.leak_status == LeakStatus::Leaked
        };
        let gone = state.leases.extract_if(.., |_, lease| leaked(lease));
        gone.filter_map(|(_, lease)| lease.pid).collect()
    }

    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }
}

impl LeaseRecord {
    /// Marks it as a leak. Its span is released, so that its trace can end.
    fn confirm(&mut self) -> Self {
        self.leak_status = LeakStatus::Leaked;
        let span = std::mem::replace(&mut self.span, tracing::Span::none());
        Self { span, ..self.clone() }
    }

    fn is_forgotten(&self) -> bool {
        let is_over = self.operation.as_ref().is_some_and(|it| it.strong_count() == 0);
        is_over && self.leak_status != LeakStatus::Leaked
    }
}

impl State {
    /// The number of waiting tasks.
    pub fn pending(&self) -> usize {
        self.waiters.len()
    }

    /// How long the oldest waiter has waited.
    pub fn longest_wait(&self) -> Option<Duration> {
        self.waiters.first_key_value().map(|(_, since)| since.elapsed())
    }

    /// Whether no attempt to open a session began or ended for this long.
    pub fn nothing_attempted_for(&self, time: Duration) -> bool {
        self.establishing == 0 && self.attempted.is_none_or(|at| at.elapsed() >= time)
    }

    /// How long ago an attempt failed; `None` when the last one succeeded.
    pub fn failed_ago(&self) -> Option<Duration> {
        self.failing.map(|at| at.elapsed())
    }

    /// Records the result of an attempt to open a session.
    pub fn attempted(&mut self, failure: Option<&ConnectError>) {
        self.attempted = Some(Instant::now());
        self.failing = failure.and(self.attempted);
        if let Some(error) = failure {
            self.connect_failure =
                Some(FailedAttempt { class: error.class(), message: chain(error), at: Utc::now() });
        }
    }

    /// The newest failure to connect.
    pub fn connect_failure(&self) -> Option<&FailedAttempt> {
        self.connect_failure.as_ref()
    }

    /// The highest number of simultaneous leases in the last 60 s.
    pub fn highwater(&mut self) -> usize {
        let open = self.leases.len();
        self.highwater.note(open);
        self.highwater.maximum()
    }
}

/// A waiting task, counted until this is dropped.
pub struct Waiting<'r> {
    registry: &'r Registry,
    id: u64,
}

impl<'r> Waiting<'r> {
    pub fn new(registry: &'r Registry) -> Self {
        let id = registry.next_id();
        registry.state().waiters.insert(id, Instant::now());
        Self { registry, id }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.registry.state().waiters.remove(&self.id);
    }
}

/// A session being opened, counted until this is dropped.
pub struct Establishing<'r>(&'r Registry);

impl<'r> Establishing<'r> {
    pub fn new(registry: &'r Registry) -> Self {
        let mut state = registry.state();
        state.establishing += 1;
        state.attempted = Some(Instant::now());
        Self(registry)
    }
}

impl Drop for Establishing<'_> {
    fn drop(&mut self) {
        self.0.state().establishing -= 1;
    }
}
