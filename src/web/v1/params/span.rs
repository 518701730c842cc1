//! The span of time of a request.

use chrono::{DateTime, Datelike as _, SecondsFormat, TimeDelta};

use super::{
    known::{FROM, Parameter, TO},
    query::Query,
};
use crate::web::problem::{Code, Problem};
use sectorwatch_core::Time;
use sectorwatch_store::api::{Absent, Asked, SpanError};

/// Reads `from` and `to`, and writes both in their normal form into the query. What an absent one means is
/// `absent`; a span has at most `longest`.
///
/// # Errors
/// One is no time, or both are given and their span is empty or too long.
pub fn asked(query: &mut Query, absent: Absent, longest: TimeDelta) -> Result<Asked, Problem> {
    let (from, to) = (time(query, &FROM)?, time(query, &TO)?);
    let asked = Asked { from, to, absent, longest };
    if from.is_some() && to.is_some() {
        asked.resolve(None).map_err(|error| refused(error, longest))?;
    }
    Ok(asked)
}

/// The problem of a span, also of one whose absent end turned out to be too early.
pub fn refused(error: SpanError, longest: TimeDelta) -> Problem {
    match error {
        SpanError::Inverted => {
            let detail =
                "from is not before to. An absent to is the time of the newest stored snapshot.";
            Problem::new(Code::BadSpan, detail)
        }
        SpanError::TooWide => {
            let days = longest.num_days();
            let detail =
                format!("from and to are more than {days} days apart; ask for parts of the span.");
            Problem::new(Code::SpanTooWide, detail)
        }
    }
}

/// A time as it stands in answers and cursors.
fn normal(time: Time) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn time(query: &mut Query, parameter: &Parameter) -> Result<Option<Time>, Problem> {
    let Some(text) = query.get(parameter) else { return Ok(None) };
    let time = parsed(text).ok_or_else(|| parameter.refused())?;
    query.normalise(parameter, normal(time));
    Ok(Some(time))
}

/// Reads RFC 3339 or whole seconds since 1970, of the years 1 to 9999. Digits beyond microseconds are cut off.
fn parsed(text: &str) -> Option<Time> {
    let is_number = text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit());
    let time = match is_number {
        true => DateTime::from_timestamp(text.parse().ok()?, 0)?,
        false => rfc_3339(text)?,
    };
    // Also for a leap second, which is more than its last microsecond.
    let time = DateTime::from_timestamp_micros(time.timestamp_micros())?;
    (1..=9999).contains(&time.year()).then_some(time)
}

/// A `+` that was not written as `%2B` has become a space, which no other place of a time has.
fn rfc_3339(text: &str) -> Option<Time> {
    let offset = text.len().checked_sub(6)?;
    let signed = match text.is_char_boundary(offset) && text[offset..].starts_with(' ') {
        true => format!("{}+{}", &text[..offset], &text[offset + 1..]),
        false => text.to_owned(),
    };
    if signed.contains(' ') {
        return None;
    }
    DateTime::parse_from_rfc3339(&signed).ok().map(|time| time.to_utc())
}
