//! The open connections, and which one is reset for a new one: the one longest without progress.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use futures_util::task::AtomicWaker;

use super::backlog::Followed;

/// A connection is not reset before it has made no progress for this time.
pub const STILL_FOR: Duration = Duration::from_secs(1);

/// A connection in the register.
#[derive(Debug)]
pub struct Entry {
    id: u64,
    /// Milliseconds from the start of the register to the last progress.
    moved_at: AtomicU64,
    is_evicted: AtomicBool,
    /// Wakes the task that serves the connection.
    pub waker: AtomicWaker,
    /// The stream that the client follows.
    pub followed: Followed,
}

impl Entry {
    /// Records progress: bytes were sent or received.
    pub fn moved(&self, now: u64) {
        self.moved_at.store(now, Relaxed);
    }

    /// The last progress, since the start of the register.
    pub fn moved_at(&self) -> Duration {
        Duration::from_millis(self.moved_at.load(Relaxed))
    }

    /// Whether the connection must end for another.
    pub fn is_evicted(&self) -> bool {
        self.is_evicted.load(Relaxed)
    }

    fn evict(&self) {
        self.is_evicted.store(true, Relaxed);
        self.waker.wake();
    }
}

/// All connections of the process.
#[derive(Debug)]
pub struct Register {
    began: Instant,
    next: u64,
    open: BTreeMap<u64, Arc<Entry>>,
}

impl Register {
    pub fn new() -> Self {
        Self { began: Instant::now(), next: 0, open: BTreeMap::new() }
    }

    pub fn began(&self) -> Instant {
        self.began
    }

    /// Adds a connection if fewer than `most` are open, or if one has made no progress for long enough, which
    /// must then end. One that follows a stream of which nothing is pending makes no progress, and stays.
    pub fn enter(&mut self, now: Instant, most: usize) -> Option<Arc<Entry>> {
        let lately = now.checked_sub(STILL_FOR).unwrap_or(self.began);
        let now = now.saturating_duration_since(self.began);
        if self.open.len() >= most {
            let others = self.open.values().filter(|entry| !entry.followed.is_up_to_date(lately));
            let stillest = others.min_by_key(|entry| entry.moved_at())?;
            if now.saturating_sub(stillest.moved_at()) < STILL_FOR {
                return None;
            }
            stillest.evict();
            let stillest = stillest.id;
            self.open.remove(&stillest);
        }
        let entry = Arc::new(Entry {
            id: self.next,
            moved_at: AtomicU64::new(u64::try_from(now.as_millis()).unwrap_or(u64::MAX)),
            is_evicted: AtomicBool::new(false),
            waker: AtomicWaker::new(),
            followed: Followed::default(),
        });
        self.next += 1;
        self.open.insert(entry.id, entry.clone());
        Some(entry)
    }

    /// Removes a connection that ended.
    pub fn leave(&mut self, entry: &Entry) {
        self.open.remove(&entry.id);
    }

    /// The number of open connections.
    pub fn len(&self) -> usize {
        self.open.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_longest_without_progress_has_to_go() {
        let mut register = Register::new();
        let at = |millis| register_time(millis);
        let began = register.began();
        let mut enter = |millis| register.enter(began + at(millis), 3);
        let first = enter(0).expect("room");
        let second = enter(100).expect("room");
        let third = enter(200).expect("room");
        assert!(enter(999).is_none(), "nobody was still for a second");
        first.moved(700);
        assert!(enter(1099).is_none(), "the second was still for 999 ms");
        let fourth = enter(1100).expect("the second has to go");
        let evicted = [&first, &second, &third, &fourth].map(|entry| entry.is_evicted());
        assert_eq!(evicted, [false, true, false, false]);
        assert!(enter(1150).is_none());
        assert!(enter(1200).is_some() && third.is_evicted());
        assert!(enter(1700).is_some() && first.is_evicted());
        assert_eq!(register.len(), 3);
        register.leave(&fourth);
        register.leave(&first);
        assert_eq!(register.len(), 2, "who was sent away is not counted twice");
    }

    fn register_time(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }
}
