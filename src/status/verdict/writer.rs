//! The reason from the writer's lock.

use super::{Reason, Status};
use crate::status::Live;

/// Somebody else holds the writer's lock: nothing is stored until it is free.
pub fn locked_out(live: &Live) -> Option<Reason> {
    let locked_out = live.locked_out.as_ref()?;
    Some(Reason {
        code: "writer_locked_out",
        message: format!(
            "The writer's lock is held by {}, which is no sectorwatch of this role: end that session.",
            locked_out.holder
        ),
        since: locked_out.since,
        alert: Some("SectorwatchNotReady"),
        severity: Status::Critical,
    })
}
