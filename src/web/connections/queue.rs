//! Clients for whom there is no place yet. Few wait, and the one that waits longest has to go for the
//! next, so that nobody is kept in the kernel's queue behind a crowd.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

/// How many wait.
const MOST_WAITING: usize = 64;

/// Clients that wait for a place, the one that waits longest first.
#[derive(Default)]
pub struct AdmissionQueue(Mutex<VecDeque<Arc<Notify>>>);

impl AdmissionQueue {
    /// One more waits. Whoever is notified by the ticket that this returns has to go.
    pub fn enter(&self) -> Arc<Notify> {
        let ticket = Arc::new(Notify::new());
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back(ticket.clone());
        if waiting.len() > MOST_WAITING
            && let Some(longest) = waiting.pop_front()
        {
            longest.notify_one();
        }
        ticket
    }

    /// It waits no longer.
    pub fn leave(&self, ticket: &Arc<Notify>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|other| !Arc::ptr_eq(other, ticket));
    }
}
