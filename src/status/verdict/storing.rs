//! The reasons from a running cycle, judged by the clock because a hanging cycle reports nothing.

use std::time::Duration;

use chrono::TimeDelta;

use super::{Reason, Status};
use crate::status::{Live, StatusSnapshot};
use sectorwatch_core::Time;
use sectorwatch_fault as fault;

/// The number of intervals before a reason holds.
const INTERVALS: u32 = 5;
/// The minimum for short intervals, unless the feed is seen to advance.
const NOT_STORING: Duration = Duration::from_secs(75);
const CYCLE_STUCK: Duration = Duration::from_secs(60);

/// The feed answers, but nothing is stored, for any reason.
pub fn not_storing(snapshot: &StatusSnapshot, live: &Live, now: Time) -> Option<Reason> {
    let storing = &live.liveness.storing;
    let intervals = snapshot.cycles.interval.saturating_mul(INTERVALS);
    let limit = match storing.advances_behind {
        true => intervals,
        false => intervals.max(fault::patience().unwrap_or(NOT_STORING)),
    };
    (storing.in_vain > limit).then(|| Reason {
        code: "not_storing",
        message: format!(
            "The feed answers, and nothing was stored for {} s. {}{}",
            storing.in_vain.as_secs(),
            mark(storing.mark, now),
            outcome(snapshot)
        ),
        since: now - TimeDelta::from_std(storing.in_vain).unwrap_or(TimeDelta::MAX),
        alert: Some("SectorwatchPollStalled"),
        severity: Status::Critical,
    })
}

fn mark(mark: Option<Time>, now: Time) -> String {
    let Some(mark) = mark else { return "No snapshot is known to be stored.".into() };
    let written = mark.format("%Y-%m-%d %H:%M:%S UTC");
    let ahead = mark - now;
    match ahead.to_std() {
        Ok(ahead) if !ahead.is_zero() => format!(
            "The mark is {written}, {} ahead of the clock: nothing older is stored; see reset-mark.",
            humantime::format_duration(Duration::from_secs(ahead.as_secs()))
        ),
        _ => format!("The mark is {written}."),
    }
}

fn outcome(snapshot: &StatusSnapshot) -> String {
    match snapshot.cycles.last_outcome {
        Some(outcome) => format!(" The last cycle ended with {}.", outcome.as_str()),
        None => String::new(),
    }
}

/// A cycle has begun and does not end.
pub fn cycle_stuck(snapshot: &StatusSnapshot, live: &Live) -> Option<Reason> {
    let running = live.liveness.running?;
    let intervals = snapshot.cycles.interval.saturating_mul(INTERVALS);
    let limit = intervals.max(fault::patience().unwrap_or(CYCLE_STUCK));
    (running.age > limit).then(|| Reason {
        code: "cycle_stuck",
        message: format!(
            "A cycle has been running for {} s, and is in the phase {}.",
            running.age.as_secs(),
            running.phase.as_str()
        ),
        since: running.began_at,
        alert: Some("SectorwatchCycleStuck"),
        severity: Status::Critical,
    })
}
