//! The reason that a background task gives.

use chrono::TimeDelta;

use super::{Reason, Status};
use crate::status::Live;
use sectorwatch_core::Time;

/// An end is told for so long; its counter stays. Longer than the longest pause between two starts, so
/// that a task which ends again and again is told all the time.
const END_TOLD: TimeDelta = TimeDelta::minutes(5);

/// Degraded: what depends on a task that stays down has a reason of its own when it matters, such as
/// `database_unreachable` and `audit_blind`.
pub fn ended(live: &Live, now: Time) -> Option<Reason> {
    let end = live.ended_task.filter(|end| now - end.at <= END_TOLD)?;
    Some(Reason {
        code: "task_ended",
        message: format!(
            "The background task {} ended, and was started again. The log says why.",
            end.task.as_str()
        ),
        since: end.at,
        alert: Some("SectorwatchTaskEnded"),
        severity: Status::Degraded,
    })
}
