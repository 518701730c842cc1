//! The reasons from a feed that changes its schema or arrives in part.

use super::{Reason, Status};
use crate::status::StatusSnapshot;
use sectorwatch_core::Time;

/// Snapshots arrive and are refused as a whole.
pub fn refused(snapshot: &StatusSnapshot) -> Option<Reason> {
    let refusal = snapshot.feed.refused?;
    let message = match refusal.kind {
        "truncated" => {
            "The feed comes without most of the clients that it says it holds; nothing is stored."
        }
        _ => "The feed has another shape, or most of its pilots cannot be read; nothing is stored.",
    };
    Some(Reason {
        code: "schema_refused",
        message: message.into(),
        since: refusal.since,
        alert: Some("SectorwatchFeedSchemaRefused"),
        severity: Status::Critical,
    })
}

/// Stored snapshots lack data. A snapshot refused as a whole has a reason of its own.
pub fn drift(snapshot: &StatusSnapshot, now: Time) -> Option<Reason> {
    let drift = snapshot.feed.drift.filter(|_| snapshot.feed.refused.is_none())?;
    let percent = |ratio: f64| (ratio * 100.0).round();
    let refused = drift
        .refuses()
        .then(|| format!("{} % of the pilots cannot be read", percent(drift.refused_ratio())));
    let lost = drift.loses().map(|field| {
        format!("{} % of the pilots lost the field {field}", percent(drift.unreadable_ratio()))
    });
    let said: Vec<String> = refused.into_iter().chain(lost).collect();
    (!said.is_empty()).then(|| Reason {
        code: "schema_drift",
        message: format!("The feed has drifted: {}.", said.join("; ")),
        since: snapshot.feed.drifting_since.unwrap_or(now),
        alert: Some("SectorwatchFeedSchemaDrift"),
        severity: Status::Degraded,
    })
}
