//! Who sent a request.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header::{HeaderValue, WWW_AUTHENTICATE},
};

use super::{Scope, Scopes};
use crate::web::problem::{Code, Problem};

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

    /// Refuses a request that may not do all of these.
    ///
    /// # Errors
    /// The token lacks a scope (403), or there is no token and one is needed (401).
    pub fn demand(&self, needs: &[Scope]) -> Result<(), Problem> {
        let missing = needs.iter().find(|scope| !self.has(**scope));
        let Some(missing) = missing else { return Ok(()) };
        let missing = missing.as_str();
        Err(match self.name {
            Some(_) => {
                Problem::new(Code::ScopeRequired, format!("The token lacks the scope {missing}."))
            }
            None => {
                let detail = format!("This needs a token with the scope {missing}.");
                challenge(Problem::new(Code::Unauthorized, detail), "Bearer")
            }
        })
    }

    /// The caller of a request. Without an authentication before it, a request may do nothing.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }
}

impl FromRequest for Caller {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The answer to a token that is unknown or has expired.
pub fn wrong_token() -> Problem {
    let detail = "The token is unknown, has expired, or does not stand in the header as Bearer.";
    challenge(Problem::new(Code::Unauthorized, detail), "Bearer error=\"invalid_token\"")
}

fn challenge(problem: Problem, scheme: &'static str) -> Problem {
    problem.with_header(WWW_AUTHENTICATE, HeaderValue::from_static(scheme))
}
