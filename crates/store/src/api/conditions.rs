//! Conditions that several lists have in common, appended to a statement that has a `where`.

use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz, Untyped};
use diesel_async::RunQueryDsl;
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, Prepared};

use super::{ReadError, Span};
use crate::statement::Statement;

/// A session keeps each text that it has prepared, and a client chooses which filters a list has. Those that are asked
/// for have fewer values than this; so many of others are not kept.
const MOST_PREPARED_VALUES: usize = 8;

/// A statement whose rows are read by the names of their columns.
pub(super) type Query = Statement<'static, Untyped>;

impl<R> Statement<'static, R> {
    /// Appends a condition that ends with this time, if there is one.
    pub(super) fn and_time(self, condition: &'static str, time: Option<Time>) -> Self {
        match time {
            Some(time) => self.text(condition).value::<Timestamptz, _>(time),
            None => self,
        }
    }

    /// Appends a condition that ends with this text, if there is one.
    pub(super) fn and_text(self, condition: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(condition).value::<Text, _>(text.to_owned()),
            None => self,
        }
    }

    /// Appends a condition that ends with this number, if there is one.
    pub(super) fn and_integer(self, condition: &'static str, number: Option<i32>) -> Self {
        match number {
            Some(number) => self.text(condition).value::<Integer, _>(number),
            None => self,
        }
    }

    /// Appends a condition that ends with this id, if there is one.
    pub(super) fn and_id(self, condition: &'static str, id: Option<i64>) -> Self {
        match id {
            Some(id) => self.text(condition).value::<BigInt, _>(id),
            None => self,
        }
    }

    /// Appends that `flight` is of this callsign and of this member.
    pub(super) fn and_flight(
        self,
        flight: &'static str,
        callsign: Option<&str>,
        cid: Option<i32>,
    ) -> Self {
        if callsign.is_none() && cid.is_none() {
            return self;
        }
        self.text(" and ")
            .text(flight)
            .text(" in (select a.id from flights a where true")
            .and_callsign(" and upper(a.callsign collate \"C\") = upper(", callsign)
            .and_integer(" and a.cid = ", cid)
            .text(")")
    }

    /// Appends a condition that compares with this callsign in upper case, and whose last parenthesis is open.
    pub(super) fn and_callsign(self, condition: &'static str, callsign: Option<&str>) -> Self {
        match callsign {
            Some(callsign) => self.and_text(condition, Some(callsign)).text(" collate \"C\")"),
            None => self,
        }
    }

    /// Appends that a key comes after this time and id.
    pub(super) fn after(self, key: &'static str, after: Option<(Time, i64)>) -> Self {
        match after {
            Some((time, id)) => self
                .text(" and ")
                .text(key)
                .text(" > (")
                .value::<Timestamptz, _>(time)
                .text(", ")
                .value::<BigInt, _>(id)
                .text(")"),
            None => self,
        }
    }

    /// Appends the order, and one row more than the limit, which tells that there are more.
    pub(super) fn page(self, order: &'static str, limit: u32) -> Self {
        self.text(" order by ").text(order).limit(i64::from(limit) + 1)
    }

    /// Appends a limit.
    pub(super) fn limit(self, limit: i64) -> Self {
        self.text(" limit ").value::<BigInt, _>(limit)
    }
}

impl Query {
    /// Reads the rows.
    pub(super) async fn read<T>(self, connection: &mut Connection) -> Result<Vec<T>, ReadError>
    where
        T: diesel::QueryableByName<diesel::pg::Pg> + Send + 'static,
    {
        if self.values() > MOST_PREPARED_VALUES {
            return Ok(connection.run(async |pg| self.load(pg).await).await?);
        }
        Ok(connection.run(async |pg| Prepared(self).load(pg).await).await?)
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(diesel::QueryableByName)]
struct Exists {
    #[diesel(sql_type = Bool)]
    is_stored: bool,
}

#[derive(diesel::QueryableByName)]
struct Earliest {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<Time>,
}

/// The begin of a statement that counts rows of this table: conditions are appended, and [`count`] completes it.
pub(super) fn counted(table: &'static str) -> Query {
    Query::new("select count(*) as count from (select from ").text(table).text(" where true")
}

/// The number of rows of a statement from [`counted`], up to the limit and one more.
pub(super) async fn count(
    connection: &mut Connection,
    rows: Query,
    limit: u64,
) -> Result<u64, ReadError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let query = rows.limit(limit).text(") as counted");
    let counted: Vec<Count> = query.read(connection).await?;
    Ok(counted.into_iter().next().map_or(0, |counted| counted.count.unsigned_abs()))
}

/// Whether a statement that begins with `select exists (` and is completed here is true.
pub(super) async fn is_stored(
    connection: &mut Connection,
    query: Query,
) -> Result<bool, ReadError> {
    let rows: Vec<Exists> = query.read(connection).await?;
    Ok(rows.into_iter().next().is_some_and(|row| row.is_stored))
}

/// Fails without a flight of this id.
pub(super) async fn require_flight(
    connection: &mut Connection,
    flight_id: Option<i64>,
) -> Result<(), ReadError> {
    let Some(id) = flight_id else { return Ok(()) };
    let query = Query::new("select exists (select from flights where id = ")
        .value::<BigInt, _>(id)
        .text(") as is_stored");
    if is_stored(connection, query).await? { Ok(()) } else { Err(ReadError::Unknown) }
}

/// The begin of the earliest visit that may overlap the span: the longest visit before its begin, or the earliest one
/// that is open. Without it, all of the history before the span would be read.
pub(super) async fn earliest_visit(
    connection: &mut Connection,
    span: Span,
) -> Result<Option<Time>, ReadError> {
    const LONGEST: &str = " - coalesce((select max(exit_timestamp - entry_timestamp) \
        from flight_sector_occupancy where exit_timestamp - entry_timestamp > interval '1 hour'), \
        interval '1 hour'), (select min(entry_timestamp) from flight_sector_occupancy \
        where exit_timestamp is null)) as at";
    earliest(connection, span, LONGEST).await
}

/// The same for intervals of contact.
pub(super) async fn earliest_contact(
    connection: &mut Connection,
    span: Span,
) -> Result<Option<Time>, ReadError> {
    const LONGEST: &str = " - coalesce((select max(to_timestamp - from_timestamp) \
        from flight_radio_intervals where to_timestamp - from_timestamp > interval '1 hour'), \
        interval '1 hour'), (select min(from_timestamp) from flight_radio_intervals \
        where to_timestamp is null)) as at";
    earliest(connection, span, LONGEST).await
}

async fn earliest(
    connection: &mut Connection,
    span: Span,
    longest: &'static str,
) -> Result<Option<Time>, ReadError> {
    let Some(from) = span.from else { return Ok(None) };
    let query = Query::new("select least(").value::<Timestamptz, _>(from).text(longest);
    let rows: Vec<Earliest> = connection.run(async |pg| Prepared(query).load(pg).await).await?;
    Ok(rows.into_iter().next().and_then(|row| row.at))
}
