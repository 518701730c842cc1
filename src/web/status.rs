//! `/api/status`.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::Data,
};

use super::WebState;
use crate::poller::verdict::Status;

/// The status as JSON. Takes no connection and waits for nothing.
pub async fn status(state: Data<WebState>, request: HttpRequest) -> HttpResponse {
    let report = state.report(WebState::now());
    let code = match report.status {
        Status::Critical if !always_200(&request) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    HttpResponse::build(code).insert_header((CACHE_CONTROL, "no-store")).json(report)
}

/// For browsers behind proxies that replace the body of a 503.
fn always_200(request: &HttpRequest) -> bool {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .any(|(key, value)| key == "always200" && value == "1")
}
