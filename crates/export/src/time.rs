//! Times as text.

use chrono::{Datelike as _, SecondsFormat, Timelike as _};

use super::cell::Time;

/// Appends a time as JSON has it: RFC 3339 in UTC with `Z`, and with as many digits after the second as it
/// needs, of 0, 3 and 6.
pub fn append(out: &mut Vec<u8>, time: Time) {
    let Ok(year @ 0..=9999) = u32::try_from(time.year()) else {
        out.extend(time.to_rfc3339_opts(SecondsFormat::AutoSi, true).into_bytes());
        return;
    };
    digits(out, year, 4);
    for (before, number) in [
        (b'-', time.month()),
        (b'-', time.day()),
        (b'T', time.hour()),
        (b':', time.minute()),
        (b':', time.second()),
    ] {
        out.push(before);
        digits(out, number, 2);
    }
    // A leap second is the second 59 with more than a second of nanoseconds. None is in our data.
    let micros = time.nanosecond() % 1_000_000_000 / 1_000;
    if micros != 0 {
        out.push(b'.');
        match micros % 1_000 {
            0 => digits(out, micros / 1_000, 3),
            _ => digits(out, micros, 6),
        }
    }
    out.push(b'Z');
}

/// Appends the last `count` decimal digits of a number, with zeros in front.
fn digits(out: &mut Vec<u8>, number: u32, count: u32) {
    for place in (0..count).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.push(b"0123456789"[digit as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_json_has_it() {
        for text in [
            "2026-11-29T12:00:00Z",
            "2026-01-02T03:04:05.6Z",
            "2026-01-02T03:04:05.060Z",
            "2026-01-02T03:04:05.000007Z",
            "2026-12-31T23:59:59.999999Z",
            "1969-12-31T23:59:59.000001Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.5Z",
            "+10000-01-01T00:00:00Z",
        ] {
            let time: Time = text.parse().unwrap();
            let mut written = vec![b'"'];
            append(&mut written, time);
            written.push(b'"');
            assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string(&time).unwrap());
        }
    }

    #[test]
    fn what_is_finer_than_a_microsecond_is_left_out() {
        let mut written = Vec::new();
        append(&mut written, "2026-01-02T03:04:05.000007999Z".parse().unwrap());
        assert_eq!(written, b"2026-01-02T03:04:05.000007Z");
    }
}
