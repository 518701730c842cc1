//! A foreign session that holds the writer's lock, for the status.

use std::sync::Arc;

use chrono::Utc;

use crate::{Store, StoreError};
use sectorwatch_core::Time;

/// Nothing can be written, because a foreign session holds the writer's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedOut {
    /// Since when this is known.
    pub since: Time,
    /// The process id, role and name of the session.
    pub holder: String,
}

impl Store {
    /// The foreign session that keeps this process from writing; `None` for another sectorwatch.
    pub fn locked_out(&self) -> Option<LockedOut> {
        self.0.locked_out.load().as_deref().cloned()
    }

    /// Records the result of an attempt to take the lock. One that did not reach the server says nothing
    /// about the holder.
    pub(super) fn note_locked_out(&self, error: Option<&StoreError>) {
        let noted = match error {
            Some(StoreError::LockedOut { holder }) => {
                let since = self.locked_out().map_or_else(Utc::now, |it| it.since);
                Some(Arc::new(LockedOut { since, holder: holder.clone() }))
            }
            None | Some(StoreError::Locked { .. }) => None,
            Some(_) => return,
        };
        self.0.locked_out.store(noted);
    }
}
