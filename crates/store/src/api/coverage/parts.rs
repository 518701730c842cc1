//! Reads a piece of a span: intervals of contact, cut to it.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use sectorwatch_core::Time;
use sectorwatch_pg::Connection;

use super::{
    CoverageBy,
    sums::{Edges, Key, Kind, Labels, Micros, Sums, quarters},
};
use crate::api::{
    ReadError, Span,
    conditions::{Query, earliest_contact, earliest_visit},
    zone,
};

/// What was between these times.
pub async fn parts(
    connection: &mut Connection,
    kind: Kind,
    (from, to): (Time, Time),
) -> Result<Sums, ReadError> {
    let span = Span { from: Some(from), to: Some(to) };
    let intervals = intervals(span, earliest_contact(connection, span).await?);
    match kind {
        Kind::Sector => {
            let earliest = earliest_visit(connection, span).await?;
            let rows: Vec<SectorRow> =
                by_sector(intervals, span, earliest).read(connection).await?;
            Ok(Sums(rows.into_iter().map(SectorRow::into_sum).collect()))
        }
        Kind::Quarter => {
            let rows: Vec<EdgesRow> = intervals.text(EDGES).read(connection).await?;
            Ok(quarters(&rows.into_iter().map(Edges::from).collect::<Vec<_>>()))
        }
        Kind::Facility => {
            let rows: Vec<FacilityRow> = intervals.text(BY_FACILITY).read(connection).await?;
            Ok(Sums(rows.into_iter().map(FacilityRow::into_sum).collect()))
        }
    }
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

#[derive(diesel::QueryableByName)]
struct SectorRow {
    #[diesel(sql_type = Text)]
    sector_name: String,
    #[diesel(sql_type = BigInt)]
    visits: i64,
    #[diesel(sql_type = BigInt)]
    contact: i64,
    #[diesel(sql_type = BigInt)]
    none: i64,
}

impl SectorRow {
    /// What the intervals do not cover of a visit is unknown, as in `radio_coverage`.
    fn into_sum(self) -> (Key, Micros) {
        let Self { sector_name, visits, contact, none } = self;
        (
            Key::Name(sector_name),
            Micros { contact, none, unknown: (visits - contact - none).max(0) },
        )
    }
}

#[derive(diesel::QueryableByName)]
struct EdgesRow {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Timestamptz)]
    quarter: Time,
    #[diesel(sql_type = BigInt)]
    change: i64,
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

impl From<EdgesRow> for Edges {
    fn from(EdgesRow { state, quarter, change, micros }: EdgesRow) -> Self {
        Self { state, quarter, change, micros }
    }
}

#[derive(diesel::QueryableByName)]
struct FacilityRow {
    #[diesel(sql_type = Nullable<Text>)]
    facility: Option<String>,
    #[diesel(sql_type = BigInt)]
    contact: i64,
}

impl FacilityRow {
    fn into_sum(self) -> (Key, Micros) {
        let key = self.facility.map_or(Key::Forgotten, Key::Name);
        (key, Micros { contact: self.contact, ..Micros::default() })
    }
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

/// Microseconds of an interval. PostgreSQL has no finer ones, and a float holds those of 285 years.
macro_rules! micros {
    ($interval:literal) => {
        concat!("(date_part('epoch', ", $interval, ") * 1000000)::bigint")
    };
}

/// The intervals of contact, cut to the span, as `parts`.
fn intervals(span: Span, earliest: Option<DateTime<Utc>>) -> Query {
    Query::new(
        "with parts as (select r.flight_id, r.state, r.controller_callsign, greatest(r.from_timestamp, ",
    )
    .value::<Nullable<Timestamptz>, _>(span.from)
    .text(concat!(") as since, least(", interval_end!(), ", "))
    .value::<Nullable<Timestamptz>, _>(span.to)
    .text(") as until from flight_radio_intervals r where true")
    .and_time(" and r.from_timestamp >= ", earliest)
    .and_time(" and r.from_timestamp < ", span.to)
    .and_time(concat!(" and ", interval_end!(), " > "), span.from)
    .text(")")
}

fn by_sector(intervals: Query, span: Span, earliest: Option<DateTime<Utc>>) -> Query {
    intervals
        .text(", visits as (select v.flight_id, v.sector_name, greatest(v.entry_timestamp, ")
        .value::<Nullable<Timestamptz>, _>(span.from)
        .text(concat!(") as since, least(", visit_end!(), ", "))
        .value::<Nullable<Timestamptz>, _>(span.to)
        .text(") as until from flight_sector_occupancy v where true")
        .and_time(" and v.entry_timestamp >= ", earliest)
        .and_time(" and v.entry_timestamp < ", span.to)
        .and_time(concat!(" and ", visit_end!(), " > "), span.from)
        .text(BY_SECTOR)
}

const BY_SECTOR: &str = concat!(
    "), spans as (select sector_name, sum(",
    micros!("until - since"),
    ")::bigint as visits from visits where since < until group by sector_name), \
    known as (\
        select v.sector_name, \
            sum(part.micros) filter (where p.state = 'contact') as contact, \
            sum(part.micros) filter (where p.state = 'none') as none \
        from visits v join parts p on p.flight_id = v.flight_id \
            and p.since < v.until and p.until > v.since \
            cross join lateral (select ",
    micros!("least(p.until, v.until) - greatest(p.since, v.since)"),
    " as micros) part group by v.sector_name\
    ) select sector_name, visits, coalesce(contact, 0)::bigint as contact, coalesce(none, 0)::bigint as none \
    from spans left join known using (sector_name)"
);

/// Of each state, how many intervals begin and end in each quarter of an hour.
const EDGES: &str = concat!(
    ", edges as (\
        select state, at, change, date_bin('15 minutes', at, '2000-01-01Z') as quarter from parts \
            cross join lateral (values (since, 1), (until, -1)) ends (at, change) where since < until\
    ) select state, quarter, sum(change) as change, sum(change * (900000000 - ",
    micros!("at - quarter"),
    "))::bigint as micros from edges group by state, quarter order by state, quarter"
);

/// The times of hours are written in UTC.
const HOUR: &str = "date_trunc('hour', quarter, ";
const WEEKDAY_HOUR: &str = "quarter at time zone ";

const BY_FACILITY: &str = concat!(
    " select substring(upper(controller_callsign) from '[^_]+$') as facility, sum(",
    micros!("until - since"),
    ")::bigint as contact from parts where state = 'contact' and since < until group by 1"
);
