//! The reason from the background tasks.

use chrono::TimeDelta;

use super::{Reason, Status};
use crate::status::Live;
use sectorwatch_core::Time;

/// For how long an end is a reason; its counter stays. It is longer than the longest restart delay, so that a
/// task that ends again and again is reported all the time.
const END_REASON_LASTS: TimeDelta = TimeDelta::minutes(5);

/// Only degrades the status. The consequences of a task that stays down have reasons of their own, such as
/// `database_unreachable` and `audit_blind`.
pub fn ended(live: &Live, now: Time) -> Option<Reason> {
    let end = live.ended_task.filter(|end| now - end.at <= END_REASON_LASTS)?;
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
