//! The field names of the predecessor, for scripts that read them. The values are true or null, and
//! `null_means` explains each null.
//!
//! The predecessor counted all rows for each answer; these are estimates. Its times and sizes were constants.

mod freshness;
mod nulls;
mod statistics;

use std::collections::BTreeMap;

use serde::Serialize;

use self::{freshness::Freshness, statistics::Statistics};
use super::{Live, StatusSnapshot, seconds_since};
use crate::status::verdict::{Status, Verdict, is_stale};
use sectorwatch_core::Time;

/// A value that is never measured.
type Never = Option<()>;

#[derive(Debug, Serialize)]
pub(crate) struct Compat {
    status: &'static str,
    status_message: String,
    timestamp: Time,
    data_freshness: Freshness,
    critical_issues: Vec<String>,
    cache_status: &'static str,
    statistics: Statistics,
    performance: Performance,
    data_ingestion: Ingestion,
    services: Services,
    health_summary: Summary,
    null_means: BTreeMap<&'static str, &'static str>,
}

#[derive(Debug, Serialize)]
struct Performance {
    api_response_time_ms: Never,
    database_query_time_ms: Option<f64>,
    memory_usage_mb: Never,
    uptime_seconds: u64,
}

/// Counts the cycles of the last ten minutes.
#[derive(Debug, Serialize)]
struct Ingestion {
    last_vatsim_update: Option<Time>,
    seconds_since_last_update: Option<u64>,
    update_interval_seconds: f64,
    successful_updates: u64,
    failed_updates: u64,
}

#[derive(Debug, Serialize)]
struct Services {
    vatsim_service: Service,
    data_service: Service,
}

#[derive(Debug, Serialize)]
struct Service {
    status: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Summary {
    database: Option<&'static str>,
    data_ingestion: Option<&'static str>,
    overall: &'static str,
}

impl Compat {
    pub(super) fn of(snapshot: &StatusSnapshot, live: &Live, verdict: &Verdict, now: Time) -> Self {
        let (cycles, feed) = (&snapshot.cycles, &snapshot.feed);
        let recent = snapshot.recent.sums(now);
        let whole = |at| seconds_since(at, now) as u64;
        let overall = word(verdict.status);
        let feed_works = cycles.last_outcome.map(|_| match feed.published_at {
            Some(at) if cycles.consecutive_failures == 0 && !is_stale(at, now) => "operational",
            _ => "degraded",
        });
        let stores = cycles.last_outcome.map(|_| match cycles.consecutive_failures {
            0 => "operational",
            _ => "degraded",
        });
        let database = live.database.reachable.map(|ok| match ok {
            true if live.database.reached_lately(now) => "operational",
            _ => "failed",
        });
        let mut reasons = verdict.reasons.iter();
        let critical = verdict.reasons.iter().filter(|reason| reason.is_critical());
        Self {
            status: overall,
            status_message: (reasons.next())
                .map_or_else(|| "All systems operational".to_owned(), |r| r.message.clone()),
            timestamp: now,
            data_freshness: Freshness::of(snapshot, live, now),
            critical_issues: critical.map(|reason| reason.message.clone()).collect(),
            cache_status: "disabled",
            statistics: Statistics::of(snapshot, live),
            performance: Performance {
                api_response_time_ms: None,
                database_query_time_ms: live.database.latency_seconds.map(|s| s * 1000.0),
                memory_usage_mb: None,
                uptime_seconds: whole(snapshot.service.started_at),
            },
            data_ingestion: Ingestion {
                last_vatsim_update: feed.published_at,
                seconds_since_last_update: feed.published_at.map(whole),
                update_interval_seconds: cycles.interval.as_secs_f64(),
                successful_updates: recent.cycles - recent.failed_cycles,
                failed_updates: recent.failed_cycles,
            },
            services: Services {
                vatsim_service: Service { status: feed_works },
                data_service: Service { status: stores },
            },
            health_summary: Summary { database, data_ingestion: feed_works, overall },
            null_means: nulls::means(),
        }
    }
}

/// The predecessor had no word for `starting`.
fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "operational",
        Status::Starting | Status::Degraded => "degraded",
        Status::Critical => "critical",
    }
}

#[cfg(test)]
mod tests;
