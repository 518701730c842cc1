//! A document as a whole.

use serde::Deserialize;
use serde_json::{error::Category, value::RawValue};

use super::DecodeError;

/// The maximum of records in one list.
pub(super) const MOST_RECORDS: usize = 100_000;

/// The document without a byte order mark.
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

/// Parses a whole document, and distinguishes invalid JSON from JSON of another shape.
pub(super) fn parse<'a, T: Deserialize<'a>>(
    body: &'a [u8],
    other_shape: &'static str,
) -> Result<T, DecodeError> {
    // One check in advance is faster than a check of every string by serde_json.
    let text = str::from_utf8(without_mark(body)).map_err(DecodeError::Utf8)?;
    serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Data => DecodeError::Schema(other_shape),
        Category::Io | Category::Syntax | Category::Eof => DecodeError::Json(error),
    })
}

/// The records of a list. Rejected ones are kept in memory for a while, so that a hostile list must be
/// bounded; the network's own has a few thousand.
pub(super) fn list(json: &str) -> Result<Vec<&RawValue>, &'static str> {
    let records: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| "no list")?;
    if records.len() > MOST_RECORDS {
        return Err("more than 100,000 records");
    }
    Ok(records)
}
