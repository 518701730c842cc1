//! The reason for lost data.

use super::{Reason, Status};
use crate::status::Live;

/// The embedded server's cluster vanished or is another one. Nothing is stored, because an empty cluster in
/// its place would look like a working service.
pub fn lost(live: &Live) -> Option<Reason> {
    live.data_lost.map(|since| Reason {
        code: "data_lost",
        message:
            "The cluster of the embedded PostgreSQL is gone, or is another one. The service ends \
                  after 60 s unless it comes back; the log says what is missing."
                .into(),
        since,
        alert: Some("SectorwatchNotReady"),
        severity: Status::Critical,
    })
}
