//! The id by which an answer is found in the log and in the traces.

use std::{fmt::Write as _, sync::Arc};

use actix_web::{HttpMessage as _, HttpRequest};
use sectorwatch_telemetry::tracing::trace_id;
use tracing::Span;

/// 32 hex digits in lower case: the id of the trace, or a random one while spans are not exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceId(Arc<str>);

impl TraceId {
    /// The id of a request that has this span.
    pub fn of_span(span: &Span) -> Self {
        Self(trace_id(span).unwrap_or_else(random).into())
    }

    /// The id that the request was given; a new one if it was given none.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self(random().into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn random() -> String {
    let mut digits = String::with_capacity(32);
    for byte in rand::random::<[u8; 16]>() {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_export_an_id_is_made_that_looks_like_one() {
        let (one, other) = (TraceId::of_span(&Span::none()), TraceId::of_span(&Span::none()));
        assert_ne!(one, other);
        let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        assert!(one.as_str().len() == 32 && one.as_str().chars().all(is_digit), "{one:?}");
    }
}
