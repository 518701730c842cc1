//! Values of arguments that clap does not read itself.

use chrono::{DateTime, SubsecRound as _, Utc};
use url::Url;

/// Parses a URL that can be asked. The error has no part of it, which can be a password.
pub(super) fn http_url(what: &str, text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err(format!("URL of {what}: not an http:// or https:// URL")),
        Err(error) => Err(format!("URL of {what}: {error}")),
    }
}

/// Parses a time as the API does: RFC 3339, or whole seconds since 1970.
pub(super) fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(seconds) = text.parse() {
        let time = DateTime::from_timestamp(seconds, 0);
        return time.ok_or_else(|| "too many seconds since 1970".to_owned());
    }
    let wrong = "not a time as RFC 3339 writes it, with its offset, nor whole seconds since 1970";
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| wrong.to_owned())?;
    Ok(time.to_utc().trunc_subsecs(6))
}

/// Parses a time that is not in the future, to the microsecond as in the database.
pub(super) fn past(text: &str) -> Result<DateTime<Utc>, String> {
    let time = DateTime::parse_from_rfc3339(text);
    let time = time.map_err(|_| "not a time as RFC 3339 writes it, with its offset".to_owned())?;
    let time = time.to_utc().trunc_subsecs(6);
    let now = Utc::now();
    if time > now {
        return Err(format!("ahead of the clock: it is {}", now.trunc_subsecs(0).to_rfc3339()));
    }
    Ok(time)
}

/// Parses a time that is still to come.
pub(super) fn future(text: &str) -> Result<DateTime<Utc>, String> {
    let time = DateTime::parse_from_rfc3339(text);
    let time = time.map_err(|_| "not a time as RFC 3339 writes it, with its offset".to_owned())?;
    let now = Utc::now();
    if time <= now {
        return Err(format!("it is past: now it is {}", now.trunc_subsecs(0).to_rfc3339()));
    }
    Ok(time.to_utc())
}
