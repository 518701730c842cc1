//! Points as `["±ddmmss", "±dddmmss"]`.

use geo::Coord;

use super::super::coordinate::{on_globe, sexagesimal};

/// A point, and whether its minutes or seconds are more than 59 and carry over.
pub(super) fn point(latitude: &str, longitude: &str) -> Option<(Coord, bool)> {
    let (y, latitude_carries) = degrees(latitude, 2, 90.0)?;
    let (x, longitude_carries) = degrees(longitude, 3, 180.0)?;
    Some((Coord { x, y }, latitude_carries || longitude_carries))
}

/// The degrees of `text`, which has `digits` for whole degrees, two for minutes and two for seconds.
fn degrees(text: &str, digits: usize, most: f64) -> Option<(f64, bool)> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_whole = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    (is_whole && unsigned.len() == digits + 4).then_some(())?;
    let part = |from: usize, to: usize| unsigned.get(from..to)?.parse::<f64>().ok();
    let (minutes, seconds) = (part(digits, digits + 2)?, part(digits + 2, digits + 4)?);
    let degrees = sexagesimal(part(0, digits)?, minutes, seconds);
    let signed = on_globe(degrees, text.starts_with('-'), most)?;
    Some((signed, minutes > 59.0 || seconds > 59.0))
}
