//! The codes of problems.

use actix_web::http::StatusCode;
use strum::{IntoStaticStr, VariantArray};

/// What is wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Code {
    BadRequest,
    BadTime,
    BadSpan,
    SpanTooWide,
    BadBbox,
    BadCursor,
    CursorMismatch,
    BadLimit,
    UnknownParameter,
    BadCallsign,
    Unauthorized,
    ScopeRequired,
    NotFound,
    NoSuchFormat,
    MethodNotAllowed,
    NotAcceptable,
    TooManyRows,
    Misdirected,
    RateLimited,
    ExportsBusy,
    InternalError,
    Busy,
    DatabaseError,
    ReplicaBehind,
    LiveFull,
    Standby,
    Timeout,
}

impl Code {
    /// The value of the member `code`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The status of the answer.
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest
            | Self::BadTime
            | Self::BadSpan
            | Self::SpanTooWide
            | Self::BadBbox
            | Self::BadCursor
            | Self::CursorMismatch
            | Self::BadLimit
            | Self::UnknownParameter
            | Self::BadCallsign => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::ScopeRequired => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NoSuchFormat => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::TooManyRows => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::RateLimited | Self::ExportsBusy => StatusCode::TOO_MANY_REQUESTS,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy
            | Self::DatabaseError
            | Self::ReplicaBehind
            | Self::LiveFull
            | Self::Standby => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What is wrong in general, for people. It is the same for every problem with this code.
    pub fn title(self) -> &'static str {
        match self {
            Self::BadRequest => "The request cannot be understood",
            Self::BadTime => "A time cannot be read",
            Self::BadSpan => "A span ends before it begins",
            Self::SpanTooWide => "The span is too wide",
            Self::BadBbox => "The box cannot be read",
            Self::BadCursor => "The cursor cannot be read",
            Self::CursorMismatch => "The cursor belongs to another request",
            Self::BadLimit => "The limit cannot be used",
            Self::UnknownParameter => "A parameter is unknown",
            Self::BadCallsign => "The callsign cannot be one",
            Self::Unauthorized => "A valid token is needed",
            Self::ScopeRequired => "The token lacks a scope",
            Self::NotFound => "Nothing is here",
            Self::NoSuchFormat => "There is no such format",
            Self::MethodNotAllowed => "The method is not allowed",
            Self::NotAcceptable => "No form of the answer is accepted",
            Self::TooManyRows => "There are too many rows",
            Self::Misdirected => "The request is for another host",
            Self::RateLimited => "There are too many requests",
            Self::ExportsBusy => "Too many exports are running",
            Self::InternalError => "The request failed",
            Self::Busy => "The service is busy",
            Self::DatabaseError => "The database cannot be read",
            Self::ReplicaBehind => "This server is behind",
            Self::LiveFull => "Too many streams are open",
            Self::Standby => "This instance is on standby",
            Self::Timeout => "The answer took too long",
        }
    }

    /// The code for an error that is known by its status only.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::FORBIDDEN => Self::ScopeRequired,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::NOT_ACCEPTABLE => Self::NotAcceptable,
            StatusCode::MISDIRECTED_REQUEST => Self::Misdirected,
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited,
            StatusCode::SERVICE_UNAVAILABLE => Self::Busy,
            StatusCode::GATEWAY_TIMEOUT => Self::Timeout,
            status if status.is_client_error() => Self::BadRequest,
            _ => Self::InternalError,
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn each_code_has_its_status_and_a_status_alone_has_a_code_of_its_class() {
        let codes = Code::VARIANTS.iter().map(|code| (code.as_str(), code.status().as_u16()));
        let expected = [
            ("bad_request", 400),
            ("bad_time", 400),
            ("bad_span", 400),
            ("span_too_wide", 400),
            ("bad_bbox", 400),
            ("bad_cursor", 400),
            ("cursor_mismatch", 400),
            ("bad_limit", 400),
            ("unknown_parameter", 400),
            ("bad_callsign", 400),
            ("unauthorized", 401),
            ("scope_required", 403),
            ("not_found", 404),
            ("no_such_format", 404),
            ("method_not_allowed", 405),
            ("not_acceptable", 406),
            ("too_many_rows", 413),
            ("misdirected", 421),
            ("rate_limited", 429),
            ("exports_busy", 429),
            ("internal_error", 500),
            ("busy", 503),
            ("database_error", 503),
            ("replica_behind", 503),
            ("live_full", 503),
            ("standby", 503),
            ("timeout", 504),
        ];
        assert_eq!(codes.collect::<Vec<_>>(), expected);
        for code in Code::VARIANTS {
            let of_status = Code::of_status(code.status()).status().as_u16();
            assert_eq!(of_status / 100, code.status().as_u16() / 100, "{code:?}");
        }
    }
}
