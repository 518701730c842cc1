//! Movements at an airport.

use actix_web::{HttpResponse, web::Path};

use super::{answer::Page, failure, request::Request};
use crate::web::problem::Problem;
use sectorwatch_store::api::{Movement, MovementFilter};

/// No code of an airport is as long.
const LONGEST: usize = 64;

/// Take-offs, landings, go-arounds and touch-and-goes at an airport in a span
///
/// In the order of `at` and `id`.
#[utoipa::path(get, path = "/api/v1/airports/{icao}/movements", tag = "Airports",
    operation_id = "list_movements",
    params(("icao" = String, Path, description = "The airport's ICAO code, in upper or lower case.", example = "YSSY")),
    responses((status = 200, description = "A page of movements", body = Page<Movement>)))]
pub async fn list(mut request: Request, icao: Path<String>) -> Result<HttpResponse, Problem> {
    let icao = code_of(&icao)?;
    let is_configured = request.api()?.has_airport(&icao);
    let span = request.span()?;
    let query = &mut request.query;
    let filter = MovementFilter {
        span,
        icao: Some(icao),
        is_configured,
        callsign: query.callsign()?,
        cid: query.cid()?,
    };
    request.list(async move |reads, page| reads.movements(filter, page).await).await
}

/// The code of an airport in a path, in upper case.
///
/// # Errors
/// No airport has one like it.
pub fn code_of(text: &str) -> Result<String, Problem> {
    match text.len() > LONGEST || text.contains(char::is_control) {
        true => Err(failure::unknown()),
        false => Ok(text.to_ascii_uppercase()),
    }
}
