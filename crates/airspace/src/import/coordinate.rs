//! Degrees as the formats write them.

use geo::Coord;

/// The halves of the globe that a coordinate can name, each with the largest number of degrees.
const LATITUDE: f64 = 90.0;
const LONGITUDE: f64 = 180.0;

/// A point in one of the three forms of ISO 6709 (`±DD.DDDD±DDD.DDDD`, `±DDMM.MMMM±DDDMM.MMMM`,
/// `±DDMMSS.SSSS±DDDMMSS.SSSS`, an altitude behind it is skipped), which the number of integer digits decides.
/// `None` where it is none of them, or off the globe.
pub(super) fn iso_6709(text: &str) -> Option<(Coord, Iso6709)> {
    let text = text.trim().trim_end_matches('/');
    let signs: Vec<usize> = text.match_indices(['+', '-']).map(|(at, _)| at).collect();
    let (&[0, second], end) = (signs.get(..2)?, signs.get(2).copied().unwrap_or(text.len())) else {
        return None;
    };
    let (latitude, longitude) = (&text[..second], &text[second..end]);
    let form = Iso6709::of(latitude, 2)?;
    (Iso6709::of(longitude, 3)? == form).then_some(())?;
    let y = form.degrees(latitude, 2, LATITUDE)?;
    let x = form.degrees(longitude, 3, LONGITUDE)?;
    Some((Coord { x, y }, form))
}

/// How a point of ISO 6709 is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Iso6709 {
    Degrees,
    DegreesMinutes,
    DegreesMinutesSeconds,
}

impl Iso6709 {
    /// By the integer digits behind the sign, of which `degrees` are those of the degrees.
    fn of(signed: &str, degrees: usize) -> Option<Self> {
        let digits = signed[1..].split('.').next()?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
        match digits.len().checked_sub(degrees)? {
            0 => Some(Self::Degrees),
            2 => Some(Self::DegreesMinutes),
            4 => Some(Self::DegreesMinutesSeconds),
            _ => None,
        }
    }

    fn degrees(self, signed: &str, degrees: usize, most: f64) -> Option<f64> {
        let (sign, digits) = signed.split_at(1);
        let whole = |from: usize, to: usize| digits.get(from..to)?.parse::<f64>().ok();
        let rest = |from: usize| number(digits.get(from..)?);
        let value = match self {
            Self::Degrees => rest(0)?,
            Self::DegreesMinutes => sexagesimal(whole(0, degrees)?, rest(degrees)?, 0.0),
            Self::DegreesMinutesSeconds => {
                let minutes = whole(degrees, degrees + 2)?;
                sexagesimal(whole(0, degrees)?, minutes, rest(degrees + 2)?)
            }
        };
        on_globe(value, sign == "-", most)
    }
}

/// Degrees of whole degrees, minutes and seconds. Files hold minutes and seconds of 60 and more; they carry over.
pub(super) fn sexagesimal(degrees: f64, minutes: f64, seconds: f64) -> f64 {
    degrees + (minutes * 60.0 + seconds) / 3600.0
}

/// Degrees with their sign; `None` where they are more than `most`.
pub(super) fn on_globe(degrees: f64, is_negative: bool, most: f64) -> Option<f64> {
    // Not `-degrees`: 0° S is 0, not -0, which would be written with its sign.
    let signed = if is_negative { 0.0 - degrees } else { degrees };
    (degrees <= most).then_some(signed)
}

/// A number of digits and at most one point: no sign, no exponent, no name.
pub(super) fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| text.parse().ok()).flatten()
}
