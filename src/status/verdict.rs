//! The verdict on the service and its reasons. Pure: the same input gives the same verdict.

mod data;
mod pools;
mod schema;
mod servers;
mod storing;
mod tasks;
mod writer;

use std::cmp::Reverse;

use chrono::TimeDelta;
use serde::Serialize;

pub use data::lost_for_good_after;

use crate::status::{Live, StatusSnapshot, outcome::CycleOutcome};
use sectorwatch_core::Time;

/// The verdict, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The service works.
    Ok,
    /// No cycle has finished, shortly after the start.
    Starting,
    /// The service works partly, or with old data.
    Degraded,
    /// The service does not do its work.
    Critical,
}

/// Why the verdict is not `ok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The code, one of a fixed set.
    pub code: &'static str,
    /// The message for people. It holds no error text, URL or credential.
    pub message: String,
    /// Since when the reason holds.
    pub since: Time,
    /// The alert that fires for this reason.
    pub alert: Option<&'static str>,
    #[serde(skip)]
    severity: Status,
}

/// The status and its reasons, the most severe first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The severity of the most severe reason.
    pub status: Status,
    /// Empty when the status is `ok`.
    pub reasons: Vec<Reason>,
}

impl Status {
    /// The name in the JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Starting => "starting",
            Status::Degraded => "degraded",
            Status::Critical => "critical",
        }
    }
}

impl Reason {
    /// Whether this reason alone makes the status critical.
    pub fn is_critical(&self) -> bool {
        self.severity == Status::Critical
    }
}

const DATABASE_GRACE: TimeDelta = TimeDelta::seconds(30);
const HEARTBEAT_GRACE: TimeDelta = TimeDelta::seconds(30);
const FEED_STALE: TimeDelta = TimeDelta::seconds(300);
const STARTING: TimeDelta = TimeDelta::seconds(60);

/// Whether a publication is older than the network's period allows.
pub fn is_stale(published_at: Time, now: Time) -> bool {
    now - published_at > FEED_STALE
}

/// Judges the published snapshot and the live state at one moment.
pub fn judge(snapshot: &StatusSnapshot, live: &Live, now: Time) -> Verdict {
    let mut reasons: Vec<Reason> = [
        data::lost(live),
        writer::locked_out(live),
        servers::unreachable(snapshot, live, now),
        servers::reader_unreachable(snapshot, live, now),
        gave_up(live),
        heartbeat_lost(snapshot, live, now),
        storing::not_storing(snapshot, live, now),
        storing::cycle_stuck(snapshot, live),
        schema::refused(snapshot),
        pools::exhausted("ingest", live.ingest.as_ref(), now),
        pools::exhausted("read", live.read.as_ref(), now),
        starting(snapshot, now).or_else(|| feed_unreachable(snapshot, live)),
        feed_stale(snapshot, now),
        schema::drift(snapshot, now),
        cycle_failed(snapshot),
        transitions_pending(snapshot),
        pools::leaked("ingest", live.ingest.as_ref(), now),
        pools::leaked("read", live.read.as_ref(), now),
        pools::overdue("ingest", live.ingest.as_ref(), now),
        pools::overdue("read", live.read.as_ref(), now),
        pools::audit_blind(snapshot, live, now),
        tasks::ended(live, now),
    ]
    .into_iter()
    .flatten()
    .collect();
    let is_starting = reasons.iter().any(|r| r.severity == Status::Starting);
    // A start after a long pause finds an old publication. That is not worth a reason yet.
    reasons.retain(|r| !(is_starting && r.severity == Status::Degraded));
    reasons.sort_by_key(|reason| Reverse(reason.severity));
    let status = reasons.first().map_or(Status::Ok, |r| r.severity);
    Verdict { status, reasons }
}

fn gave_up(live: &Live) -> Option<Reason> {
    live.liveness.gave_up_at.map(|since| Reason {
        code: "poller_gave_up",
        message: "The poller failed too often and is not restarted any more.".into(),
        since,
        alert: Some("SectorwatchPollerHeartbeatLost"),
        severity: Status::Critical,
    })
}

/// The heartbeat has stopped, and no successor has taken over yet.
fn heartbeat_lost(snapshot: &StatusSnapshot, live: &Live, now: Time) -> Option<Reason> {
    let since = live.liveness.heartbeat_at.filter(|_| live.liveness.gave_up_at.is_none())?;
    let interval = TimeDelta::from_std(snapshot.cycles.interval).unwrap_or(TimeDelta::MAX);
    let limit = interval.checked_mul(10).unwrap_or(TimeDelta::MAX).max(HEARTBEAT_GRACE);
    (now - since > limit).then(|| Reason {
        code: "poller_heartbeat_lost",
        message: "The poller stands still: its loop turns every second, and does not any more."
            .into(),
        since,
        alert: Some("SectorwatchPollerHeartbeatLost"),
        severity: Status::Critical,
    })
}

fn starting(snapshot: &StatusSnapshot, now: Time) -> Option<Reason> {
    let since = snapshot.service.started_at;
    let young = snapshot.cycles.last_outcome.is_none() && now - since <= STARTING;
    young.then(|| Reason {
        code: "starting",
        message: "No cycle has finished yet.".into(),
        since,
        alert: None,
        severity: Status::Starting,
    })
}

/// The last fetch failed, or the feed has never answered since the start.
fn feed_unreachable(snapshot: &StatusSnapshot, live: &Live) -> Option<Reason> {
    let cycles = &snapshot.cycles;
    let failed = cycles.last_outcome == Some(CycleOutcome::FetchError);
    // The first cycle can hang after the answer.
    let (message, since) = match snapshot.feed.answered_at.or(live.liveness.storing.answered_at) {
        None => ("The feed has not answered since the start.", snapshot.service.started_at),
        Some(answered_at) if failed => ("The feed does not answer.", answered_at),
        Some(_) => return None,
    };
    Some(Reason {
        code: "feed_unreachable",
        message: message.into(),
        since,
        alert: Some("SectorwatchFeedUnreachable"),
        severity: Status::Degraded,
    })
}

fn feed_stale(snapshot: &StatusSnapshot, now: Time) -> Option<Reason> {
    let published_at = snapshot.feed.published_at?;
    is_stale(published_at, now).then(|| Reason {
        code: "feed_stale",
        message: "The newest publication of the feed is older than 300 s.".into(),
        since: published_at + FEED_STALE,
        alert: Some("SectorwatchFeedStale"),
        severity: Status::Degraded,
    })
}

/// A cycle failed for another reason than the feed, which has its own.
fn cycle_failed(snapshot: &StatusSnapshot) -> Option<Reason> {
    let cycles = &snapshot.cycles;
    let outcome = cycles.last_outcome?;
    (outcome.is_failure() && outcome != CycleOutcome::FetchError).then(|| Reason {
        code: "cycle_failed",
        message: format!("The last cycle ended with {}.", outcome.as_str()),
        since: cycles.failing_since.unwrap_or(snapshot.published_at),
        alert: Some("SectorwatchPollErrorBudgetFast"),
        severity: Status::Degraded,
    })
}

/// The sector phase is behind the flights, also between its failures.
fn transitions_pending(snapshot: &StatusSnapshot) -> Option<Reason> {
    let pending = snapshot.airspace.pending_transitions.filter(|pending| *pending > 0)?;
    Some(Reason {
        code: "transitions_pending",
        message: format!("{pending} sector transitions are queued and wait to be applied."),
        since: snapshot.cycles.failing_since.unwrap_or(snapshot.published_at),
        alert: Some("SectorwatchSectorsBehind"),
        severity: Status::Degraded,
    })
}

#[cfg(test)]
mod tests;
