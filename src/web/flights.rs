//! `/api/flights/{callsign}`.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_ENCODING, ContentType, HeaderValue, RETRY_AFTER, VARY},
    },
    rt::task::spawn_blocking,
    web::{Data, Path},
};
use bytes::Bytes;
use tokio::sync::Semaphore;

use super::{
    FlightsHistory, HistoryError, WebState,
    coding::Coding,
    error::{error, not_acceptable},
    portions::Portions,
};

/// The memory for histories until their clients have read them.
const ROOM_KIB: usize = 32 * 1024;

/// Creates the budget for answers that are not shared.
pub fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(ROOM_KIB))
}

/// The history of a callsign. This is the only endpoint that queries the database; the connection is returned
/// before the first byte is sent.
pub async fn flights(
    state: Data<WebState>,
    callsign: Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let callsign = callsign.to_ascii_uppercase();
    if !is_possible(&callsign) {
        let message = "A callsign has 1 to 16 visible ASCII characters.";
        return error(StatusCode::BAD_REQUEST, "bad_callsign", message);
    }
    let Ok(coding) = Coding::wanted(&request) else { return not_acceptable() };
    match (state.history)(callsign).await {
        Ok(Some(history)) => answer(&state, history, coding).await,
        Ok(None) => error(
            StatusCode::NOT_FOUND,
            "unknown_callsign",
            "No flight with this callsign was ever stored.",
        ),
        Err(HistoryError::Busy) => retry_later("busy", "All connections are in use."),
        Err(HistoryError::Database) => {
            retry_later("database_error", "The database cannot be read now.")
        }
        // The panic hook reports the panic itself.
        Err(HistoryError::Panicked) => unreadable(),
    }
}

async fn answer(state: &WebState, history: FlightsHistory, coding: Coding) -> HttpResponse {
    let packed = spawn_blocking(move || coding.pack(&serde_json::to_vec(&history)?)).await;
    let Ok(Ok(body)) = packed else { return unreadable() };
    let kib = u32::try_from(body.len().div_ceil(1024)).unwrap_or(u32::MAX);
    let Ok(room) = state.room.clone().try_acquire_many_owned(kib) else {
        return retry_later("busy", "Too many clients have not yet taken their answer.");
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header(ContentType::json()).insert_header((VARY, "accept-encoding"));
    if coding != Coding::Identity {
        answer.insert_header((CONTENT_ENCODING, coding.as_str()));
    }
    answer.body(Portions::of_its_own(Bytes::from(body), room))
}

fn unreadable() -> HttpResponse {
    let message = "The history could not be read.";
    error(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", message)
}

fn retry_later(code: &'static str, message: &str) -> HttpResponse {
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, code, message);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

fn is_possible(callsign: &str) -> bool {
    (1..=16).contains(&callsign.len()) && callsign.bytes().all(|b| b.is_ascii_graphic())
}
