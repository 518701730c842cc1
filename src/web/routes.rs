//! All endpoints, and the answers to other requests.

use actix_web::{
    HttpRequest, HttpResponse,
    body::BoxBody,
    dev::ServiceRequest,
    guard::{Any, Get, Head},
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn},
    web::{self, ServiceConfig},
};

use super::{
    access::{self, Scope},
    endpoint::Endpoint,
    error::error,
    flights,
    metrics::UNMATCHED,
    pages, probes,
    problem::{Code, Problem, has_problems, is_of_v1},
    scrape, status, v1,
};

/// The endpoints that the page and the text list.
pub static ENDPOINTS: [Endpoint; 7] = [
    Endpoint::open("/", "how the service is, for people", |route| route.to(status::status))
        .unlimited(),
    Endpoint::open(
        "/api/status",
        "the same for programs: ?format=json|html|text, ?always200=1",
        |route| route.to(status::status),
    )
    .unlimited(),
    Endpoint::open(
        "/api/flights/{callsign}",
        "the latest flights of a callsign, with visits and positions",
        |route| route.to(flights::flights),
    ),
    Endpoint::open("/api/docs", "the API, and how it is asked", |route| {
        route.to(v1::openapi::page)
    }),
    Endpoint::open("/metrics", "figures for Prometheus", |route| route.to(scrape::metrics))
        .unlimited(),
    Endpoint::open("/livez", "whether the process should go on living", |route| {
        route.to(probes::livez)
    })
    .unlimited(),
    Endpoint::open("/readyz", "whether it can serve", |route| route.to(probes::readyz)).unlimited(),
];

/// All tables of endpoints. A table of the API is listed in its own document.
pub static TABLES: [&[Endpoint]; 4] =
    [&ENDPOINTS, &pages::ENDPOINTS, &v1::routes::DOCUMENT, &v1::routes::ENDPOINTS];

/// All endpoints.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    TABLES.into_iter().flatten()
}

/// The values of the label `route`.
pub fn labels() -> impl Iterator<Item = &'static str> {
    endpoints().map(Endpoint::pattern).chain([UNMATCHED])
}

/// The endpoint of a request by its path, for labels and limits. What a request may do is decided by the endpoint
/// that it reaches.
pub fn endpoint_of(request: &ServiceRequest) -> Option<&'static Endpoint> {
    let pattern = request.match_pattern()?;
    endpoints().find(|endpoint| endpoint.pattern() == pattern)
}

/// Adds all endpoints to an application.
pub fn all(config: &mut ServiceConfig) {
    for endpoint in endpoints() {
        add(config, endpoint);
    }
    config.default_service(web::to(no_such_endpoint));
}

/// Adds an endpoint with its scopes, which stand around whatever answers there. A handler finds its endpoint in the
/// data of the resource.
pub fn add(config: &mut ServiceConfig, endpoint: &'static Endpoint) {
    let route = web::route().guard(Any(Get()).or(Head()));
    let resource = web::resource(endpoint.pattern())
        .app_data(endpoint)
        .default_service(web::to(only_read))
        .route(endpoint.add_handler(route));
    let needs = endpoint.needs();
    config.service(
        resource.wrap(from_fn(move |request, next: Next<BoxBody>| {
            access::enforce(needs, request, next)
        })),
    );
}

async fn no_such_endpoint(request: HttpRequest) -> HttpResponse {
    let needs: &[Scope] = if is_of_v1(request.path()) { &[Scope::Read] } else { &[] };
    if let Err(problem) = access::demand(&request, needs) {
        return problem.response();
    }
    match has_problems(request.path()) {
        true => Problem::new(Code::NotFound, "No such path; /api/docs lists them.").response(),
        false => error(StatusCode::NOT_FOUND, "not_found", "No such endpoint; / lists them."),
    }
}

async fn only_read(request: HttpRequest) -> HttpResponse {
    let message = "Only GET and HEAD are answered here.";
    let mut response = match has_problems(request.path()) {
        true => Problem::new(Code::MethodNotAllowed, message).response(),
        false => error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message),
    };
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
