//! The scopes of an endpoint, around its handler: what is dispatched is what is checked.

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use super::{Caller, Scope, caller::wrong_token};
use crate::web::problem::Problem;

/// Marks a request whose token is wrong.
pub struct WrongToken;

/// Calls the handler if the request may have what needs these scopes.
pub async fn enforce(
    needs: &'static [Scope],
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match demand(request.request(), needs) {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(problem) => Ok(request.into_response(problem.response())),
    }
}

/// Refuses a request that may not have what needs these scopes. What needs none is for everybody, whatever stands in
/// the header: a proxy may have put it there.
///
/// # Errors
/// The token is wrong or lacks a scope, or there is none and one is needed.
pub fn demand(request: &HttpRequest, needs: &[Scope]) -> Result<(), Problem> {
    if needs.is_empty() {
        return Ok(());
    }
    if request.extensions().get::<WrongToken>().is_some() {
        return Err(wrong_token());
    }
    Caller::of(request).demand(needs)
}
