//! Reads an answer: its body up to the cap, and the relevant headers.

use std::time::Duration;

use chrono::Utc;
use reqwest::{
    Response,
    header::{ETAG, HeaderName, LAST_MODIFIED, RETRY_AFTER},
};
use url::Url;

use super::{
    backoff::LONGEST_WAIT,
    error::{FeedError, redacted},
};
use sectorwatch_core::Time;

/// The answer of the main feed.
#[derive(Debug)]
pub enum Fetched {
    /// The snapshot is still the one with the remembered `ETag`.
    NotModified,
    /// A snapshot that may be new.
    Body(Body),
}

/// A whole, decompressed body.
#[derive(Debug)]
pub struct Body {
    /// The bytes as sent. The decoder detects an error page with status 200.
    pub bytes: Vec<u8>,
    /// Remembered once the snapshot is stored.
    pub etag: Option<String>,
    /// When the last byte was received.
    pub received_at: Time,
    /// The server's `Last-Modified`; for radios without one, when their bytes last changed.
    pub changed_at: Option<Time>,
}

/// Reads the body of a successful answer up to the cap, so that a small compressed body cannot fill the
/// memory.
pub(super) async fn read(
    url: &Url,
    mut response: Response,
    cap_bytes: usize,
) -> Result<Body, FeedError> {
    let etag = text(&response, ETAG).map(str::to_owned);
    let changed_at = text(&response, LAST_MODIFIED).and_then(http_date);
    let mut bytes = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| FeedError::transport(url, error))? else {
            break;
        };
        if bytes.len() + chunk.len() > cap_bytes {
            let url = redacted(url);
            return Err(FeedError::TooLarge { url, cap_bytes });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Body { bytes, etag, received_at: Utc::now(), changed_at })
}

/// The error for an answer without success.
pub(super) fn refusal(url: &Url, response: &Response) -> FeedError {
    FeedError::Status {
        url: redacted(url),
        status: response.status(),
        retry_after: text(response, RETRY_AFTER).and_then(|text| retry_after(text, Utc::now())),
    }
}

fn text(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

/// `Retry-After` in seconds or as a date (RFC 9110 §10.2.3).
fn retry_after(text: &str, now: Time) -> Option<Duration> {
    let text = text.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Beyond 64 bits the wait is practically infinite.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        // A date in the past requests no wait.
        (http_date(text)? - now).to_std().unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

fn http_date(text: &str) -> Option<Time> {
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_in_seconds_or_as_a_date() {
        let now = http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (text, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("3600", Some(300)),
            ("99999999999999999999999", Some(300)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sun, 06 Nov 1994 09:49:37 GMT", Some(300)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            let wait = retry_after(text, now);
            assert_eq!(wait, seconds.map(Duration::from_secs), "{text:?}");
        }
    }
}
