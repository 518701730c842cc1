//! Positions for exports, by UTC day, flight and time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Double, Integer, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use sectorwatch_core::Time;
use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};

use super::{
    Asked, Facts, PageOf, Read, ReadError, Reads, Rows,
    conditions::{count, counted},
    standing::facts,
};
use crate::{schema::flights, statement::Statement};

/// An observed position.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the columns of flight_positions, and the flight's callsign")]
pub struct Position {
    pub flight_id: i64,
    pub callsign: Arc<str>,
    pub observed_at: Time,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
    pub qnh_mb: Option<i32>,
    pub transponder: Option<String>,
}

/// The place of a position in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PositionKey {
    /// The UTC day.
    pub day: NaiveDate,
    /// The flight.
    pub flight_id: i64,
    /// When it was observed.
    pub observed_at: Time,
}

/// Which positions are exported: those observed in the span, which must have both bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct PositionFilter {
    /// The span.
    pub span: Asked,
    /// The flight's callsign, in any case.
    pub callsign: Option<String>,
    /// The member who flies. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
}

impl Reads {
    /// Reads a page of positions.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn positions(
        &self,
        filter: PositionFilter,
        page: PageOf<PositionKey>,
    ) -> Result<Read<Rows<Position, PositionKey>>, ReadError> {
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page);
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                let rows = filter.page(connection, &facts, page).await?;
                let key = |row: &Position| PositionKey {
                    day: row.observed_at.date_naive(),
                    flight_id: row.flight_id,
                    observed_at: row.observed_at,
                };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
    }

    /// Counts positions up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_positions(
        &self,
        filter: PositionFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        self.read(move |connection| {
            let filter = filter.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, None).await?;
                let rows = counted("flight_positions p")
                    .and_time(" and p.observed_at >= ", facts.span.from)
                    .and_time(" and p.observed_at < ", facts.span.to)
                    .and_time(" and p.observed_at <= ", facts.bound)
                    .and_flight("p.flight_id", filter.callsign.as_deref(), filter.cid);
                Ok(Read { data: count(connection, rows, limit).await?, facts })
            })
        })
        .await
    }
}

type Row = (i64, Time, f64, f64, i32, Option<i32>, Option<i16>, Option<i32>, Option<String>);
type RowTypes = (
    BigInt,
    Timestamptz,
    Double,
    Double,
    Integer,
    Nullable<Integer>,
    Nullable<SmallInt>,
    Nullable<Integer>,
    Nullable<Text>,
);

impl PositionFilter {
    /// The rows of the page and one more, day by day: the primary key of a partition is the order within its day.
    async fn page(
        &self,
        connection: &mut Connection,
        facts: &Facts,
        page: PageOf<PositionKey>,
    ) -> Result<Vec<Position>, ReadError> {
        let (Some(from), Some(to)) = (facts.span.from, facts.span.to) else {
            return Ok(Vec::new());
        };
        // The bound belongs to the walk, and the end of the span does not.
        let after_bound = facts.bound.map(|bound| bound + TimeDelta::microseconds(1));
        let to = after_bound.map_or(to, |bound| bound.min(to));
        let wanted = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
        let mut after = page.after;
        let mut day = after.map_or_else(|| from.date_naive(), |key| key.day);
        let mut rows = Vec::new();
        while rows.len() < wanted {
            let begin = day.and_time(NaiveTime::MIN).and_utc();
            if begin >= to {
                break;
            }
            let end = begin + TimeDelta::days(1);
            let rest = i64::try_from(wanted - rows.len()).unwrap_or(i64::MAX);
            let query = self.of_day(from.max(begin), to.min(end), after.take()).limit(rest);
            rows.extend(connection.run(async |pg| query.load::<Row>(pg).await).await?);
            day = end.date_naive();
        }
        with_callsigns(connection, rows).await
    }

    fn of_day(
        &self,
        since: Time,
        until: Time,
        after: Option<PositionKey>,
    ) -> Statement<'static, RowTypes> {
        let query = Statement::new(
            "select p.flight_id, p.observed_at, p.latitude, p.longitude, p.altitude, p.groundspeed, \
                 p.heading, p.qnh_mb, p.transponder from flight_positions p where true",
        )
        .and_time(" and p.observed_at >= ", Some(since))
        .and_time(" and p.observed_at < ", Some(until))
        .and_flight("p.flight_id", self.callsign.as_deref(), self.cid);
        let query = match after {
            Some(key) => query
                .and_id(" and (p.flight_id, p.observed_at) > (", Some(key.flight_id))
                .and_time(", ", Some(key.observed_at))
                .text(")"),
            None => query,
        };
        query.text(" order by p.flight_id, p.observed_at")
    }
}

/// Adds the callsigns, which are few: the positions of a flight are together.
async fn with_callsigns(
    connection: &mut Connection,
    rows: Vec<Row>,
) -> Result<Vec<Position>, ReadError> {
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let callsigns: Vec<(i64, String)> = connection
        .run(async |pg| {
            let known = flights::table.filter(flights::id.eq_any(ids));
            known.select((flights::id, flights::callsign)).load(pg).await
        })
        .await?;
    let callsigns: BTreeMap<i64, Arc<str>> =
        callsigns.into_iter().map(|(id, callsign)| (id, callsign.into())).collect();
    let position = |row: Row| {
        let (flight_id, observed_at, latitude, longitude, altitude, ground, heading, qnh, code) =
            row;
        let callsign = callsigns.get(&flight_id)?.clone();
        Some(Position {
            flight_id,
            callsign,
            observed_at,
            latitude,
            longitude,
            altitude,
            groundspeed: ground,
            heading,
            qnh_mb: qnh,
            transponder: code,
        })
    };
    Ok(rows.into_iter().filter_map(position).collect())
}
