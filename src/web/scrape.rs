//! `/metrics`.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderValue, VARY},
    },
    web::Data,
};

use super::{
    WebState,
    coding::Coding,
    error::{error, not_acceptable},
    probes,
    rendered::Draft,
};
use crate::status::seconds_since;
use sectorwatch_telemetry::metrics::{self, encode};

/// Renders all metric families. Takes no connection and waits for nothing.
pub async fn metrics(state: Data<WebState>, request: HttpRequest) -> HttpResponse {
    let Ok(coding) = Coding::wanted(&request) else { return not_acceptable() };
    match state.kept.metrics.get(&state.http, || draft(&state)).await {
        Ok(rendering) => rendering.answer(&state.http, StatusCode::OK, coding).await,
        Err(error) => {
            tracing::error!(%error, "metrics cannot be rendered");
            self::error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "metrics_error",
                "The metrics cannot be rendered; the log says why.",
            )
        }
    }
}

fn draft(state: &WebState) -> prometheus::Result<Draft> {
    let now = WebState::now();
    let status = state.status.load();
    let age = seconds_since(status.published_at, now);
    state.process.set_airspace(&status.airspace.revision);
    state.http.snapshot_age.set(age);
    let unready = probes::unready(&(state.live)(), now);
    state.process.set_ready(unready.is_empty());
    let mut families = state.registry.gather();
    state.process.count_series(&mut families);
    let headers = [(CONTENT_TYPE, metrics::CONTENT_TYPE), (VARY, "accept-encoding")];
    Ok(Draft {
        code: StatusCode::OK,
        headers: headers.map(|(name, value)| (name, HeaderValue::from_static(value))).into(),
        body: encode(&families)?,
    })
}
