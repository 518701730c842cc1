//! What is closed: it does not change any more, unless the version of the data grows.

use chrono::{TimeDelta, TimeZone as _, Utc};
use sectorwatch_core::Time;

use super::{ReadError, Reads};

/// How far the data is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The mark; `None` before the first snapshot was stored.
    pub mark: Option<Time>,
    /// When the flight was last seen that was longest not seen, of those with an open visit, an open radio
    /// interval or a queued transition; `None` when there is none.
    pub oldest_open: Option<Time>,
    /// `collector_state.data_version`.
    pub data_version: i64,
}

impl Standing {
    /// Whether a span that ends there is closed.
    pub fn is_closed(&self, to: Time) -> bool {
        self.mark.and_then(last_closed_midnight).is_some_and(|midnight| to <= midnight)
            && self.oldest_open.is_none_or(|last_seen| last_seen >= to)
    }
}

/// The last UTC midnight that is at least 25 hours before the mark.
pub(super) fn last_closed_midnight(mark: Time) -> Option<Time> {
    let day = mark.checked_sub_signed(TimeDelta::hours(25))?.date_naive();
    Some(Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN)))
}

impl Reads {
    /// Reads how far the data is complete.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn standing(&self) -> Result<Standing, ReadError> {
        todo!()
    }
}
