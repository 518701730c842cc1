//! Explains why a field of the predecessor is null.

use std::collections::BTreeMap;

const NO_SUMMARIES: &str = "there are no summaries: the visits are kept themselves";
const NO_ARCHIVE: &str =
    "there is no archive: rows stay where they are until retention deletes them";
const NO_ESTIMATE: &str = "PostgreSQL has no estimate yet: the tables are looked at every 30 s";
const NOT_WRITTEN: &str = "not written since the start";
const NO_CYCLE: &str = "no cycle has ended since the start";
const NO_FEED: &str = "the feed has not answered since the start";
const NOT_ASKED: &str = "the database was not asked yet";

const NULLS: [(&str, &str); 28] = [
    ("data_freshness.overall_status", NOT_WRITTEN),
    ("data_freshness.overall_message", NOT_WRITTEN),
    ("data_freshness.tables.flights", NOT_WRITTEN),
    ("data_freshness.tables.controllers", NOT_WRITTEN),
    (
        "data_freshness.tables.transceivers",
        "not written since the start, or radios are switched off",
    ),
    ("data_freshness.tables.flight_sector_occupancy", NOT_WRITTEN),
    ("data_freshness.tables.flight_summaries", NO_SUMMARIES),
    ("data_freshness.tables.flights_archive", NO_ARCHIVE),
    ("data_freshness.tables.controllers_archive", NO_ARCHIVE),
    ("statistics.flights_count", NO_ESTIMATE),
    ("statistics.controllers_count", NO_ESTIMATE),
    ("statistics.transceivers_count", NO_ESTIMATE),
    ("statistics.sector_occupancy_count", NO_ESTIMATE),
    ("statistics.as_of", NO_ESTIMATE),
    ("statistics.recent_flights", NOT_WRITTEN),
    ("statistics.flight_summaries_count", NO_SUMMARIES),
    ("statistics.controller_summaries_count", NO_SUMMARIES),
    ("statistics.flights_archive_count", NO_ARCHIVE),
    ("statistics.controllers_archive_count", NO_ARCHIVE),
    (
        "performance.api_response_time_ms",
        "not known before the answer is sent; see sectorwatch_http_request_duration_seconds",
    ),
    ("performance.database_query_time_ms", NOT_ASKED),
    ("performance.memory_usage_mb", "see process_resident_memory_bytes"),
    ("data_ingestion.last_vatsim_update", NO_FEED),
    ("data_ingestion.seconds_since_last_update", NO_FEED),
    ("services.vatsim_service.status", NO_CYCLE),
    ("services.data_service.status", NO_CYCLE),
    ("health_summary.database", NOT_ASKED),
    ("health_summary.data_ingestion", NO_CYCLE),
];

/// The explanations by path of the field, whether it is null now or not.
pub(super) fn means() -> BTreeMap<&'static str, &'static str> {
    NULLS.into_iter().collect()
}
