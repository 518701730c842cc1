//! The endpoints of the API, with what each takes and needs.

use super::{
    controllers, coverage, export, flights, live, movements, openapi,
    params::known::{
        ARRIVAL, BBOX, BY, CALLSIGN, CID, CURSOR, DEPARTURE, FROM, LIMIT, PERSONAL, SECTOR, STEP,
        TO, TZ,
    },
    sectors, track, visits,
};
use crate::web::{access::Scope, endpoint::Endpoint};

const READ: &[Scope] = &[Scope::Read];
const READ_AND_EXPORT: &[Scope] = &[Scope::Read, Scope::Export];

/// The endpoints under `/api/v1`.
pub static ENDPOINTS: [Endpoint; 18] = [
    Endpoint::guarded("/api/v1/flights", READ, "flights first seen in a span", |route| {
        route.to(flights::list)
    })
    .taking(&[FROM, TO, CALLSIGN, DEPARTURE, ARRIVAL, SECTOR, BBOX, CID, PERSONAL, LIMIT, CURSOR]),
    Endpoint::guarded("/api/v1/flights/{id}", READ, "one flight", |route| route.to(flights::one))
        .taking(&[PERSONAL]),
    Endpoint::guarded("/api/v1/flights/{id}/track", READ, "its track", |route| {
        route.to(track::track)
    }),
    Endpoint::guarded(
        "/api/v1/flights/{id}/track.{format}",
        READ,
        "its track as geojson, kml or gpx",
        |route| route.to(track::file),
    ),
    Endpoint::guarded("/api/v1/flights/{id}/visits", READ, "its visits to sectors", |route| {
        route.to(visits::of_flight)
    })
    .taking(&[FROM, TO, LIMIT, CURSOR]),
    Endpoint::guarded("/api/v1/flights/{id}/contacts", READ, "its contact by radio", |route| {
        route.to(visits::contacts)
    })
    .taking(&[FROM, TO, LIMIT, CURSOR]),
    Endpoint::guarded("/api/v1/visits", READ, "visits to sectors in a span", |route| {
        route.to(visits::list)
    })
    .taking(&[FROM, TO, CALLSIGN, SECTOR, CID, LIMIT, CURSOR]),
    Endpoint::guarded(
        "/api/v1/sectors",
        READ,
        "sectors, who is in them and controls them",
        |route| route.to(sectors::list),
    )
    .taking(&[LIMIT, CURSOR]),
    Endpoint::guarded("/api/v1/sectors/{id}", READ, "one sector", |route| route.to(sectors::one)),
    Endpoint::guarded("/api/v1/sectors/{id}/occupancy", READ, "its flights by time", |route| {
        route.to(sectors::occupancy)
    })
    .taking(&[FROM, TO, STEP]),
    Endpoint::guarded("/api/v1/controllers/sessions", READ, "sessions of controllers", |route| {
        route.to(controllers::sessions)
    })
    .taking(&[FROM, TO, CALLSIGN, CID, PERSONAL, LIMIT, CURSOR]),
    Endpoint::guarded("/api/v1/controllers/hours", READ, "their hours by day", |route| {
        route.to(controllers::hours)
    })
    .taking(&[FROM, TO, TZ, CALLSIGN, CID, PERSONAL, LIMIT, CURSOR]),
    Endpoint::guarded(
        "/api/v1/positions/{callsign}/staffing",
        READ,
        "when a position was staffed",
        |route| route.to(controllers::staffing),
    )
    .taking(&[FROM, TO, PERSONAL, LIMIT, CURSOR]),
    Endpoint::guarded(
        "/api/v1/airports/{icao}/movements",
        READ,
        "movements at an airport",
        |route| route.to(movements::list),
    )
    .taking(&[FROM, TO, CALLSIGN, CID, LIMIT, CURSOR]),
    Endpoint::guarded(
        "/api/v1/coverage",
        READ,
        "radio contact by sector, hour or facility",
        |route| route.to(coverage::coverage),
    )
    .taking(&[BY, TZ, FROM, TO]),
    Endpoint::guarded(
        "/api/v1/export/{table}.{format}",
        READ_AND_EXPORT,
        "a table as csv, ndjson, parquet or geojson",
        |route| route.to(export::export),
    )
    .taking(export::PARAMETERS),
    Endpoint::guarded("/api/v1/live", READ, "everything now", |route| route.to(live::live)),
    Endpoint::guarded("/api/v1/live/stream", READ, "what changes, as it changes", |route| {
        route.to(live::stream)
    }),
];

/// The document of the API, which everybody may read.
pub static DOCUMENT: [Endpoint; 1] =
    [Endpoint::open("/api/openapi.json", "the API for programs, as OpenAPI 3.1", |route| {
        route.to(openapi::json)
    })];
