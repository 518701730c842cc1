//! How much of the time flights were in contact by radio.

use actix_web::HttpResponse;

use super::{answer::One, failure, request::Request};
use crate::web::problem::Problem;
use sectorwatch_store::api::Coverage;

/// Radio contact in a span, by sector, hour or facility
///
/// Seconds in contact, without, and of which nothing is known, summed over flights.
#[utoipa::path(get, path = "/api/v1/coverage", tag = "Coverage", operation_id = "get_coverage",
    responses((status = 200, description = "The sums", body = One<Coverage>)))]
pub async fn coverage(mut request: Request) -> Result<HttpResponse, Problem> {
    let span = request.span()?;
    let (by, zone) = (request.query.by()?, request.query.tz()?);
    if let Some(unchanged) = request.unchanged().await {
        return Ok(unchanged);
    }
    let coverage = request.api()?.reads.coverage(by, zone, span).await;
    request.one(coverage.map_err(failure::problem)?).await
}
