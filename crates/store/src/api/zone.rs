//! Names of time zones.

use super::ReadError;
use sectorwatch_pg::PgError;

/// The names of the IANA without a region, of which PostgreSQL would also take others: abbreviations, and the zones
/// that POSIX describes.
const WITHOUT_REGION: [&str; 42] = [
    "CET",
    "CST6CDT",
    "Cuba",
    "EET",
    "EST",
    "EST5EDT",
    "Egypt",
    "Eire",
    "Factory",
    "GB",
    "GB-Eire",
    "GMT",
    "GMT+0",
    "GMT-0",
    "GMT0",
    "Greenwich",
    "HST",
    "Hongkong",
    "Iceland",
    "Iran",
    "Israel",
    "Jamaica",
    "Japan",
    "Kwajalein",
    "Libya",
    "MET",
    "MST",
    "MST7MDT",
    "NZ",
    "NZ-CHAT",
    "Navajo",
    "PRC",
    "PST8PDT",
    "Poland",
    "Portugal",
    "ROC",
    "ROK",
    "Singapore",
    "Turkey",
    "UCT",
    "UTC",
    "Universal",
];
const LAST_WITHOUT_REGION: [&str; 3] = ["W-SU", "WET", "Zulu"];

/// Fails for what cannot be a name of the IANA. Whether one with a region exists is known to PostgreSQL.
pub(super) fn require(zone: &str) -> Result<(), ReadError> {
    if is_possible(zone) { Ok(()) } else { Err(ReadError::UnknownZone) }
}

fn is_possible(zone: &str) -> bool {
    if WITHOUT_REGION.contains(&zone) || LAST_WITHOUT_REGION.contains(&zone) {
        return true;
    }
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_uppercase())
            && part.bytes().all(|it| it.is_ascii_alphanumeric() || b"_+-".contains(&it))
    };
    zone.contains('/') && zone.split('/').all(is_part) && !zone.starts_with("Etc/Posix")
}

/// The error of a statement with a time zone that PostgreSQL does not know.
pub(super) fn unknown(error: ReadError) -> ReadError {
    use sectorwatch_pg::WorkError as _;
    match error.pg() {
        Some(PgError::Query { sqlstate: Some(state), .. }) if state.as_str() == "22023" => {
            ReadError::UnknownZone
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_iana_are_zones_and_abbreviations_and_offsets_are_not() {
        for zone in
            ["UTC", "Australia/Sydney", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "NZ-CHAT"]
        {
            assert!(is_possible(zone), "{zone}");
        }
        for zone in [
            "",
            "AEST",
            "utc",
            "+10",
            "UTC+3",
            "FOO5BAR",
            "/",
            "Australia/",
            "../etc",
            "a/b",
            "X/Y;",
        ] {
            assert!(!is_possible(zone), "{zone}");
        }
    }
}
