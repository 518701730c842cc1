//! The rate limit, and then the authentication.

use std::{net::IpAddr, time::Duration};

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue, RETRY_AFTER},
    },
    middleware::Next,
    web::Data,
};
use sectorwatch_access::AddressKey;

use super::{
    Access, Caller, Scopes, credentials::Credentials, enforce::WrongToken, limiter::Client,
};
use crate::web::{
    WebState,
    error::error,
    metrics::RefusedFor,
    problem::{Code, Problem, has_problems},
    routes::endpoint_of,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Counts the request for the client's limit, and notes who sent it. Whether that is enough is decided where the
/// endpoint is known, so that a wrong token costs as much of the limit as a right one.
pub async fn admit(
    state: Data<WebState>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let tokens = state.access.0.tokens.load();
    let credentials = Credentials::of(request.headers(), &tokens, WebState::now());
    if endpoint_of(&request).is_none_or(|endpoint| !endpoint.is_unlimited()) {
        let client = client(&state.access, &credentials, &request);
        if let Err(wait) = state.access.0.limiter.check(&client) {
            state.http.refused(RefusedFor::RateLimited);
            let refusal = too_many(request.path(), wait);
            return Ok(request.into_response(refusal));
        }
    }
    let caller = match credentials {
        Credentials::None => Caller { name: None, scopes: state.access.0.anonymous },
        Credentials::Token(name, scopes) => Caller { name: Some(name), scopes },
        Credentials::Wrong => {
            request.extensions_mut().insert(WrongToken);
            Caller { name: None, scopes: Scopes::NONE }
        }
    };
    request.extensions_mut().insert(caller);
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn client(access: &Access, credentials: &Credentials, request: &ServiceRequest) -> Client {
    if let Credentials::Token(name, _) = credentials {
        return Client::Token(name.clone());
    }
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    let forwarded: Vec<_> =
        request.headers().get_all(FORWARDED_FOR).map(HeaderValue::as_bytes).collect();
    Client::Address(AddressKey::of(access.client(peer, forwarded.into_iter())))
}

fn too_many(path: &str, wait: Duration) -> HttpResponse {
    let seconds = wait.as_millis().div_ceil(1_000).max(1);
    let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
    let message = "The client sent more requests than SECTORWATCH_RATE_LIMIT allows.";
    if has_problems(path) {
        return Problem::new(Code::RateLimited, message).retry_after(seconds).response();
    }
    let mut response = error(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}
