//! Which pages of other sites may read.

use actix_cors::Cors;
use actix_web::{
    body::BoxBody,
    dev::ServiceResponse,
    http::{
        Method, StatusCode,
        header::{
            AUTHORIZATION, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, LINK, RETRY_AFTER, VARY,
        },
    },
};

use super::Access;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// How long a browser may remember the answer to a preflight.
const PREFLIGHT_SECONDS: usize = 3_600;

impl Access {
    /// Whether pages of any other site may read.
    pub fn has_cors(&self) -> bool {
        !self.0.cors_origins.is_empty()
    }
}

/// The middleware for these origins. It answers preflights itself.
pub fn cors(access: &Access) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD])
        .allowed_headers([AUTHORIZATION, LAST_EVENT_ID, IF_NONE_MATCH])
        .expose_headers([LINK, ETAG, RETRY_AFTER])
        .max_age(PREFLIGHT_SECONDS)
        // It would keep only the first of several `Vary` headers.
        .disable_vary_header();
    access.0.cors_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin.as_str()))
}

/// Completes an answer that the middleware has seen: `Vary`, and 204 for a preflight, which has no content.
pub fn answered(answer: &mut ServiceResponse<BoxBody>) {
    answer.headers_mut().append(VARY, HeaderValue::from_static("origin"));
    // Only a preflight is answered so: no endpoint knows the method.
    if answer.request().method() == Method::OPTIONS && answer.status() == StatusCode::OK {
        *answer.response_mut().status_mut() = StatusCode::NO_CONTENT;
    }
}
