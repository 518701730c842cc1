//! `/api/flights/{callsign}`.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{HeaderValue, RETRY_AFTER},
    },
    web::{Data, Path},
};
use tracing::{Instrument as _, Span};

use super::{HistoryError, WebState, error::error};

/// The history of a callsign. The only endpoint that asks the database.
pub async fn flights(state: Data<WebState>, callsign: Path<String>) -> HttpResponse {
    let callsign = callsign.to_ascii_uppercase();
    if !is_possible(&callsign) {
        let message = "A callsign has 1 to 16 visible ASCII characters.";
        return error(StatusCode::BAD_REQUEST, "bad_callsign", message);
    }
    // In a task of its own: a client that goes away must not cut a query in half.
    let reading = (state.history)(callsign).instrument(Span::current());
    match tokio::spawn(reading).await {
        Ok(Ok(Some(history))) => HttpResponse::Ok().json(history),
        Ok(Ok(None)) => error(
            StatusCode::NOT_FOUND,
            "unknown_callsign",
            "No flight with this callsign was ever stored.",
        ),
        Ok(Err(HistoryError::Busy)) => retry_later("busy", "All connections are in use."),
        Ok(Err(HistoryError::Database)) => {
            retry_later("database_error", "The database cannot be read now.")
        }
        // The panic itself is reported by the panic hook.
        Err(_) => error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "The history could not be read.",
        ),
    }
}

fn retry_later(code: &'static str, message: &str) -> HttpResponse {
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, code, message);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

fn is_possible(callsign: &str) -> bool {
    (1..=16).contains(&callsign.len()) && callsign.bytes().all(|b| b.is_ascii_graphic())
}
