//! Who sent a request.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};

use super::{Scope, Scopes};

/// Who sent a request. A handler takes it as an argument.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The name of the token; `None` without a token.
    pub name: Option<Arc<str>>,
    /// What the request may do.
    pub scopes: Scopes,
}

impl Caller {
    /// Whether the request may do this.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }
}

impl FromRequest for Caller {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    /// Without an authentication before it, a request may do nothing.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or_default()))
    }
}
