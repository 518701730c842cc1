//! How much of the time flights were in contact by radio.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Double, Nullable, Text, Timestamptz};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Asked, Facts, Read, ReadError, Reads,
    conditions::{Query, earliest_contact, earliest_visit},
    standing::facts,
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
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
pub struct CoverageGroup {
    /// What the group is; null for controllers who were forgotten.
    #[diesel(sql_type = Nullable<Text>)]
    pub key: Option<String>,
    /// Seconds in contact.
    #[diesel(sql_type = Double)]
    pub contact_seconds: f64,
    /// Seconds without contact; null by facility.
    #[diesel(sql_type = Nullable<Double>)]
    pub none_seconds: Option<f64>,
    /// Seconds of which nothing is known; null by facility.
    #[diesel(sql_type = Nullable<Double>)]
    pub unknown_seconds: Option<f64>,
    /// The share of contact in the time that is known.
    #[diesel(sql_type = Nullable<Double>)]
    pub coverage: Option<f64>,
    /// The share of time that is known.
    #[diesel(sql_type = Nullable<Double>)]
    pub known: Option<f64>,
    /// The share of all contact, by facility only.
    #[diesel(sql_type = Nullable<Double>)]
    pub share: Option<f64>,
}

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
        self.read(move |connection| {
            let zone = zone.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, span, None).await?;
                zone::require(&zone)?;
                let earliest = earliest_contact(connection, facts.span).await?;
                let intervals = intervals(&facts, earliest);
                let query = match by {
                    CoverageBy::Sector => {
                        by_sector(intervals, &facts, earliest_visit(connection, facts.span).await?)
                    }
                    CoverageBy::Hour => by_time(intervals, HOUR, &zone),
                    CoverageBy::WeekdayHour => by_time(intervals, WEEKDAY_HOUR, &zone),
                    CoverageBy::Facility => intervals.text(BY_FACILITY),
                };
                let groups = query.read(connection).await.map_err(zone::unknown)?;
                Ok(Read { data: Coverage { by, groups }, facts })
            })
        })
        .await
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

/// The intervals of contact, cut to the span, as `parts`.
fn intervals(facts: &Facts, earliest: Option<DateTime<Utc>>) -> Query {
    let span = facts.span;
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

/// What the intervals do not cover of a visit is unknown, as in `radio_coverage`.
fn by_sector(intervals: Query, facts: &Facts, earliest: Option<DateTime<Utc>>) -> Query {
    let span = facts.span;
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

fn by_time(intervals: Query, key: &'static str, zone: &str) -> Query {
    intervals
        .text(BINNED)
        .text(key)
        .and_text("", Some(zone))
        .text(match key {
            HOUR => ") at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
            _ => ", 'ID-HH24')",
        })
        .text(BY_TIME)
}

const BY_SECTOR: &str = "), spans as (\
        select sector_name, sum(date_part('epoch', until - since)) as seconds from visits \
        where since < until group by sector_name\
    ), known as (\
        select v.sector_name, \
            sum(part.seconds) filter (where p.state = 'contact') as contact, \
            sum(part.seconds) filter (where p.state = 'none') as none \
        from visits v join parts p on p.flight_id = v.flight_id \
            and p.since < v.until and p.until > v.since \
            cross join lateral (select date_part('epoch', \
                least(p.until, v.until) - greatest(p.since, v.since)) as seconds) part \
        group by v.sector_name\
    ), sums as (\
        select sector_name as key, seconds, coalesce(contact, 0) as contact, coalesce(none, 0) as none \
        from spans left join known using (sector_name)\
    ) select key, contact as contact_seconds, none as none_seconds, \
        greatest(seconds - contact - none, 0) as unknown_seconds, \
        contact / nullif(contact + none, 0) as coverage, \
        (contact + none) / nullif(seconds, 0) as known, null::float8 as share \
    from sums order by key";

/// Hours of every zone begin at a quarter of an hour in UTC. Of each state, `inside` are the intervals that go on
/// through a quarter, so that an interval costs the same however long it is.
const BINNED: &str = ", edges as (\
        select state, since as at, 1 as change from parts where since < until union all \
        select state, until, -1 from parts where since < until\
    ), binned as (\
        select state, date_bin('15 minutes', at, '2000-01-01Z') as bin, sum(change) as change, \
            sum(change * (900 - date_part('epoch', at - date_bin('15 minutes', at, '2000-01-01Z')))) as seconds \
        from edges group by 1, 2\
    ), bins as (\
        select bin from (select min(bin) as first, max(bin) as last from binned) ends \
            cross join lateral generate_series(first, last, interval '15 minutes') bin\
    ), running as (\
        select state, bin, coalesce(seconds, 0) + 900 * coalesce(sum(change) over (\
            partition by state order by bin rows between unbounded preceding and 1 preceding), 0) as seconds \
        from bins cross join (values ('contact'), ('none'), ('unknown')) states (state) \
            left join binned using (state, bin)\
    ), keyed as (select state, seconds, to_char(";

/// The times of hours are written in UTC.
const HOUR: &str = "date_trunc('hour', bin, ";
const WEEKDAY_HOUR: &str = "bin at time zone ";

const BY_TIME: &str = " as key from running where seconds > 0.0000005), sums as (\
        select key, coalesce(round((sum(seconds) filter (where state = 'contact'))::numeric, 6), 0)::float8 as contact, \
            coalesce(round((sum(seconds) filter (where state = 'none'))::numeric, 6), 0)::float8 as none, \
            coalesce(round((sum(seconds) filter (where state = 'unknown'))::numeric, 6), 0)::float8 as unknown \
        from keyed group by key\
    ) select key, contact as contact_seconds, none as none_seconds, unknown as unknown_seconds, \
        contact / nullif(contact + none, 0) as coverage, \
        (contact + none) / nullif(contact + none + unknown, 0) as known, null::float8 as share \
    from sums order by key";

const BY_FACILITY: &str = ", sums as (\
        select substring(upper(controller_callsign) from '[^_]+$') as key, \
            sum(date_part('epoch', until - since)) as contact \
        from parts where state = 'contact' and since < until group by 1\
    ) select key, contact as contact_seconds, null::float8 as none_seconds, \
        null::float8 as unknown_seconds, null::float8 as coverage, null::float8 as known, \
        contact / nullif(sum(contact) over (), 0) as share \
    from sums order by key nulls last";
