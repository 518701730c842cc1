//! One line of a file.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use csv::StringRecord;

use crate::error::Field;
use sectorwatch_core::movements::Airport;

const LATITUDES: RangeInclusive<f64> = -90.0..=90.0;
const LONGITUDES: RangeInclusive<f64> = -180.0..=180.0;
/// From below the Dead Sea to above the highest airfield.
const ELEVATIONS_FT: RangeInclusive<f64> = -2_000.0..=30_000.0;
const LONGEST_ICAO: usize = 8;

/// Reads a line with four fields, which the reader of the file has counted.
pub fn airport(record: &StringRecord) -> Result<Airport, Field> {
    let field = |index: usize| record.get(index).unwrap_or_default();
    Ok(Airport {
        icao: icao(field(0))?.into(),
        latitude: within("latitude", field(1), &LATITUDES)?,
        longitude: within("longitude", field(2), &LONGITUDES)?,
        elevation_ft: within("elevation_ft", field(3), &ELEVATIONS_FT)?,
    })
}

fn icao(text: &str) -> Result<String, Field> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let is_code = (1..=LONGEST_ICAO).contains(&text.len()) && text.bytes().all(is_part);
    let allowed = || format!("1 to {LONGEST_ICAO} letters, digits, `_` or `-`");
    if is_code { Ok(text.to_ascii_uppercase()) } else { Err(Field::new("icao", text, allowed())) }
}

fn within<T: FromStr + PartialOrd + Display>(
    name: &'static str,
    text: &str,
    allowed: &RangeInclusive<T>,
) -> Result<T, Field> {
    let number = text.parse().ok().filter(|number| allowed.contains(number));
    let words = || format!("a number from {} to {}", allowed.start(), allowed.end());
    number.ok_or_else(|| Field::new(name, text, words()))
}
