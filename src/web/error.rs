//! Error answers of endpoints.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;

/// An error as JSON: a code for programs and a sentence for people.
pub fn error(status: StatusCode, code: &'static str, message: &str) -> HttpResponse {
    #[derive(Serialize)]
    struct Error<'a> {
        error: &'static str,
        message: &'a str,
    }
    HttpResponse::build(status).json(Error { error: code, message })
}

/// The client accepts none of the content codings.
pub fn not_acceptable() -> HttpResponse {
    let message = "An answer is packed as gzip, br or zstd, or not at all.";
    error(StatusCode::NOT_ACCEPTABLE, "not_acceptable", message)
}
