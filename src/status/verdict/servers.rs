//! The reasons from the database servers.

use super::{DATABASE_GRACE, Reason, Status};
use crate::status::{Live, StatusSnapshot};
use sectorwatch_core::Time;

/// The writer's server does not answer: nothing is stored.
pub fn unreachable(snapshot: &StatusSnapshot, live: &Live, now: Time) -> Option<Reason> {
    let since = live.database.contact_at.unwrap_or(snapshot.service.started_at);
    (now - since > DATABASE_GRACE).then(|| Reason {
        code: "database_unreachable",
        message: "The database has not answered for more than 30 s.".into(),
        since,
        alert: Some("SectorwatchNotReady"),
        severity: Status::Critical,
    })
}

/// The reader's server, if it is another, does not answer: histories are missing, and everything else works.
pub fn reader_unreachable(snapshot: &StatusSnapshot, live: &Live, now: Time) -> Option<Reason> {
    let reader = live.read_database.as_ref()?;
    let since = reader.contact_at.unwrap_or(snapshot.service.started_at);
    (now - since > DATABASE_GRACE).then(|| Reason {
        code: "reader_unreachable",
        message: "The server that history is read from has not answered for more than 30 s.".into(),
        since,
        alert: None,
        severity: Status::Degraded,
    })
}
