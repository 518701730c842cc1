//! `/api/flights/{callsign}`.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{HeaderValue, RETRY_AFTER},
    },
    web::{Data, Path},
};

use super::{HistoryError, WebState, error::error};

/// The history of a callsign. The only endpoint that asks the database.
pub async fn flights(state: Data<WebState>, callsign: Path<String>) -> HttpResponse {
    let callsign = callsign.to_ascii_uppercase();
    if !is_possible(&callsign) {
        let message = "A callsign has 1 to 16 visible ASCII characters.";
        return error(StatusCode::BAD_REQUEST, "bad_callsign", message);
    }
    match (state.history)(callsign).await {
        Ok(Some(history)) => HttpResponse::Ok().json(history),
        Ok(None) => error(
            StatusCode::NOT_FOUND,
            "unknown_callsign",
            "No flight with this callsign was ever stored.",
        ),
        Err(HistoryError::Busy) => retry_later("busy", "All connections are in use."),
        Err(HistoryError::Database) => {
            retry_later("database_error", "The database cannot be read now.")
        }
        // The panic itself is reported by the panic hook.
        Err(HistoryError::Panicked) => error(
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
