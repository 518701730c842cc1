//! All endpoints, and the answers to other requests.

use actix_web::{
    HttpResponse,
    guard::{Any, Get, Head},
    http::{Method, StatusCode, header},
    web::{self, ServiceConfig},
};

use super::{endpoint::Endpoint, error::error, flights, probes, scrape, status};

/// All endpoints.
pub static ENDPOINTS: [Endpoint; 6] = [
    Endpoint {
        pattern: "/",
        answers: "how the service is, for people",
        handler: |route| route.to(status::status),
    },
    Endpoint {
        pattern: "/api/status",
        answers: "the same for programs: ?format=json|html|text, ?always200=1",
        handler: |route| route.to(status::status),
    },
    Endpoint {
        pattern: "/api/flights/{callsign}",
        answers: "the latest flights of a callsign, with visits and positions",
        handler: |route| route.to(flights::flights),
    },
    Endpoint {
        pattern: "/metrics",
        answers: "figures for Prometheus",
        handler: |route| route.to(scrape::metrics),
    },
    Endpoint {
        pattern: "/livez",
        answers: "whether the process should go on living",
        handler: |route| route.to(probes::livez),
    },
    Endpoint {
        pattern: "/readyz",
        answers: "whether it can serve",
        handler: |route| route.to(probes::readyz),
    },
];

/// Adds all endpoints to an application.
pub fn all(config: &mut ServiceConfig) {
    for endpoint in &ENDPOINTS {
        let route = web::route().guard(Any(Get()).or(Head()));
        let resource = web::resource(endpoint.pattern).default_service(web::to(only_read));
        config.service(resource.route((endpoint.handler)(route)));
    }
    config.default_service(web::to(no_such_endpoint));
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

/// The method as a label. A client can invent methods, but not label values.
pub fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
