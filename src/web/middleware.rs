//! Wraps every request: metrics, a span, and one line of access log.

use std::{
    thread,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
    web::Data,
};
use tracing::{Instrument as _, debug, field, info_span};

use super::{
    WebState,
    access::{self, Caller},
    connections::note_route,
    endpoint::Endpoint,
    error::error,
    headers,
    hosts::Refused,
    metrics::{HttpMetrics, RefusedFor, UNMATCHED},
    problem::{self, Code, Problem, has_problems},
    routes::{endpoint_of, method_label},
    trace_id::TraceId,
};

/// Observes a request from its head to the head of its response.
pub async fn observe(
    state: Data<WebState>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let route = route_label(&request);
    let method = method_label(request.method());
    note_route(request.request(), route);
    let span = info_span!(
        "http.request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        http.route = route,
        http.request.method = method,
        http.response.status_code = field::Empty,
        trace_id = field::Empty,
    );
    let trace_id = TraceId::of_span(&span);
    span.record("trace_id", trace_id.as_str());
    request.extensions_mut().insert(trace_id.clone());
    let running = Running::begin(state.http.clone(), route, method);
    let outcome = next.call(request).instrument(span.clone()).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    span.record("http.response.status_code", status.as_u16());
    let token = match &outcome {
        Ok(response) => Caller::of(response.request()).name,
        Err(_) => None,
    };
    state.http.finished_for(token.as_deref());
    let duration = running.finish(status);
    let (status, millis) = (status.as_u16(), duration.as_secs_f64() * 1000.0);
    let (token, trace_id) = (token.as_deref(), trace_id.as_str());
    debug!(parent: &span, method, route, status, millis, token, trace_id, "request");
    outcome
}

/// Refuses requests for other hosts, and adds the headers of every answer.
pub async fn guard(
    state: Data<WebState>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answer = match state.access.hosts().judge(request.head()) {
        Ok(()) => {
            let mut answer = next.call(request).await?.map_into_boxed_body();
            if state.access.has_cors() {
                access::answered(&mut answer);
            }
            count_refusal(&state.http, &answer);
            problem::complete(answer)
        }
        Err(refused) => {
            let refusal = refusal(refused, request.path());
            problem::complete(request.into_response(refusal))
        }
    };
    headers::complete(answer.headers_mut());
    Ok(answer)
}

fn count_refusal(metrics: &HttpMetrics, answer: &ServiceResponse<BoxBody>) {
    match answer.response().extensions().get().map(Problem::code) {
        Some(Code::Unauthorized) => metrics.refused(RefusedFor::Unauthorized),
        Some(Code::ScopeRequired) => metrics.refused(RefusedFor::Scope),
        _ => {}
    }
}

fn refusal(refused: Refused, path: &str) -> HttpResponse {
    let (of_api, status, code, message) = match refused {
        Refused::Misdirected => (
            Code::Misdirected,
            StatusCode::MISDIRECTED_REQUEST,
            "unknown_host",
            "This host is none of ours; SECTORWATCH_ALLOWED_HOSTS names those that are.",
        ),
        Refused::Unclear => (
            Code::BadRequest,
            StatusCode::BAD_REQUEST,
            "bad_host",
            "One Host header is needed, and a valid one.",
        ),
    };
    match has_problems(path) {
        true => Problem::new(of_api, message).response(),
        false => error(status, code, message),
    }
}

/// The matching pattern, never the path itself.
fn route_label(request: &ServiceRequest) -> &'static str {
    endpoint_of(request).map_or(UNMATCHED, Endpoint::pattern)
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
