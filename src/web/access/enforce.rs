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

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        http::Method,
        middleware::from_fn,
        test::{TestRequest, call_service, init_service},
    };

    use super::*;
    use crate::web::{access::Scopes, endpoint::Endpoint, routes};

    static EXPORT: Endpoint =
        Endpoint::guarded("/api/v1/export/{name}", &[Scope::Read, Scope::Export], "", |route| {
            route.to(async |caller: Caller| caller.scopes.to_string())
        });

    async fn status(method: Method, path: &str, token: Option<&[Scope]>) -> u16 {
        let caller = Caller {
            name: token.map(|_| "bot".into()),
            scopes: Scopes::of(token.unwrap_or_default()),
        };
        let admit = move |request: ServiceRequest, next: Next<BoxBody>| {
            request.extensions_mut().insert(caller.clone());
            next.call(request)
        };
        let app = App::new().configure(|config| routes::add(config, &EXPORT)).wrap(from_fn(admit));
        let app = init_service(app).await;
        let request = TestRequest::with_uri(path).method(method).to_request();
        call_service(&app, request).await.status().as_u16()
    }

    #[actix_web::test]
    async fn whatever_reaches_a_guarded_endpoint_has_its_scopes() {
        let all: &[Scope] = &[Scope::Read, Scope::Export];
        let path = "/api/v1/export/flights";
        // A spelling that the router reads alike is guarded alike.
        for path in [path, "/api/%76%31/export/flights", "/%61pi/v1/e%78port/fl%2fights"] {
            assert_eq!(status(Method::GET, path, None).await, 401, "{path}");
            assert_eq!(status(Method::GET, path, Some(&[Scope::Read])).await, 403, "{path}");
            assert_eq!(status(Method::GET, path, Some(&[Scope::Export])).await, 403, "{path}");
            assert_eq!(status(Method::GET, path, Some(all)).await, 200, "{path}");
            assert_eq!(status(Method::HEAD, path, Some(all)).await, 200, "{path}");
        }
        assert_eq!(status(Method::POST, path, None).await, 401);
        assert_eq!(status(Method::POST, path, Some(all)).await, 405);
    }
}
