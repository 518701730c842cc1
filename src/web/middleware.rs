//! Wraps every request: metrics, a span, and one line of access log.

use std::{
    thread,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
    web::Data,
};
use tracing::{Instrument as _, debug, field, info_span};

use super::{
    WebState,
    error::error,
    headers,
    hosts::Refused,
    metrics::{HttpMetrics, UNMATCHED},
    routes::{ENDPOINTS, method_label},
};

/// Observes a request from its head to the head of its response.
pub async fn observe(
    state: Data<WebState>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let route = route_label(&request);
    let method = method_label(request.method());
    let span = info_span!(
        "http.request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        http.route = route,
        http.request.method = method,
        http.response.status_code = field::Empty,
    );
    let running = Running::begin(state.http.clone(), route, method);
    let outcome = next.call(request).instrument(span.clone()).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    span.record("http.response.status_code", status.as_u16());
    let duration = running.finish(status);
    let (status, millis) = (status.as_u16(), duration.as_secs_f64() * 1000.0);
    debug!(parent: &span, method, route, status, millis, "request");
    outcome
}

/// Refuses requests for other hosts, and adds the headers of every answer.
pub async fn guard(
    state: Data<WebState>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answer = match state.hosts.judge(request.head()) {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(refused) => request.into_response(refusal(refused)),
    };
    headers::complete(answer.headers_mut());
    Ok(answer)
}

fn refusal(refused: Refused) -> HttpResponse {
    match refused {
        Refused::Misdirected => error(
            StatusCode::MISDIRECTED_REQUEST,
            "unknown_host",
            "This host is none of ours; SECTORWATCH_ALLOWED_HOSTS names those that are.",
        ),
        Refused::Unclear => error(
            StatusCode::BAD_REQUEST,
            "bad_host",
            "One Host header is needed, and a valid one.",
        ),
    }
}

/// The matching pattern, never the path itself.
fn route_label(request: &ServiceRequest) -> &'static str {
    let pattern = request.match_pattern();
    let mut patterns = ENDPOINTS.iter().map(|endpoint| endpoint.pattern);
    patterns.find(|known| pattern.as_deref() == Some(known)).unwrap_or(UNMATCHED)
}

/// A request that is being served. If it is dropped before its end, its client disconnected or its handler
/// panicked.
struct Running {
    metrics: HttpMetrics,
    route: &'static str,
    method: &'static str,
    began: Instant,
    finished: bool,
}

impl Running {
    fn begin(metrics: HttpMetrics, route: &'static str, method: &'static str) -> Self {
        metrics.in_flight.inc();
        Self { metrics, route, method, began: Instant::now(), finished: false }
    }

    fn finish(mut self, status: StatusCode) -> Duration {
        self.finished = true;
        self.count(status);
        self.began.elapsed()
    }

    fn count(&self, status: StatusCode) {
        let class = match status.as_u16() / 100 {
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        let labels = [self.route, self.method, class];
        self.metrics.requests.with_label_values(&labels).inc();
        let duration = self.metrics.duration.with_label_values(&[self.route]);
        duration.observe(self.began.elapsed().as_secs_f64());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.metrics.in_flight.dec();
        if self.finished {
            return;
        }
        if thread::panicking() {
            self.count(StatusCode::INTERNAL_SERVER_ERROR);
        } else {
            self.metrics.abandoned.with_label_values(&[self.route]).inc();
        }
    }
}
