//! What one row of the table of endpoints says.

use actix_web::Route;

/// What is served under one pattern.
pub struct Endpoint {
    /// As requests are routed, and counted: `/api/flights/{callsign}`.
    pub pattern: &'static str,
    /// What it answers, for whoever asks at the root.
    pub answers: &'static str,
    /// Who answers GET and HEAD.
    pub handler: fn(Route) -> Route,
}
