//! A stranger that holds the writer's lock, for those who show how the service is.

use std::sync::Arc;

use chrono::Utc;

use crate::{Store, StoreError};
use sectorwatch_core::Time;

/// Nothing can be written, since a stranger holds the writer's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedOut {
    /// Since when that is known.
    pub since: Time,
    /// Its process id, role and name.
    pub holder: String,
}

impl Store {
    /// Who keeps this process from writing; `None` when nobody does, or when it is another sectorwatch.
    pub fn locked_out(&self) -> Option<LockedOut> {
        self.0.locked_out.load().as_deref().cloned()
    }

    /// An attempt at the lock ended so. One that did not reach the server says nothing of its holder.
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
