//! `/metrics`.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{WebState, error, probes};
use crate::{
    poller::status::seconds_since,
    telemetry::metrics::{CONTENT_TYPE, encode},
};

/// One reading of all families. Takes no connection and waits for nothing.
pub async fn metrics(state: Data<WebState>) -> HttpResponse {
    let now = WebState::now();
    let age = seconds_since(state.status.load().published_at, now);
    state.http.snapshot_age.set(age);
    let unready = probes::unready(&(state.live)(), now);
    state.process.set_ready(unready.is_empty());
    let mut families = state.registry.gather();
    state.process.count_series(&mut families);
    match encode(&families) {
        Ok(text) => HttpResponse::Ok().content_type(CONTENT_TYPE).body(text),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be rendered");
            error::error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "metrics_error",
                "The metrics cannot be rendered; the log says why.",
            )
        }
    }
}
