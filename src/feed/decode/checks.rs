//! Rules that pilots, controllers and radios share.

use std::{fmt::Display, ops::RangeInclusive, sync::Arc};

use chrono::TimeDelta;

use super::tally::{Refusal, TEXT_BYTES, cut};
use crate::{
    domain::{Time, flight::TIME_AHEAD, snapshot::Reason},
    feed::{
        time,
        wire::{Integer, Text},
    },
};

/// Longest callsign the network hands out.
const CALLSIGN_CHARACTERS: usize = 16;
/// How far a record may be behind it.
const BEHIND: TimeDelta = TimeDelta::hours(24);

/// A field without which the record says nothing.
pub(super) fn required<T>(field: &str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::new(Reason::Schema, format_args!("{field}: missing")))
}

/// A number within its bounds.
pub(super) fn within<T: PartialOrd + Display>(
    field: &str,
    value: T,
    bounds: RangeInclusive<T>,
) -> Result<T, Refusal> {
    if bounds.contains(&value) {
        return Ok(value);
    }
    let (low, high) = bounds.into_inner();
    let detail = format!("{field}: {value} is not within {low} to {high}");
    Err(Refusal::new(Reason::Range, detail))
}

/// A whole number that a column can hold.
pub(super) fn whole(field: &str, value: Integer) -> Result<i32, Refusal> {
    i32::try_from(value.0)
        .map_err(|_| Refusal::new(Reason::Range, format_args!("{field}: {} is too big", value.0)))
}

/// As [`whole`], for a field that may be absent.
pub(super) fn optional_whole(field: &str, value: Option<Integer>) -> Result<Option<i32>, Refusal> {
    value.map(|value| whole(field, value)).transpose()
}

/// A member's id.
pub(super) fn cid(value: Option<Integer>) -> Result<i32, Refusal> {
    within("cid", whole("cid", required("cid", value)?)?, 1..=i32::MAX)
}

/// A callsign: part of a key, so it is refused rather than mended.
pub(super) fn callsign(value: Option<&Text<'_>>) -> Result<Arc<str>, Refusal> {
    let callsign = text(required("callsign", value)?);
    let length = callsign.chars().count();
    if length > CALLSIGN_CHARACTERS {
        let detail = format!("callsign: more than {CALLSIGN_CHARACTERS} characters");
        return Err(Refusal::new(Reason::TooLong, detail));
    }
    if length == 0 || !callsign.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = format!("callsign: {callsign:?} is not 1 to 16 visible ASCII characters");
        return Err(Refusal::new(Reason::Range, detail));
    }
    Ok(callsign.into())
}

/// A time that is not ahead of its publication.
pub(super) fn logon_time(value: Option<&Text<'_>>, published: Time) -> Result<Time, Refusal> {
    moment("logon_time", value, published)
}

/// A time that is close to its publication.
pub(super) fn last_updated(value: Option<&Text<'_>>, published: Time) -> Result<Time, Refusal> {
    let time = moment("last_updated", value, published)?;
    if published - time > BEHIND {
        let detail = format!("last_updated: {time} is over 24 h behind {published}");
        return Err(Refusal::new(Reason::Range, detail));
    }
    Ok(time)
}

fn moment(field: &str, value: Option<&Text<'_>>, published: Time) -> Result<Time, Refusal> {
    let text = required(field, value)?.as_ref();
    let time = time::parse(text).ok_or_else(|| {
        Refusal::new(Reason::Schema, format_args!("{field}: {text:?} is no time"))
    })?;
    if time - published > TIME_AHEAD {
        let detail = format!("{field}: {time} is over 1 h ahead of {published}");
        return Err(Refusal::new(Reason::Range, detail));
    }
    Ok(time)
}

/// Text as it is stored.
pub(super) fn text(value: &Text<'_>) -> String {
    cut(value.as_ref(), TEXT_BYTES)
}

/// As [`text`], for a field that may be absent.
pub(super) fn optional_text(value: Option<&Text<'_>>) -> Option<String> {
    value.map(text)
}
