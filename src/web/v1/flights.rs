//! Flights: the list, and one of them.

use actix_web::{HttpResponse, web::Path};

use super::{
    answer::{One, Page},
    failure,
    params::bbox,
    request::{Request, flight_id},
};
use crate::web::problem::Problem;
use sectorwatch_store::api::{Flight, FlightFilter};

/// Flights that were first seen in a span
///
/// In the order of `first_seen` and `id`. Every flight is stored once for each connection of its pilot.
#[utoipa::path(get, path = "/api/v1/flights", tag = "Flights", operation_id = "list_flights",
    responses((status = 200, description = "A page of flights", body = Page<Flight>)))]
pub async fn list(mut request: Request) -> Result<HttpResponse, Problem> {
    let personal = request.is_personal()?;
    let span = request.span()?;
    let query = &mut request.query;
    let filter = FlightFilter {
        span,
        callsign: query.callsign()?,
        departure: query.departure()?,
        arrival: query.arrival()?,
        sector: query.sector()?,
        bbox: bbox(query)?,
        cid: query.cid()?,
        personal,
    };
    request.list(async move |reads, page| reads.flights(filter, page).await).await
}

/// One flight: its plan and its latest state
#[utoipa::path(get, path = "/api/v1/flights/{id}", tag = "Flights", operation_id = "get_flight",
    params(("id" = i64, Path, description = "The flight's id.", example = 1)),
    responses((status = 200, description = "The flight", body = One<Flight>)))]
pub async fn one(request: Request, id: Path<String>) -> Result<HttpResponse, Problem> {
    let personal = request.is_personal()?;
    let id = flight_id(&id)?;
    let flight = request.api()?.reads.flight(id, personal).await.map_err(failure::problem)?;
    request.one(flight).await
}
