//! The span of time that is asked for.

use chrono::TimeDelta;
use sectorwatch_core::Time;

/// What an absent bound of a span means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// An absent end is the mark, and an absent begin 24 hours before the end.
    LastDay,
    /// An absent end is the mark, and an absent begin this much before the end.
    Last(TimeDelta),
    /// An absent bound is none.
    Unbounded,
}

/// A span of time as it is asked for: half-open, from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The begin, if it is given.
    pub from: Option<Time>,
    /// The end, if it is given.
    pub to: Option<Time>,
    /// What a bound means that is not given.
    pub absent: Absent,
    /// The longest span that is allowed.
    pub longest: TimeDelta,
}

impl Asked {
    /// The longest span of a list: 31 days.
    pub const LONGEST_OF_A_LIST: TimeDelta = TimeDelta::days(31);
    /// The longest span of an export: 366 days.
    pub const LONGEST_OF_AN_EXPORT: TimeDelta = TimeDelta::days(366);

    /// Everything, as under a flight.
    pub const fn everything() -> Self {
        Self { from: None, to: None, absent: Absent::Unbounded, longest: Self::LONGEST_OF_A_LIST }
    }

    /// The span of a list, of which absent bounds are those of the last day.
    pub const fn of_a_list(from: Option<Time>, to: Option<Time>) -> Self {
        Self { from, to, absent: Absent::LastDay, longest: Self::LONGEST_OF_A_LIST }
    }

    /// Fills in absent bounds, with the mark at the first page of the walk. Without a mark nothing is stored, and
    /// the times that are given are only checked.
    ///
    /// # Errors
    /// [`SpanError`], when both bounds are known and do not fit.
    pub fn resolve(self, mark: Option<Time>) -> Result<Span, SpanError> {
        let Self { mut from, mut to, absent, longest } = self;
        let length = match absent {
            Absent::LastDay => Some(TimeDelta::days(1)),
            Absent::Last(length) => Some(length),
            Absent::Unbounded => None,
        };
        if let Some(length) = length {
            to = to.or(mark);
            from = from.or(to.and_then(|to| to.checked_sub_signed(length)));
        }
        match (from, to) {
            (Some(from), Some(to)) if from >= to => Err(SpanError::Inverted),
            (Some(from), Some(to)) if to - from > longest => Err(SpanError::TooWide),
            _ => Ok(Span { from, to }),
        }
    }
}

/// A span of time, half-open. An absent bound is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment in the span.
    pub from: Option<Time>,
    /// The first moment after the span.
    pub to: Option<Time>,
}

/// Seconds, to the microsecond of PostgreSQL.
pub(super) fn seconds(time: TimeDelta) -> f64 {
    time.num_microseconds().unwrap_or_default() as f64 / 1e6
}

/// Why a span cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// The begin is not before the end.
    #[error("`from` is not before `to`")]
    Inverted,
    /// The span is longer than allowed.
    #[error("the span is too wide")]
    TooWide,
}
