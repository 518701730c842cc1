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
