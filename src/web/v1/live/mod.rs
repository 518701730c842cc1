//! What is in the air and on frequency now, and the stream of what changes.
//!
//! After each cycle, `renderer` reads everything once (`picture`), says what changed (`changes`, as `cycle` writes it)
//! and puts both where all clients find them (`shared`, `window`). A client of the stream (`body`) sends what its
//! `follower` says is next. `live` answers from the same rendering.

mod body;
mod changes;
mod cycle;
mod follower;
mod frame;
mod metrics;
mod picture;
mod renderer;
mod shared;
#[cfg(test)]
mod tests;
mod window;

use actix_web::{
    HttpResponse,
    http::{
        Method, Version,
        header::{CONTENT_TYPE, HeaderName},
    },
};

pub use metrics::LiveMetrics;
pub use picture::LiveNow;
pub use renderer::{Fetched, LiveRenderer};
pub use shared::LiveStream;

use super::{answer::One, failure, request::Request};
use crate::web::problem::{Code, Problem};
use body::EventBody;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Tells nginx to pass on what it gets.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// After how many seconds a client may have gone.
const FULL_SECONDS: u64 = 15;

/// Flights, sectors and controllers now
///
/// Everything at the mark, in one answer. Ask again after a cycle of the feed, which is 15 seconds, or follow the
/// stream.
#[utoipa::path(get, path = "/api/v1/live", tag = "Live", operation_id = "get_live",
    responses((status = 200, description = "Everything now", body = One<LiveNow>)))]
pub async fn live(request: Request) -> Result<HttpResponse, Problem> {
    let stream = request.state.stream.clone().ok_or_else(failure::no_database)?;
    let fetched = || request.state.status.load().feed.published_at;
    let answer = stream.answer(&request.state.http, fetched, request.coding).await;
    answer.ok_or_else(failure::no_database)
}

/// The stream of what changes
///
/// Server-sent events: `snapshot` with everything, as `/api/v1/live` answers it, then `cycle` after each cycle with what
/// changed. The id of an event is the mark in microseconds; a client that names its last one in `Last-Event-ID` gets
/// what came after it. A client that does not take its events is dropped.
#[utoipa::path(get, path = "/api/v1/live/stream", tag = "Live", operation_id = "follow_live",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that the client has.")),
    responses((status = 200, description = "The events", body = String, content_type = "text/event-stream")))]
pub async fn stream(request: Request) -> Result<HttpResponse, Problem> {
    let stream = request.state.stream.clone().ok_or_else(failure::no_database)?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((X_ACCEL_BUFFERING, "no"));
    if request.http.method() == Method::HEAD {
        let nothing = futures_util::stream::empty::<Result<_, std::io::Error>>();
        return Ok(answer.streaming(nothing));
    }
    let client = stream.client().ok_or_else(|| {
        let detail = "As many clients as allowed follow the stream.";
        Problem::new(Code::LiveFull, detail).retry_after(FULL_SECONDS)
    })?;
    let last_id = request.http.headers().get(LAST_EVENT_ID);
    let last_id = last_id.and_then(|id| id.to_str().ok()?.trim().parse().ok());
    let body = EventBody::of(&request.http, stream.follower(last_id), client);
    let is_old = request.http.version() < Version::HTTP_11;
    if is_old {
        answer.force_close();
    }
    let mut answer = answer.body(body);
    answer.head_mut().no_chunking(is_old);
    Ok(answer)
}
