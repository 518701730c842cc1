//! What handlers tell their connection.

use std::rc::Rc;

use actix_web::HttpRequest;

use super::exchange::Exchange;

/// Tells the connection of a request its route, for the case that the client does not read the answer.
pub fn note_route(request: &HttpRequest, route: &'static str) {
    if let Some(exchange) = exchange(request) {
        exchange.set_route(route);
    }
}

/// Held by a body that is sent in parts while they are made. The next request of the connection waits until it
/// is dropped; without it, a connection without bytes to send would count as idle.
pub struct SentInParts(Option<Rc<Exchange>>);

impl SentInParts {
    /// Begins for the answer to this request.
    pub fn begin(request: &HttpRequest) -> Self {
        let exchange = exchange(request).cloned();
        exchange.iter().for_each(|exchange| exchange.begin_parts());
        Self(exchange)
    }
}

impl Drop for SentInParts {
    fn drop(&mut self) {
        self.0.iter().for_each(|exchange| exchange.end_parts());
    }
}

pub(super) fn exchange(request: &HttpRequest) -> Option<&Rc<Exchange>> {
    request.conn_data()
}
