//! The field names of the service before this one, for scripts that read them: true values, or null.
//!
//! What it called a count of all rows was counted for each answer, and its times and sizes were
//! constants: neither is measured here, so they stay null.

use serde::Serialize;

use super::{Live, StatusSnapshot, seconds_since};
use crate::{
    domain::Time,
    poller::verdict::{Status, Verdict, is_stale},
};

/// What is never measured.
type Never = Option<()>;

#[derive(Debug, Serialize)]
pub(crate) struct Compat {
    status: &'static str,
    status_message: String,
    timestamp: Time,
    data_freshness: Freshness,
    critical_issues: Vec<String>,
    cache_status: Never,
    statistics: Statistics,
    performance: Performance,
    data_ingestion: Ingestion,
    services: Services,
    health_summary: Summary,
}

#[derive(Debug, Serialize)]
struct Freshness {
    overall_status: Option<&'static str>,
    overall_message: Option<String>,
    stale_tables: Vec<&'static str>,
    tables: Tables,
}

/// Only the flights are followed; summaries and archives do not exist.
#[derive(Debug, Serialize)]
struct Tables {
    flights: Option<Table>,
    controllers: Never,
    transceivers: Never,
    flight_sector_occupancy: Never,
    flight_summaries: Never,
    flights_archive: Never,
    controllers_archive: Never,
}

#[derive(Debug, Serialize)]
struct Table {
    last_update: Time,
    age_seconds: u64,
    status: &'static str,
}

#[derive(Debug, Default, Serialize)]
struct Statistics {
    flights_count: Never,
    controllers_count: Never,
    transceivers_count: Never,
    flight_summaries_count: Never,
    flights_archive_count: Never,
    sector_occupancy_count: Never,
    recent_flights: Never,
    controller_summaries_count: Never,
    controllers_archive_count: Never,
}

#[derive(Debug, Serialize)]
struct Performance {
    api_response_time_ms: Never,
    database_query_time_ms: Option<f64>,
    memory_usage_mb: Never,
    uptime_seconds: u64,
}

/// Updates are the cycles of the last ten minutes.
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
            data_freshness: Freshness::of(live, now),
            critical_issues: critical.map(|reason| reason.message.clone()).collect(),
            cache_status: None,
            statistics: Statistics::default(),
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
        }
    }
}

impl Freshness {
    fn of(live: &Live, now: Time) -> Self {
        let flights = live.pulse.storing.stored_at.map(|at| Table {
            last_update: at,
            age_seconds: seconds_since(at, now) as u64,
            status: if is_stale(at, now) { "stale" } else { "fresh" },
        });
        let is_stale = flights.as_ref().map(|table| table.status == "stale");
        Self {
            overall_status: is_stale.map(|stale| if stale { "degraded" } else { "fresh" }),
            overall_message: is_stale.map(|stale| match stale {
                true => "Stale data in 1 tables: flights".to_owned(),
                false => "All data is fresh".to_owned(),
            }),
            stale_tables: if is_stale == Some(true) { vec!["flights"] } else { Vec::new() },
            tables: Tables {
                flights,
                controllers: None,
                transceivers: None,
                flight_sector_occupancy: None,
                flight_summaries: None,
                flights_archive: None,
                controllers_archive: None,
            },
        }
    }
}

/// It knew no start.
fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "operational",
        Status::Starting | Status::Degraded => "degraded",
        Status::Critical => "critical",
    }
}
