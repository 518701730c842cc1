//! Formats values for people, in the page and in the text.

use sectorwatch_core::Time;

/// The text for a value that was not measured.
pub const UNKNOWN: &str = "–";

/// Formats a value that may not have been measured.
pub fn known<T>(figure: Option<T>, shown: impl FnOnce(T) -> String) -> String {
    figure.map_or_else(|| UNKNOWN.to_owned(), shown)
}

/// Formats a count with thousands separators.
pub fn count(figure: impl Into<i64>) -> String {
    let figure = figure.into();
    let digits = figure.unsigned_abs().to_string();
    let mut shown = String::from(if figure < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Formats an unsigned count with thousands separators.
pub fn total(figure: u64) -> String {
    count(i64::try_from(figure).unwrap_or(i64::MAX))
}

/// Formats a share of 1 in per cent.
pub fn share(figure: f64) -> String {
    format!("{:.0} %", figure * 100.0)
}

/// Formats a frequency in megahertz, with three decimals as on a radio.
pub fn megahertz(hertz: i32) -> String {
    format!("{:.3}", f64::from(hertz) / 1e6)
}

/// Formats the place of a zero-based index: 0 is the 1st.
pub fn ordinal(index: i32) -> String {
    let place = i64::from(index) + 1;
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending}", count(place))
}

/// Formats a duration in seconds, in a suitable unit.
pub fn seconds(figure: f64) -> String {
    const MINUTE: f64 = 60.0;
    const HOUR: f64 = 60.0 * MINUTE;
    const DAY: f64 = 24.0 * HOUR;
    match figure {
        s if s < 0.0095 => format!("{:.1} ms", s * 1e3),
        s if s < 0.9995 => format!("{:.0} ms", s * 1e3),
        s if s < 9.95 => format!("{s:.1} s"),
        s if s < 2.0 * MINUTE => format!("{s:.0} s"),
        s if s < 2.0 * HOUR => format!("{:.0} min", s / MINUTE),
        s if s < 2.0 * DAY => format!("{:.0} h", s / HOUR),
        s => format!("{:.0} days", s / DAY),
    }
}

/// Formats a size in bytes, in a suitable decimal unit.
pub fn bytes(figure: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if figure < 1_000 {
        return format!("{figure} B");
    }
    let (mut size, mut unit) = (figure as f64 / 1e3, 0);
    while size >= 999.5 && unit + 1 < UNITS.len() {
        (size, unit) = (size / 1e3, unit + 1);
    }
    match size {
        size if size < 9.95 => format!("{size:.1} {}", UNITS[unit]),
        size => format!("{size:.0} {}", UNITS[unit]),
    }
}

/// Formats a time to the second.
pub fn time(figure: Time) -> String {
    figure.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `yes` or `no`.
pub fn yes(figure: bool) -> String {
    if figure { "yes" } else { "no" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_thousands_apart() {
        let rows = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (-1_234, "-1,234"),
            (1_234_567, "1,234,567"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ];
        for (figure, text) in rows {
            assert_eq!(count(figure), text);
        }
        assert_eq!(total(u64::MAX), "9,223,372,036,854,775,807");
    }

    #[test]
    fn ranks_are_counted_from_the_first() {
        let rows = [
            (0, "1st"),
            (1, "2nd"),
            (2, "3rd"),
            (3, "4th"),
            (10, "11th"),
            (12, "13th"),
            (20, "21st"),
            (110, "111th"),
        ];
        for (index, text) in rows {
            assert_eq!(ordinal(index), text);
        }
    }

    #[test]
    fn shares_and_frequencies_have_the_digits_that_people_expect() {
        assert_eq!([0.0, 0.005, 2.0 / 3.0, 1.0].map(share), ["0 %", "0 %", "67 %", "100 %"]);
        assert_eq!([128_300_000, 8_867_000].map(megahertz), ["128.300", "8.867"]);
    }

    #[test]
    fn bytes_have_the_unit_that_reads_best() {
        let rows = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (9_949, "9.9 kB"),
            (8_192_000, "8.2 MB"),
            (999_499_999, "999 MB"),
            (999_500_000, "1.0 GB"),
            (71_000_000_000_000, "71 TB"),
            (u64::MAX, "18447 PB"),
        ];
        for (figure, text) in rows {
            assert_eq!(bytes(figure), text);
        }
    }

    #[test]
    fn seconds_have_the_unit_that_reads_best() {
        let rows = [
            (0.0, "0.0 ms"),
            (0.00042, "0.4 ms"),
            (0.0094, "9.4 ms"),
            (0.0096, "10 ms"),
            (0.9994, "999 ms"),
            (0.9996, "1.0 s"),
            (9.94, "9.9 s"),
            (9.96, "10 s"),
            (119.0, "119 s"),
            (120.0, "2 min"),
            (7_200.0, "2 h"),
            (172_800.0, "2 days"),
        ];
        for (figure, text) in rows {
            assert_eq!(seconds(figure), text);
        }
    }
}
