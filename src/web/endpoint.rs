//! A row of the table of endpoints.

use actix_web::Route;

/// An endpoint.
pub struct Endpoint {
    /// The pattern for routing and metric labels, such as `/api/flights/{callsign}`.
    pub pattern: &'static str,
    /// The description on the page and in the text.
    pub answers: &'static str,
    /// Adds the handler of GET and HEAD.
    pub handler: fn(Route) -> Route,
}
