//! `/api/status` and `/`: one report in the form that the client requests.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{
            CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, EntityTag, HeaderName, HeaderValue,
            REFRESH, TryIntoHeaderValue, VARY,
        },
    },
    web::Data,
};

use super::{
    WebState,
    coding::Coding,
    error::{error, not_acceptable},
    form::{Form, parameter},
    level::FlightLevel,
    page::{self, View},
    rendered::{Draft, RenderCache},
    text,
};
use crate::status::{StatusReport, verdict::Status};

/// The latest renderings of the status in each form, and of the metrics.
pub struct Renderings {
    pub metrics: RenderCache,
    json: RenderCache,
    text: RenderCache,
    page: RenderCache,
    page_without_refresh: RenderCache,
    /// The latest of the pages with sectors of one level.
    page_of_level: RenderCache,
}

impl Renderings {
    /// Creates empty caches whose renderings are served for `time`.
    pub fn none(time: Duration) -> Self {
        let kept = |name| RenderCache::empty(name, time);
        Self {
            metrics: kept("metrics"),
            json: kept("json"),
            text: kept("text"),
            page: kept("html"),
            page_without_refresh: kept("html"),
            page_of_level: kept("html"),
        }
    }

    fn of(&self, form: Form, view: View) -> &RenderCache {
        match (form, view) {
            (Form::Json, _) => &self.json,
            (Form::Text, _) => &self.text,
            (Form::Html, View { level: Some(_), .. }) => &self.page_of_level,
            (Form::Html, View { refreshes: true, .. }) => &self.page,
            (Form::Html, View { refreshes: false, .. }) => &self.page_without_refresh,
        }
    }
}

/// The status. Takes no connection and waits for nothing.
pub async fn status(state: Data<WebState>, request: HttpRequest) -> HttpResponse {
    let Ok(form) = Form::wanted(&request) else {
        let message = "The formats are json, html and text.";
        return error(StatusCode::BAD_REQUEST, "bad_format", message);
    };
    let Ok(coding) = Coding::wanted(&request) else { return not_acceptable() };
    let is_asked = |name, value: &str| parameter(&request, name).is_some_and(|v| v == value);
    let Ok(level) = FlightLevel::wanted(&request) else {
        let message = "fl is a flight level, a whole number from 0 to 999.";
        return error(StatusCode::BAD_REQUEST, "bad_fl", message);
    };
    let view = View { refreshes: !is_asked("refresh", "off"), level };
    let kept = state.kept.of(form, view);
    // Only the page has views.
    let key = if form == Form::Html { view.href() } else { String::new() };
    match kept.get(&state.http, &key, || draft(&state, form, view)).await {
        Ok(rendering) => {
            // For browsers behind proxies that replace the body of a 503.
            let code = if is_asked("always200", "1") { StatusCode::OK } else { rendering.code };
            rendering.answer(&state.http, code, coding).await
        }
        Err(error) => {
            tracing::error!(%error, "the status cannot be rendered");
            self::error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "status_error",
                "The status cannot be rendered; the log says why.",
            )
        }
    }
}

fn draft(state: &WebState, form: Form, view: View) -> serde_json::Result<Draft> {
    let report = state.report(WebState::now());
    let code = match report.status {
        Status::Critical => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    let mut headers = vec![
        (CONTENT_TYPE, HeaderValue::from_static(form.content_type())),
        (VARY, HeaderValue::from_static("accept-encoding")),
        (VARY, HeaderValue::from_static("accept")),
    ];
    headers.extend(valid(ETAG, tag(state, &report, form, view)));
    let body = match form {
        Form::Json => serde_json::to_vec(&report)?,
        Form::Text => text::text(&report, state.endpoints).into_bytes(),
        Form::Html => {
            let mut policy = &page::CONTENT_SECURITY_POLICY;
            if view.refreshes {
                // A header, which the script of the page can stop.
                headers.push((REFRESH, page::REFRESH_SECONDS.into()));
                policy = &page::UPDATING_POLICY;
            }
            headers.extend(valid(CONTENT_SECURITY_POLICY, policy.as_str()));
            let chart = state.charts.chart(&report.outlines);
            page::page(&report, chart.as_deref(), state.endpoints, view).into_bytes()
        }
    };
    Ok(Draft { code, headers, body })
}

fn valid(name: HeaderName, value: impl TryIntoHeaderValue) -> Option<(HeaderName, HeaderValue)> {
    Some((name, value.try_into_value().ok()?))
}

/// Identifies the snapshot, its form and the level that is drawn. An answer is never 304, because ages and pool values are those of
/// the moment.
fn tag(state: &WebState, report: &StatusReport, form: Form, view: View) -> EntityTag {
    let snapshot = state.status.load().published_at.timestamp_micros();
    let level = view.level.filter(|_| form == Form::Html);
    let level = level.map_or(String::new(), |level| format!("-{}", level.number()));
    let (status, form) = (report.status.as_str(), form.as_str());
    EntityTag::new_weak(format!("{snapshot:x}-{status}-{form}{level}"))
}
