//! The headers of every answer.

use actix_web::http::header::{
    CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};

/// Answers must not be cached, must be used as the type that they state, and must not tell another site where
/// they were read. A handler may set these headers differently.
pub const OF_EVERY_ANSWER: [(HeaderName, &str); 3] = [
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Adds the missing headers.
pub fn complete(headers: &mut HeaderMap) {
    for (name, value) in OF_EVERY_ANSWER {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if !headers.get_all(VARY).any(names_coding) {
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// Whether a value of `Vary` names the header that every answer depends on.
fn names_coding(value: &HeaderValue) -> bool {
    let mut names = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    names.any(|name| name.eq_ignore_ascii_case(b"accept-encoding"))
}
