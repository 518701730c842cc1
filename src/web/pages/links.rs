//! Links: from a page to its answers of the API, to other spans, and to other pages.

use chrono::SecondsFormat;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sectorwatch_core::Time;
use sectorwatch_store::api::Span;

/// What stands in a segment of a path or in a value of a query as it is.
const ESCAPED: AsciiSet =
    NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// Text as a segment of a path or a value of a query.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, &ESCAPED).to_string()
}

/// A time as it stands in a query.
pub fn instant(time: Time) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A path with these parameters.
pub fn with(path: &str, parameters: &[(&str, String)]) -> String {
    let mut link = path.to_owned();
    for (index, (name, value)) in parameters.iter().enumerate() {
        link.push(if index == 0 { '?' } else { '&' });
        link += &format!("{name}={}", escaped(value));
    }
    link
}

/// `from` and `to` of a span as they were read, so that the answer of the API is of the same.
pub fn bounds(span: Span) -> Vec<(&'static str, String)> {
    let bounds = [("from", span.from), ("to", span.to)].into_iter();
    bounds.filter_map(|(name, at)| Some((name, instant(at?)))).collect()
}
