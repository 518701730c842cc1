//! Hours of controllers by day.

use std::{
    collections::BTreeMap,
    ops::Bound::{self, Unbounded},
};

use chrono::{NaiveDate, TimeDelta};
use diesel::{
    prelude::QueryableByName,
    sql_types::{Date, Timestamptz},
};
use sectorwatch_core::Time;
use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, PageOf, Personal, Read, ReadError, Reads, Rows, Span,
    conditions::Query,
    sessions::{Stitched, sessions},
    span::seconds,
    standing::facts,
    zone,
};

/// The seconds on a position in a day of a time zone. Without personal members, those of all members.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the columns of controller_hours")]
pub struct Hours {
    pub day: NaiveDate,
    pub callsign: String,
    pub facility: i32,
    pub seconds: f64,
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<i32>, required = false)]
    pub cid: Personal<i32>,
}

/// The place in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HoursKey {
    /// The day.
    pub day: NaiveDate,
    /// The callsign.
    pub callsign: String,
    /// The facility.
    pub facility: i32,
    /// The member, only when personal members are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<i32>,
}

/// Which hours are asked for: those of sessions in the span, cut to it.
#[derive(Debug, Clone, PartialEq)]
pub struct HoursFilter {
    /// The span.
    pub span: Asked,
    /// The time zone of the days: a name of the IANA, such as `Australia/Sydney`.
    pub zone: String,
    /// The callsign, in any case, in which `__` is `_`.
    pub callsign: Option<String>,
    /// The member. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
    /// Whether personal members are read.
    pub personal: bool,
}

impl Reads {
    /// Reads a page of hours.
    ///
    /// # Errors
    /// [`ReadError::UnknownZone`], and any other [`ReadError`].
    pub async fn hours(
        &self,
        filter: HoursFilter,
        page: PageOf<HoursKey>,
    ) -> Result<Read<Rows<Hours, HoursKey>>, ReadError> {
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page.clone());
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                zone::require(&filter.zone)?;
                let days = days(connection, &filter.zone, facts.span).await?;
                let callsign = filter.callsign.as_deref();
                let mut sessions = sessions(connection, facts.span, callsign, filter.cid).await?;
                sessions.retain(|it| facts.bound.is_none_or(|bound| it.started_at <= bound));
                let by_day = by_day(&sessions, facts.span, &days, filter.personal);
                let rows = by_day.range((after(&page, filter.personal), Unbounded));
                let wanted = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
                let rows = rows.take(wanted).map(|(key, time)| Hours {
                    day: key.day,
                    callsign: key.callsign.clone(),
                    facility: key.facility,
                    seconds: seconds(*time),
                    cid: if filter.personal { key.cid.into() } else { Personal::absent() },
                });
                let key = |row: &Hours| HoursKey {
                    day: row.day,
                    callsign: row.callsign.clone(),
                    facility: row.facility,
                    cid: row.cid.get().flatten().copied(),
                };
                Ok(Read { data: Rows::cut(rows.collect(), page.limit, key), facts })
            })
        })
        .await
    }
}

/// The last key before the page. Without a member, with personal members, it is of a walk without them.
fn after(page: &PageOf<HoursKey>, personal: bool) -> Bound<HoursKey> {
    let Some(key) = &page.after else { return Unbounded };
    let cid = personal.then(|| key.cid.unwrap_or(i32::MAX));
    Bound::Excluded(HoursKey { cid, ..key.clone() })
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Timestamptz)]
    begins: Time,
}

/// The days of the zone that the span touches, and the one after, with their begins.
async fn days(
    connection: &mut Connection,
    zone: &str,
    span: Span,
) -> Result<Vec<(NaiveDate, Time)>, ReadError> {
    let (Some(from), Some(to)) = (span.from, span.to) else { return Ok(Vec::new()) };
    let query = Query::new("select day::date, start_of_day(day::date, ")
        .and_text("", Some(zone))
        .and_time(") as begins from generate_series((", Some(from));
    let query = query
        .and_text(" at time zone ", Some(zone))
        .and_time(")::date, (", Some(to))
        .and_text(" at time zone ", Some(zone))
        .text(")::date + 1, interval '1 day') day order by day");
    let rows: Vec<DayRow> = query.read(connection).await.map_err(zone::unknown)?;
    Ok(rows.into_iter().map(|row| (row.day, row.begins)).collect())
}

/// Cuts sessions to the span and to the days, as `controller_hours` does.
fn by_day(
    sessions: &[Stitched],
    span: Span,
    days: &[(NaiveDate, Time)],
    personal: bool,
) -> BTreeMap<HoursKey, TimeDelta> {
    let mut hours = BTreeMap::new();
    for session in sessions {
        let since = span.from.map_or(session.started_at, |from| session.started_at.max(from));
        let until = span.to.map_or(session.ended_at, |to| session.ended_at.min(to));
        let first = days.partition_point(|(_, begins)| *begins <= since).saturating_sub(1);
        for (day, next) in days[first..].iter().zip(&days[first + 1..]) {
            let time = until.min(next.1) - since.max(day.1);
            if day.1 >= until {
                break;
            }
            if time > TimeDelta::zero() {
                let cid = personal.then_some(session.cid);
                let (callsign, facility) = (session.callsign.clone(), session.facility);
                let key = HoursKey { day: day.0, callsign, facility, cid };
                *hours.entry(key).or_insert_with(TimeDelta::zero) += time;
            }
        }
    }
    hours
}
