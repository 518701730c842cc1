//! Checks that pilots, controllers and radios share.

use std::{ops::RangeInclusive, sync::Arc};

use chrono::TimeDelta;

use super::{
    cut::cut,
    tally::{Refusal, TEXT_BYTES},
};
use crate::{
    time,
    wire::{Integer, Text, Value},
};
use sectorwatch_core::{Time, flight::TIME_AHEAD, snapshot::RejectionReason};

/// The longest callsign of the network.
const CALLSIGN_CHARACTERS: usize = 16;
/// How far a record may be behind its publication.
const BEHIND: TimeDelta = TimeDelta::hours(24);

/// The unreadable fields of one record.
#[derive(Debug, Default)]
pub(super) struct Unreadable(pub(super) Vec<&'static str>);

impl Unreadable {
    /// A field without which the record is rejected.
    pub(super) fn required<T>(&self, field: &str, value: Option<T>) -> Result<T, Refusal> {
        self.none_only_if_absent(field, value)?
            .ok_or_else(|| Refusal::new(RejectionReason::Schema, format_args!("{field}: missing")))
    }

    /// A field that may be absent, but not unreadable.
    pub(super) fn none_only_if_absent<T>(
        &self,
        field: &str,
        value: Option<T>,
    ) -> Result<Option<T>, Refusal> {
        if self.0.contains(&field) {
            return Err(Refusal::new(
                RejectionReason::Schema,
                format_args!("{field}: of another type"),
            ));
        }
        Ok(value)
    }

    /// An integer in an optional field. A value that does not fit its column is unreadable too.
    pub(super) fn whole(&mut self, field: &'static str, value: Option<i64>) -> Option<i32> {
        let number = value?;
        let fitting = i32::try_from(number).ok();
        self.0.extend(fitting.is_none().then_some(field));
        fitting
    }

    /// A member's id.
    pub(super) fn cid(&self, value: Option<Integer>) -> Result<i32, Refusal> {
        within("cid", self.required("cid", value)?.0, 1..=i32::MAX.into()).map(|cid| cid as i32)
    }

    /// A callsign. It is part of a key, so a bad one is refused and not corrected.
    pub(super) fn callsign(&self, value: Option<&Text<'_>>) -> Result<Arc<str>, Refusal> {
        let callsign = text(self.required("callsign", value)?);
        let length = callsign.chars().count();
        if length > CALLSIGN_CHARACTERS {
            let detail = format_args!("callsign: more than {CALLSIGN_CHARACTERS} characters");
            return Err(Refusal::new(RejectionReason::TooLong, detail));
        }
        if length == 0 || !callsign.bytes().all(|byte| byte.is_ascii_graphic()) {
            let detail = "callsign: not 1 to 16 visible ASCII characters";
            return Err(Refusal::new(RejectionReason::Range, detail));
        }
        Ok(callsign.into())
    }

    /// A time that is not ahead of its publication.
    pub(super) fn logon_time(
        &self,
        value: Option<&Text<'_>>,
        published: Time,
    ) -> Result<Time, Refusal> {
        self.moment("logon_time", value, published)
    }

    /// A time that is close to its publication.
    pub(super) fn last_updated(
        &self,
        value: Option<&Text<'_>>,
        published: Time,
    ) -> Result<Time, Refusal> {
        let time = self.moment("last_updated", value, published)?;
        if published - time > BEHIND {
            let detail = "last_updated: over 24 h behind update_timestamp";
            return Err(Refusal::new(RejectionReason::Range, detail));
        }
        Ok(time)
    }

    fn moment(
        &self,
        field: &str,
        value: Option<&Text<'_>>,
        published: Time,
    ) -> Result<Time, Refusal> {
        let text = self.required(field, value)?.as_ref();
        let time = time::parse(text).ok_or_else(|| {
            Refusal::new(RejectionReason::Schema, format_args!("{field}: no time"))
        })?;
        if time - published > TIME_AHEAD {
            let detail = format_args!("{field}: over 1 h ahead of update_timestamp");
            return Err(Refusal::new(RejectionReason::Range, detail));
        }
        Ok(time)
    }
}

/// A record in which at least the names of the fields can be read.
pub(super) fn record<'a, R: Value<'a>>(json: &'a str) -> Result<R, Refusal> {
    R::read(json).ok_or_else(|| Refusal::new(RejectionReason::Schema, "no object"))
}

/// A number within its bounds.
pub(super) fn within<T: PartialOrd + std::fmt::Display>(
    field: &str,
    value: T,
    bounds: RangeInclusive<T>,
) -> Result<T, Refusal> {
    if bounds.contains(&value) {
        return Ok(value);
    }
    let (low, high) = bounds.into_inner();
    Err(Refusal::new(RejectionReason::Range, format_args!("{field}: not within {low} to {high}")))
}

/// Text in its stored form.
pub(super) fn text(value: &Text<'_>) -> String {
    cut(value.as_ref(), TEXT_BYTES)
}

/// Like [`text`], for a field that may be absent.
pub(super) fn optional_text(value: Option<&Text<'_>>) -> Option<String> {
    value.map(text)
}
