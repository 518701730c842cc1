//! Visits to sectors, and the radio contact of a flight.

use actix_web::{HttpResponse, web::Path};

use super::{
    answer::Page,
    request::{Request, flight_id},
};
use crate::web::problem::Problem;
use sectorwatch_store::api::{Contact, ContactFilter, Visit, VisitFilter};

/// Visits to sectors that overlap a span
///
/// In the order of `entry_timestamp` and `id`. A visit without an exit lasts.
#[utoipa::path(get, path = "/api/v1/visits", tag = "Visits", operation_id = "list_visits",
    responses((status = 200, description = "A page of visits", body = Page<Visit>)))]
pub async fn list(mut request: Request) -> Result<HttpResponse, Problem> {
    let span = request.span()?;
    let query = &mut request.query;
    let filter = VisitFilter {
        span,
        flight_id: None,
        callsign: query.callsign()?,
        sector: query.sector()?,
        cid: query.cid()?,
    };
    request.list(async move |reads, page| reads.visits(filter, page).await).await
}

/// The visits of one flight
///
/// In the order of `entry_timestamp` and `id`. Without `from` and `to` all of them.
#[utoipa::path(get, path = "/api/v1/flights/{id}/visits", tag = "Flights",
    operation_id = "list_visits_of_flight",
    params(("id" = i64, Path, description = "The flight's id.", example = 1)),
    responses((status = 200, description = "A page of visits", body = Page<Visit>)))]
pub async fn of_flight(mut request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let span = request.span_of_flight()?;
    let filter = VisitFilter { flight_id: Some(flight_id(&id)?), ..VisitFilter::of(span) };
    request.list(async move |reads, page| reads.visits(filter, page).await).await
}

/// With whom one flight was in contact by radio
///
/// In the order of `from_timestamp` and `id`: contact with one controller, none, or unknown. Without `from` and `to`
/// all of it.
#[utoipa::path(get, path = "/api/v1/flights/{id}/contacts", tag = "Flights",
    operation_id = "list_contacts_of_flight",
    params(("id" = i64, Path, description = "The flight's id.", example = 1)),
    responses((status = 200, description = "A page of contacts", body = Page<Contact>)))]
pub async fn contacts(mut request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let span = request.span_of_flight()?;
    let filter = ContactFilter { flight_id: Some(flight_id(&id)?), ..ContactFilter::of(span) };
    request.list(async move |reads, page| reads.contacts(filter, page).await).await
}
