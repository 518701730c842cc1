//! Clients that wait for a place. Only few wait, and the one that waits longest is refused for the next, so
//! that no client is stuck in the kernel's queue behind many others.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

/// The maximum number of waiting clients.
const MOST_WAITING: usize = 64;

/// The waiting clients, longest waiting first.
#[derive(Default)]
pub struct AdmissionQueue(Mutex<VecDeque<Arc<Notify>>>);

impl AdmissionQueue {
    /// Adds a client, and returns its ticket. A client is refused when its ticket is notified.
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

    /// Removes a client.
    pub fn leave(&self, ticket: &Arc<Notify>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|other| !Arc::ptr_eq(other, ticket));
    }
}
