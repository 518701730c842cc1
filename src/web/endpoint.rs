//! A row of the table of endpoints.

use actix_web::Route;

use super::{access::Scope, v1::params::Parameter};

/// An endpoint. It is made by [`Endpoint::open`] or [`Endpoint::guarded`] alone, so that no route of the API is
/// without a scope.
pub struct Endpoint {
    pattern: &'static str,
    answers: &'static str,
    needs: &'static [Scope],
    parameters: &'static [Parameter],
    is_unlimited: bool,
    handler: fn(Route) -> Route,
}

impl Endpoint {
    /// An endpoint for everybody.
    ///
    /// # Panics
    /// The pattern is one of the API, whose endpoints need a scope. In the table, that is an error of the compiler.
    pub const fn open(
        pattern: &'static str,
        answers: &'static str,
        handler: fn(Route) -> Route,
    ) -> Self {
        assert!(!is_of_v1(pattern), "a route of the API needs a scope");
        Self { pattern, answers, needs: &[], parameters: &[], is_unlimited: false, handler }
    }

    /// An endpoint for whoever has all of these scopes.
    ///
    /// # Panics
    /// `needs` is empty. In the table, that is an error of the compiler.
    pub const fn guarded(
        pattern: &'static str,
        needs: &'static [Scope],
        answers: &'static str,
        handler: fn(Route) -> Route,
    ) -> Self {
        assert!(!needs.is_empty(), "an endpoint that needs nothing is an open one");
        Self { pattern, answers, needs, parameters: &[], is_unlimited: false, handler }
    }

    /// The same with the parameters of its query.
    pub const fn taking(self, parameters: &'static [Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// The parameters of its query. The API refuses all others.
    pub const fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    /// The same without a rate limit: it is answered from memory, and whoever watches the service must see it.
    pub const fn unlimited(self) -> Self {
        Self { is_unlimited: true, ..self }
    }

    /// The pattern for routing and metric labels, such as `/api/flights/{callsign}`.
    pub const fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// The description on the page and in the document of the API.
    pub const fn answers(&self) -> &'static str {
        self.answers
    }

    /// The scopes that a request needs; none for everybody.
    pub const fn needs(&self) -> &'static [Scope] {
        self.needs
    }

    /// Whether its requests do not count for the rate limit.
    pub const fn is_unlimited(&self) -> bool {
        self.is_unlimited
    }

    /// Adds the handler of GET and HEAD.
    pub fn add_handler(&self, route: Route) -> Route {
        (self.handler)(route)
    }
}

/// Whether a pattern is one of the API.
const fn is_of_v1(pattern: &str) -> bool {
    const ROOT: &[u8] = b"/api/v1";
    let pattern = pattern.as_bytes();
    if pattern.len() < ROOT.len() {
        return false;
    }
    let mut index = 0;
    while index < ROOT.len() {
        if pattern[index] != ROOT[index] {
            return false;
        }
        index += 1;
    }
    true
}
