//! Controllers: their sessions, their hours, and when a position was staffed.

use actix_web::{HttpResponse, web::Path};

use super::{
    answer::Page,
    params::{bad_callsign, callsign},
    request::Request,
};
use crate::web::problem::Problem;
use sectorwatch_store::api::{Hours, HoursFilter, Session, SessionFilter, Staffing};

/// Sessions of controllers that overlap a span
///
/// In the order of `started_at` and `callsign`. Connections of one member with one callsign, with at most 5 minutes
/// between them, are one session.
#[utoipa::path(get, path = "/api/v1/controllers/sessions", tag = "Controllers",
    operation_id = "list_sessions",
    responses((status = 200, description = "A page of sessions", body = Page<Session>)))]
pub async fn sessions(mut request: Request) -> Result<HttpResponse, Problem> {
    let personal = request.is_personal()?;
    let span = request.span()?;
    let query = &mut request.query;
    let filter = SessionFilter { span, callsign: query.callsign()?, cid: query.cid()?, personal };
    request.list(async move |reads, page| reads.sessions(filter, page).await).await
}

/// Seconds of controllers by day and callsign
///
/// In the order of `day`, `callsign` and `facility`. Sessions are cut to the span and at the midnights of `tz`. Without
/// the scope `personal` those of all members are summed.
#[utoipa::path(get, path = "/api/v1/controllers/hours", tag = "Controllers",
    operation_id = "list_hours",
    responses((status = 200, description = "A page of hours", body = Page<Hours>)))]
pub async fn hours(mut request: Request) -> Result<HttpResponse, Problem> {
    let personal = request.is_personal()?;
    let span = request.span()?;
    let query = &mut request.query;
    let filter = HoursFilter {
        span,
        zone: query.tz()?,
        callsign: query.callsign()?,
        cid: query.cid()?,
        personal,
    };
    request.list(async move |reads, page| reads.hours(filter, page).await).await
}

/// When a position was staffed, by whomever
///
/// In the order of `started_at`. A hand-over ends nothing.
#[utoipa::path(get, path = "/api/v1/positions/{callsign}/staffing", tag = "Controllers",
    operation_id = "list_staffing",
    params(("callsign" = String, Path, description = "The position's callsign, in upper or lower case.", example = "SY_TWR")),
    responses((status = 200, description = "A page of spans", body = Page<Staffing>)))]
pub async fn staffing(
    mut request: Request,
    position: Path<String>,
) -> Result<HttpResponse, Problem> {
    let position = callsign(&position).ok_or_else(bad_callsign)?;
    let personal = request.is_personal()?;
    let span = request.span()?;
    let is_configured = request.api()?.has_position(&position);
    let staffing = async move |reads: sectorwatch_store::api::Reads, page| {
        reads.staffing(position, is_configured, span, personal, page).await
    };
    request.list(staffing).await
}
