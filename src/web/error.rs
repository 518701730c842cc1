//! How an endpoint says no.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;

/// An error as JSON: one word for a program, one sentence for a human.
pub fn error(status: StatusCode, code: &'static str, message: &str) -> HttpResponse {
    #[derive(Serialize)]
    struct Error<'a> {
        error: &'static str,
        message: &'a str,
    }
    HttpResponse::build(status).json(Error { error: code, message })
}

/// No packing of ours is taken by the client.
pub fn not_acceptable() -> HttpResponse {
    let message = "An answer is packed as gzip, br or zstd, or not at all.";
    error(StatusCode::NOT_ACCEPTABLE, "not_acceptable", message)
}
