//! How much of the time flights were in contact by radio.
//!
//! The days of a span that are closed are read once and kept, because a month of them is a quarter of a million
//! intervals: `days` keeps them, `parts` reads a piece of the span, and `sums` adds pieces up.

mod days;
mod parts;
mod sums;

use std::{ops::Range, sync::Arc};

use chrono::NaiveDate;
use sectorwatch_core::Time;
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use self::days::Days;
use self::{
    days::{Cut, Day, begin_of},
    parts::{labels, parts},
    sums::{Kind, Labels, Sums, groups},
};
use super::{
    Asked, Facts, Read, ReadError, Reads,
    standing::{closed_until, facts, head},
    zone,
};

/// By what coverage is grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoverageBy {
    /// The sector of the visit.
    Sector,
    /// The hour of the time zone: the key is its begin.
    Hour,
    /// The day of the week, of which Monday is 1, and the hour: `1-00` to `7-23`.
    WeekdayHour,
    /// The kind of position, such as `TWR`.
    Facility,
}

/// Coverage by groups.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Coverage {
    /// By what it is grouped.
    pub by: CoverageBy,
    /// The groups in the order of their keys.
    pub groups: Vec<CoverageGroup>,
}

/// A group of coverage.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CoverageGroup {
    /// What the group is; null for controllers who were forgotten.
    pub key: Option<String>,
    /// Seconds in contact.
    pub contact_seconds: f64,
    /// Seconds without contact; null by facility.
    pub none_seconds: Option<f64>,
    /// Seconds of which nothing is known; null by facility.
    pub unknown_seconds: Option<f64>,
    /// The share of contact in the time that is known.
    pub coverage: Option<f64>,
    /// The share of time that is known.
    pub known: Option<f64>,
    /// The share of all contact, by facility only.
    pub share: Option<f64>,
}

/// How often what is kept may turn out to be of an older version of the data, before nothing that is kept is used.
const ATTEMPTS: usize = 2;

impl Reads {
    /// Reads coverage. The time zone, a name of the IANA, is that of the hours.
    ///
    /// # Errors
    /// [`ReadError::UnknownZone`], and any other [`ReadError`].
    pub async fn coverage(
        &self,
        by: CoverageBy,
        zone: String,
        span: Asked,
    ) -> Result<Read<Coverage>, ReadError> {
        zone::require(&zone)?;
        let kind = Kind::of(by);
        for _ in 0..ATTEMPTS {
            let mut open = self.open_part(by, zone.clone(), span, true).await?;
            let days = std::mem::take(&mut open.days);
            if let Some(closed) = self.closed_days(kind, open.facts.data_version, days).await? {
                closed.iter().for_each(|(day, hours)| day.add_to(&mut open.sums, hours));
                return Ok(open.answer(by));
            }
        }
        Ok(self.open_part(by, zone, span, false).await?.answer(by))
    }

    /// Reads what is not of hours of closed days, in one snapshot, and names those hours.
    async fn open_part(
        &self,
        by: CoverageBy,
        zone: String,
        span: Asked,
        keeps_days: bool,
    ) -> Result<Open, ReadError> {
        self.read(move |connection| {
            let zone = zone.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, span, None).await?;
                let mut open =
                    Open { facts, sums: Sums::default(), labels: Labels::new(), days: Vec::new() };
                let (Some(from), Some(to)) = (facts.span.from, facts.span.to) else {
                    return Ok(open);
                };
                let closed =
                    if keeps_days { closed_until(connection, facts.mark).await? } else { None };
                let cut = Cut::of((from, to), closed);
                for piece in cut.open {
                    open.sums.add(&parts(connection, Kind::of(by), piece).await?.whole());
                }
                open.labels = labels(connection, by, &zone, (from, to)).await?;
                open.days = cut.days;
                Ok(open)
            })
        })
        .await
    }

    /// Closed days, of which those that are not kept are read, each with a connection of its own. `None`
    /// when the version of the data is another one meanwhile.
    async fn closed_days(
        &self,
        kind: Kind,
        data_version: i64,
        days: Vec<(NaiveDate, Range<usize>)>,
    ) -> Result<Option<Vec<(Arc<Day>, Range<usize>)>>, ReadError> {
        let mut closed = Vec::with_capacity(days.len());
        for (day, hours) in days {
            if let Some(kept) = self.days().kept(kind, data_version, day) {
                closed.push((kept, hours));
                continue;
            }
            // Whoever asks for the same meanwhile waits without a connection.
            let _turn = self.days().turn().await;
            if let Some(kept) = self.days().kept(kind, data_version, day) {
                closed.push((kept, hours));
                continue;
            }
            let piece = (begin_of(day), begin_of(day.succ_opt().unwrap_or(day)));
            let Some(read) = self.closed_day(kind, data_version, piece).await? else {
                return Ok(None);
            };
            closed.push((self.days().keep(kind, data_version, day, read), hours));
        }
        Ok(Some(closed))
    }

    async fn closed_day(
        &self,
        kind: Kind,
        data_version: i64,
        piece: (Time, Time),
    ) -> Result<Option<Day>, ReadError> {
        self.read(move |connection| {
            Box::pin(async move {
                match head(connection).await?.data_version == data_version {
                    true => Ok(Some(Day::of(parts(connection, kind, piece).await?))),
                    false => Ok(None),
                }
            })
        })
        .await
    }
}

/// What is not of hours of closed days, and which those are.
struct Open {
    facts: Facts,
    sums: Sums,
    labels: Labels,
    days: Vec<(NaiveDate, Range<usize>)>,
}

impl Open {
    fn answer(self, by: CoverageBy) -> Read<Coverage> {
        let groups = groups(by, self.sums, &self.labels);
        Read { data: Coverage { by, groups }, facts: self.facts }
    }
}
