//! What every answer carries, whatever it is.

use actix_web::http::header::{
    CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};

/// Figures of the moment are kept by nobody, are what their type says, and tell no other site where
/// they were read. An answer may say it otherwise itself.
pub const OF_EVERY_ANSWER: [(HeaderName, &str); 3] = [
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Adds what an answer lacks of it.
pub fn complete(headers: &mut HeaderMap) {
    for (name, value) in OF_EVERY_ANSWER {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if !headers.contains_key(VARY) {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
}
