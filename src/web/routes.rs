//! All endpoints, and the answers to requests for none of them.

use actix_web::{
    HttpResponse, Resource,
    guard::{Any, Get, Head},
    http::{Method, StatusCode, header},
    web::{self, ServiceConfig},
};

use super::{error::error, flights, probes, scrape, status};

/// The patterns that requests are counted under, beside `unmatched`.
pub const PATTERNS: [&str; 6] =
    ["/", "/metrics", "/api/status", "/api/flights/{callsign}", "/livez", "/readyz"];

/// Adds all endpoints to an application.
pub fn all(config: &mut ServiceConfig) {
    let read = || web::route().guard(Any(Get()).or(Head()));
    let resource =
        |pattern| -> Resource { web::resource(pattern).default_service(web::to(only_read)) };
    config
        .service(resource("/").route(read().to(status::status)))
        .service(resource("/metrics").route(read().to(scrape::metrics)))
        .service(resource("/api/status").route(read().to(status::status)))
        .service(resource("/api/flights/{callsign}").route(read().to(flights::flights)))
        .service(resource("/livez").route(read().to(probes::livez)))
        .service(resource("/readyz").route(read().to(probes::readyz)))
        .default_service(web::to(no_such_endpoint));
}

async fn no_such_endpoint() -> HttpResponse {
    error(StatusCode::NOT_FOUND, "not_found", "No such endpoint; / lists them.")
}

async fn only_read() -> HttpResponse {
    let mut response = error(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "Only GET and HEAD are answered here.",
    );
    let allowed = header::HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

/// The method as a label: a client can invent methods, but not label values.
pub fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
