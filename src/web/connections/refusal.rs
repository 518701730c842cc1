//! Answers to bytes that are no request. actix-http's own answers lack our headers and texts, so they are
//! replaced when they are written.

use chrono::Utc;

use super::{super::headers::OF_EVERY_ANSWER, metrics::CloseReason};

/// An answer that no handler made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// 400.
    Malformed,
    /// 408.
    SlowRequest,
    /// 431.
    HeadTooLarge,
    /// 500.
    Failed,
}

impl Refusal {
    /// Returns the refusal that actix-http is about to write with these bytes, if it is one.
    pub fn of(written: &[u8]) -> Option<Self> {
        let code = written.strip_prefix(b"HTTP/1.")?.get(2..5)?;
        match code {
            b"400" => Some(Self::Malformed),
            b"408" => Some(Self::SlowRequest),
            b"431" => Some(Self::HeadTooLarge),
            [b'4' | b'5', ..] => Some(Self::Failed),
            _ => None,
        }
    }

    /// Why the connection ends then.
    pub fn reason(self) -> CloseReason {
        match self {
            Self::Malformed | Self::HeadTooLarge => CloseReason::Malformed,
            Self::SlowRequest => CloseReason::SlowRequest,
            Self::Failed => CloseReason::Ended,
        }
    }

    /// The whole answer, after which the connection is closed.
    pub fn answer(self) -> String {
        let (status, code, message) = match self {
            Self::Malformed => ("400 Bad Request", "malformed", "This is no request of HTTP/1.1."),
            Self::SlowRequest => {
                ("408 Request Timeout", "slow_request", "The request did not come in time.")
            }
            Self::HeadTooLarge => (
                "431 Request Header Fields Too Large",
                "head_too_large",
                "The head of a request has at most 16 KiB.",
            ),
            Self::Failed => ("500 Internal Server Error", "internal_error", "The request failed."),
        };
        let body = format!("{{\"error\":\"{code}\",\"message\":\"{message}\"}}");
        let headers = OF_EVERY_ANSWER.map(|(name, value)| format!("{name}: {value}\r\n")).concat();
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{headers}\
             vary: accept-encoding\r\nconnection: close\r\ndate: {}\r\n\r\n{body}",
            body.len(),
            Utc::now().format("%a, %d %b %Y %H:%M:%S GMT"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_the_library_are_known_by_their_status() {
        for (written, refusal) in [
            ("HTTP/1.1 400 Bad Request\r\n", Some(Refusal::Malformed)),
            ("HTTP/1.0 400 Bad Request\r\n", Some(Refusal::Malformed)),
            ("HTTP/1.1 408 Request Timeout\r\n", Some(Refusal::SlowRequest)),
            ("HTTP/1.1 431 …", Some(Refusal::HeadTooLarge)),
            ("HTTP/1.1 500 …", Some(Refusal::Failed)),
            ("HTTP/1.1 100 Continue\r\n\r\n", None),
            ("HTTP/1.1 200 OK\r\n", None),
            ("HTTP/1.1 4", None),
            ("a portion of a body", None),
        ] {
            assert_eq!(Refusal::of(written.as_bytes()), refusal, "{written}");
        }
    }
}
