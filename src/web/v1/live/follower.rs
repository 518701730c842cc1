//! One client of the stream: what it has, and what is pending for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::sync::watch;

use super::window::Window;
use crate::web::connections::Backlog;

/// More events than this may not be pending while the client takes no byte.
const MOST_PENDING: u64 = 2;
/// How long the client may take no byte while too many events are pending.
const STILL_FOR: Duration = Duration::from_secs(5);
/// An event may not be pending for longer.
const LONGEST_BEHIND: Duration = Duration::from_secs(30);

/// What a client gets next.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// These bytes.
    Frame(Bytes),
    /// Nothing yet.
    Nothing,
    /// The event that it needs was forgotten.
    Lost,
    /// The service stops.
    Over,
}

/// A client of the stream. What is pending is shared with its connection.
pub struct Follower {
    window: watch::Receiver<Window>,
    pending: Arc<Pending>,
    epoch: u64,
    needs_snapshot: bool,
}

/// What is pending for a client.
#[derive(Debug)]
pub struct Pending {
    window: watch::Receiver<Window>,
    /// The number of the event that is sent next, or being sent.
    next: AtomicU64,
    /// Events before this one were made before the client came, and do not count.
    counts_from: AtomicU64,
    /// Whether the event is being sent.
    is_sending: AtomicBool,
}

impl Follower {
    /// A client that has everything up to the event with this id, or nothing.
    pub fn new(window: watch::Receiver<Window>, last_id: Option<i64>) -> Self {
        let (next, end, epoch) = {
            let window = window.borrow();
            (last_id.and_then(|id| window.after(id)), window.end(), window.epoch())
        };
        let pending = Arc::new(Pending {
            window: window.clone(),
            next: AtomicU64::new(next.unwrap_or(end)),
            counts_from: AtomicU64::new(end),
            is_sending: AtomicBool::new(false),
        });
        Self { window, pending, epoch, needs_snapshot: next.is_none() }
    }

    /// What its connection is told.
    pub fn pending(&self) -> Arc<Pending> {
        Arc::clone(&self.pending)
    }

    /// Resolves when there may be something next.
    pub async fn changed(&mut self) {
        // The sender lives as long as the service.
        let _ = self.window.changed().await;
    }

    /// What the client gets next. What it got before was sent as a whole.
    pub fn next(&mut self) -> Next {
        let window = self.window.borrow_and_update();
        let pending = &self.pending;
        if pending.is_sending.swap(false, Relaxed) {
            pending.next.fetch_add(1, Relaxed);
        }
        if window.is_over() {
            return Next::Over;
        }
        if self.epoch != window.epoch() {
            (self.epoch, self.needs_snapshot) = (window.epoch(), true);
        }
        if self.needs_snapshot {
            let Some(shown) = window.shown() else { return Next::Nothing };
            self.needs_snapshot = false;
            pending.next.store(window.end(), Relaxed);
            pending.counts_from.store(window.end(), Relaxed);
            return Next::Frame(shown.snapshot.clone());
        }
        let number = pending.next.load(Relaxed);
        if window.has_forgotten(number) {
            return Next::Lost;
        }
        match window.event(number) {
            Some(event) => {
                pending.is_sending.store(true, Relaxed);
                Next::Frame(event.frame.clone())
            }
            None => Next::Nothing,
        }
    }
}

impl Pending {
    /// How many events are pending, and since when the oldest of them; `None` if there are none.
    fn events(&self) -> Option<(u64, Instant)> {
        let window = self.window.borrow();
        let from = self.next.load(Relaxed).max(self.counts_from.load(Relaxed));
        let count = window.end().checked_sub(from).filter(|count| *count > 0)?;
        // One that was forgotten is older than all that are there.
        let at = window.event(from).map(|event| event.at);
        Some((count, at.or_else(|| Instant::now().checked_sub(LONGEST_BEHIND))?))
    }
}

impl Backlog for Pending {
    fn is_empty_since(&self, time: Instant) -> bool {
        self.events().is_none_or(|(_, oldest)| oldest >= time)
    }

    fn is_too_long(&self, now: Instant, blocked_since: Option<Instant>) -> bool {
        let Some((count, oldest)) = self.events() else { return false };
        let is_still = blocked_since.is_some_and(|since| now - since >= STILL_FOR);
        (count > MOST_PENDING && is_still) || now.duration_since(oldest) >= LONGEST_BEHIND
    }
}
