//! Positions, as a group has them.

use serde_json::value::RawValue;

use super::super::Position;
use crate::visible::is_visible;

use super::json::{Members, excerpt, number, text, texts};

/// A position under the id by which its own group names it, and what was read as it stands.
///
/// # Errors
///
/// Why no controller can be found on it.
pub(super) fn read(id: &str, raw: &RawValue) -> Result<(Position, Option<String>), String> {
    if id.is_empty() || !is_visible(id) {
        return Err("its id is empty or has control characters".to_owned());
    }
    let members = Members::of(raw).ok_or_else(|| format!("it is no object: {}", excerpt(raw)))?;
    let suffix = members.get("type").and_then(text).filter(|kind| !kind.is_empty());
    let suffix = suffix.ok_or("it has no type: no callsign can be told to be its")?;
    let mut prefixes = members.get("pre").and_then(texts).unwrap_or_default();
    prefixes.retain(|prefix| !prefix.is_empty());
    if prefixes.is_empty() {
        return Err("it has no pre: no callsign can be told to be its".to_owned());
    }
    let (frequency_hz, remark) = match members.get("frequency").map(frequency) {
        None => (None, None),
        Some(Ok(hertz)) => (hertz, None),
        Some(Err(remark)) => (None, Some(remark)),
    };
    let name = members.get("callsign").and_then(text).filter(|name| !name.is_empty());
    Ok((Position { id: id.to_owned(), prefixes, suffix, frequency_hz, name }, remark))
}

/// Hertz of megahertz; `None` where none is given.
fn frequency(raw: &RawValue) -> Result<Option<u32>, String> {
    if text(raw).is_some_and(|text| text.is_empty()) {
        return Ok(None);
    }
    let hertz = number(raw).map(|megahertz| (megahertz * 1e6).round());
    match hertz.filter(|&hertz| hertz > 0.0 && hertz <= f64::from(u32::MAX)) {
        // A whole number in the range of the type.
        Some(hertz) => Ok(Some(hertz as u32)),
        None => Err(format!("has no frequency: {} is no number of MHz", excerpt(raw))),
    }
}
