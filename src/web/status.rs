//! `/api/status` and `/`: one report in the form that the client wants.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, ETAG, EntityTag, REFRESH, VARY},
    },
    web::Data,
};

use super::{
    WebState,
    error::error,
    form::{Form, parameter},
    page, text,
};
use crate::poller::{status::StatusReport, verdict::Status};

/// The status. Takes no connection and waits for nothing.
pub async fn status(state: Data<WebState>, request: HttpRequest) -> HttpResponse {
    let Ok(form) = Form::wanted(&request) else {
        let message = "The formats are json, html and text.";
        return error(StatusCode::BAD_REQUEST, "bad_format", message);
    };
    let report = state.report(WebState::now());
    let is_asked = |name, value: &str| parameter(&request, name).is_some_and(|v| v == value);
    let code = match report.status {
        // For browsers behind proxies that replace the body of a 503.
        Status::Critical if !is_asked("always200", "1") => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    let mut response = HttpResponse::build(code);
    response
        .content_type(form.content_type())
        .insert_header((ETAG, tag(&state, &report, form)))
        .append_header((VARY, "accept"));
    match form {
        Form::Json => response.json(report),
        Form::Text => response.body(text::text(&report)),
        Form::Html => {
            let refreshes = !is_asked("refresh", "off");
            if refreshes {
                // As a header: a page that moves by an element of its own cannot be stopped by it.
                response.insert_header((REFRESH, page::REFRESH_SECONDS.to_string()));
            }
            response
                .insert_header((CONTENT_SECURITY_POLICY, page::CONTENT_SECURITY_POLICY.as_str()))
                .body(page::page(&report, &state.chart, refreshes))
        }
    }
}

/// Which snapshot it was made from, and what was made of it. Never answered with 304: ages and
/// pools' figures are those of the moment.
fn tag(state: &WebState, report: &StatusReport, form: Form) -> EntityTag {
    let snapshot = state.status.load().published_at.timestamp_micros();
    EntityTag::new_weak(format!("{snapshot:x}-{}-{}", report.status.as_str(), form.as_str()))
}
