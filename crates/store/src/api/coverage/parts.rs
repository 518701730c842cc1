//! Reads a piece of a span: intervals of contact and visits, cut to it.

use chrono::TimeDelta;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, Prepared};

use super::{
    CoverageBy,
    sums::{HourlySums, Interval, Kind, Labels, State, Visit},
};
use crate::{
    api::{
        ReadError, Span,
        conditions::{Query, earliest_contact, earliest_visit},
        zone,
    },
    statement::Statement,
};

/// The longest piece whose rows are in memory at once.
const LONGEST: TimeDelta = TimeDelta::days(1);

/// What was between these times.
pub async fn parts(
    connection: &mut Connection,
    kind: Kind,
    (from, to): (Time, Time),
) -> Result<HourlySums, ReadError> {
    let mut hours = HourlySums::empty((from, to));
    let mut begin = from;
    while begin < to {
        let end = to.min(begin + LONGEST);
        add(connection, kind, Span { from: Some(begin), to: Some(end) }, &mut hours).await?;
        begin = end;
    }
    Ok(hours)
}

/// Adds what was in a span. Adding up in PostgreSQL takes three times the processor time that it takes to send the
/// rows and to add them up here.
async fn add(
    connection: &mut Connection,
    kind: Kind,
    span: Span,
    hours: &mut HourlySums,
) -> Result<(), ReadError> {
    let earliest = earliest_contact(connection, span).await?;
    let query = Prepared(intervals(kind, span, earliest));
    let rows: Vec<IntervalRow> = connection.run(async |pg| query.load(pg).await).await?;
    let intervals = rows.into_iter().map(|row| interval(row, span));
    match kind {
        Kind::Sector => {
            let earliest = earliest_visit(connection, span).await?;
            let query = Prepared(visits(span, earliest));
            let rows: Vec<VisitRow> = connection.run(async |pg| query.load(pg).await).await?;
            let visits = rows.into_iter().map(|row| visit(row, span)).collect();
            hours.add_visits(visits, &intervals.collect::<Vec<_>>());
        }
        Kind::Quarter => intervals.for_each(|interval| hours.add_quarters(&interval)),
        Kind::Facility => intervals.for_each(|interval| hours.add_facility(&interval)),
    }
    Ok(())
}

/// The key of each quarter of an hour between these times; none unless the answer is by hour.
pub async fn labels(
    connection: &mut Connection,
    by: CoverageBy,
    zone: &str,
    (from, to): (Time, Time),
) -> Result<Labels, ReadError> {
    let (key, format) = match by {
        CoverageBy::Hour => (HOUR, ") at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"),
        CoverageBy::WeekdayHour => (WEEKDAY_HOUR, ", 'ID-HH24')"),
        CoverageBy::Sector | CoverageBy::Facility => return Ok(Labels::new()),
    };
    let query = Query::new("select quarter, to_char(")
        .text(key)
        .and_text("", Some(zone))
        .text(format)
        .text(" as key from generate_series(date_bin('15 minutes', ")
        .value::<Timestamptz, _>(from)
        .text(", '2000-01-01Z'), ")
        .value::<Timestamptz, _>(to)
        .text(", interval '15 minutes') quarter");
    let rows: Vec<LabelRow> = query.read(connection).await.map_err(zone::unknown)?;
    Ok(rows.into_iter().map(|row| (row.quarter, row.key)).collect())
}

#[derive(diesel::QueryableByName)]
struct LabelRow {
    #[diesel(sql_type = Timestamptz)]
    quarter: Time,
    #[diesel(sql_type = Text)]
    key: String,
}

/// A flight, a state, the callsign of a controller, a begin and an end. Rows are read by place, because there are
/// thousands of them.
type IntervalColumns = (BigInt, SmallInt, Nullable<Text>, Timestamptz, Timestamptz);
type IntervalRow = (i64, i16, Option<String>, Time, Time);

/// A flight, a sector, a begin and an end.
type VisitColumns = (BigInt, Text, Timestamptz, Timestamptz);
type VisitRow = (i64, String, Time, Time);

fn interval(
    (flight_id, state, controller_callsign, since, until): IntervalRow,
    span: Span,
) -> Interval {
    let (since, until) = cut((since, until), span);
    let state = match state {
        0 => State::Contact,
        1 => State::None,
        _ => State::Unknown,
    };
    Interval { flight_id, state, controller_callsign, since, until }
}

fn visit((flight_id, sector_name, since, until): VisitRow, span: Span) -> Visit {
    let (since, until) = cut((since, until), span);
    Visit { flight_id, sector_name, since, until }
}

/// The time that is in the span.
fn cut((since, until): (Time, Time), span: Span) -> (Time, Time) {
    (span.from.map_or(since, |from| since.max(from)), span.to.map_or(until, |to| until.min(to)))
}

/// When an interval ended. Flights are looked up for open ones alone.
macro_rules! interval_end {
    () => {
        "coalesce(r.to_timestamp, (select f.last_seen from flights f where f.id = r.flight_id))"
    };
}

/// When a visit ended.
macro_rules! visit_end {
    () => {
        "coalesce(v.exit_timestamp, (select f.last_seen from flights f where f.id = v.flight_id))"
    };
}

/// The intervals of contact that overlap the span.
fn intervals(
    kind: Kind,
    span: Span,
    earliest: Option<Time>,
) -> Statement<'static, IntervalColumns> {
    Statement::new("select r.flight_id, ")
        .text(match kind {
            Kind::Facility => "0::smallint as state, r.controller_callsign",
            Kind::Sector | Kind::Quarter => {
                "case r.state when 'contact' then 0 when 'none' then 1 else 2 end::smallint as state, \
                 null::text as controller_callsign"
            }
        })
        .text(concat!(", r.from_timestamp as since, ", interval_end!(), " as until"))
        .text(" from flight_radio_intervals r where true")
        .text(match kind {
            Kind::Facility => " and r.state = 'contact'",
            // What is not known otherwise is unknown.
            Kind::Sector => " and r.state <> 'unknown'",
            Kind::Quarter => "",
        })
        .and_time(" and r.from_timestamp >= ", earliest)
        .and_time(" and r.from_timestamp < ", span.to)
        .and_time(concat!(" and ", interval_end!(), " > "), span.from)
}

/// The visits that overlap the span.
fn visits(span: Span, earliest: Option<Time>) -> Statement<'static, VisitColumns> {
    Statement::new("select v.flight_id, v.sector_name, v.entry_timestamp as since, ")
        .text(concat!(visit_end!(), " as until from flight_sector_occupancy v where true"))
        .and_time(" and v.entry_timestamp >= ", earliest)
        .and_time(" and v.entry_timestamp < ", span.to)
        .and_time(concat!(" and ", visit_end!(), " > "), span.from)
}

/// The times of hours are written in UTC.
const HOUR: &str = "date_trunc('hour', quarter, ";
const WEEKDAY_HOUR: &str = "quarter at time zone ";
