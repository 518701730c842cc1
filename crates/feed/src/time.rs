//! Times of the feed.

use chrono::DateTime;

use sectorwatch_core::Time;

/// Parses a feed time: any number of fractional digits, with `Z`, an offset, or neither (UTC).
///
/// Cut, not rounded, to microseconds, because PostgreSQL's value must equal the feed's.
pub(super) fn parse(text: &str) -> Option<Time> {
    let stated = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z")))
        .ok()?;
    DateTime::from_timestamp_micros(stated.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_form_of_time_is_cut_to_microseconds() {
        for (text, micros) in [
            ("2024-02-20T23:19:51.9474409Z", 1_708_471_191_947_440),
            ("2024-02-20T23:19:51.9474409", 1_708_471_191_947_440),
            ("2024-02-20T23:19:51.947440999999Z", 1_708_471_191_947_440),
            ("2024-02-20T23:19:51.9999999Z", 1_708_471_191_999_999),
            ("2024-02-20T23:19:51.9Z", 1_708_471_191_900_000),
            ("2024-02-20T23:19:51Z", 1_708_471_191_000_000),
            ("2024-02-20T23:19:51", 1_708_471_191_000_000),
            ("2024-02-21T09:49:51.5+10:30", 1_708_471_191_500_000),
            ("1969-12-31T23:59:59.9999999Z", -1),
            ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
        ] {
            let time = parse(text).map(|time| time.timestamp_micros());
            assert_eq!(time, Some(micros), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "Z",
            "now",
            "20240220231951",
            "2024-02-20",
            "2024-02-30T00:00:00Z",
            "2024-02-20T25:00:00Z",
            "2024-02-20T23:19Z",
            "+12024-02-20T23:19:51Z",
            "2024-02-20T23:19:51.Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
