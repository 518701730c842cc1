//! What is closed: it does not change any more, unless the version of the data grows.

use chrono::{NaiveTime, TimeDelta};
use diesel::sql_types::{BigInt, Binary, Nullable, Timestamptz};
use diesel_async::RunQueryDsl;
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, Prepared};

use super::{Asked, Facts, ReadError, Reads, Span};

/// How far the data is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The mark; `None` before the first snapshot was stored.
    pub mark: Option<Time>,
    /// When the flight was last seen that was longest not seen, of those with an open visit, an open radio
    /// interval or a queued transition; `None` when there is none.
    pub oldest_open: Option<Time>,
    /// `collector_state.data_version`.
    pub data_version: i64,
}

impl Standing {
    /// Whether a span that ends there is closed.
    pub fn is_closed(&self, to: Time) -> bool {
        is_over(self.mark, to) && self.oldest_open.is_none_or(|last_seen| last_seen >= to)
    }
}

/// Whether a span that ends there ends at or before the last UTC midnight that is at least 25 hours before the mark.
fn is_over(mark: Option<Time>, to: Time) -> bool {
    mark.and_then(last_closed_midnight).is_some_and(|midnight| to <= midnight)
}

/// The last UTC midnight that is at least 25 hours before the mark.
pub fn last_closed_midnight(mark: Time) -> Option<Time> {
    let day = mark.checked_sub_signed(TimeDelta::hours(25))?.date_naive();
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

/// The row of `collector_state`, as the snapshot shows it.
#[derive(Debug, Clone, Copy, diesel::QueryableByName)]
pub(super) struct Head {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub mark: Option<Time>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub contacts_mark: Option<Time>,
    #[diesel(sql_type = BigInt)]
    pub data_version: i64,
}

/// Up to when what was known of contact and control still holds.
const HOLDS: TimeDelta = TimeDelta::seconds(60);

impl Head {
    /// The snapshot up to which contact and control are known, if what was known then still holds at the mark.
    pub fn holds_since(&self) -> Option<Time> {
        let (mark, known) = (self.mark?, self.contacts_mark?);
        (mark - known <= HOLDS).then_some(known)
    }
}

#[derive(diesel::QueryableByName)]
struct OldestOpen {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_seen: Option<Time>,
}

#[derive(diesel::QueryableByName)]
struct CursorKey {
    #[diesel(sql_type = Binary)]
    cursor_key: Vec<u8>,
}

pub(super) async fn head(connection: &mut Connection) -> Result<Head, ReadError> {
    let query = diesel::sql_query("select mark, contacts_mark, data_version from collector_state");
    Ok(connection.run(async |pg| Prepared(query).get_result(pg).await).await?)
}

async fn oldest_open(connection: &mut Connection) -> Result<Option<Time>, ReadError> {
    let query = diesel::sql_query(
        "select min(last_seen) as last_seen from flights where id in (\
             select flight_id from flight_sector_occupancy where exit_timestamp is null union all \
             select flight_id from flight_radio_intervals where to_timestamp is null union all \
             select flight_id from pending_transitions)",
    );
    let oldest: OldestOpen =
        connection.run(async |pg| Prepared(query).get_result(pg).await).await?;
    Ok(oldest.last_seen)
}

/// Up to when everything is closed: a midnight in UTC, at which any span may end to be closed.
pub(super) async fn closed_until(
    connection: &mut Connection,
    mark: Option<Time>,
) -> Result<Option<Time>, ReadError> {
    let Some(midnight) = mark.and_then(last_closed_midnight) else { return Ok(None) };
    let oldest_open = oldest_open(connection).await?.unwrap_or(midnight).min(midnight);
    Ok(Some(oldest_open.date_naive().and_time(NaiveTime::MIN).and_utc()))
}

/// The facts of a read at the mark, which has no span.
pub(super) async fn facts_now(connection: &mut Connection) -> Result<(Facts, Head), ReadError> {
    facts(connection, Asked::everything(), None).await
}

/// The facts of a read of this span, in a walk with this bound.
pub(super) async fn facts(
    connection: &mut Connection,
    asked: Asked,
    bound: Option<Time>,
) -> Result<(Facts, Head), ReadError> {
    let head = head(connection).await?;
    if bound > head.mark {
        return Err(ReadError::Behind);
    }
    let Head { mark, data_version, .. } = head;
    let bound = bound.or(mark);
    let span: Span = asked.resolve(bound)?;
    let is_closed = match span.to.filter(|to| is_over(mark, *to)) {
        Some(to) => oldest_open(connection).await?.is_none_or(|last_seen| last_seen >= to),
        None => false,
    };
    Ok((Facts { mark, bound, span, is_closed, data_version }, head))
}

impl Reads {
    /// Reads how far the data is complete.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn standing(&self) -> Result<Standing, ReadError> {
        self.read(|connection| {
            Box::pin(async {
                let Head { mark, data_version, .. } = head(connection).await?;
                let oldest_open = oldest_open(connection).await?;
                Ok(Standing { mark, oldest_open, data_version })
            })
        })
        .await
    }

    /// Reads the key of the MAC of cursors: 32 bytes, the same on every instance.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn cursor_key(&self) -> Result<Vec<u8>, ReadError> {
        self.read(|connection| {
            Box::pin(async {
                let query = diesel::sql_query("select cursor_key from collector_state");
                let key: CursorKey = connection.run(async |pg| query.get_result(pg).await).await?;
                Ok(key.cursor_key)
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_is_closed_at_a_midnight_at_least_25_hours_before_the_mark() {
        for (mark, midnight) in [
            ("2026-11-29T01:00:00Z", "2026-11-28T00:00:00Z"),
            ("2026-11-29T00:59:59.999999Z", "2026-11-27T00:00:00Z"),
            ("2026-11-29T23:59:59Z", "2026-11-28T00:00:00Z"),
        ] {
            assert_eq!(last_closed_midnight(at(mark)), Some(at(midnight)), "{mark}");
            let standing = Standing { mark: Some(at(mark)), oldest_open: None, data_version: 0 };
            assert!(standing.is_closed(at(midnight)));
            assert!(!standing.is_closed(at(midnight) + TimeDelta::microseconds(1)));
        }
    }

    #[test]
    fn a_flight_that_was_last_seen_before_the_end_and_is_not_over_keeps_a_span_open() {
        let to = at("2026-11-01T00:00:00Z");
        let standing = |oldest_open| Standing {
            mark: Some(at("2026-11-29T01:00:00Z")),
            oldest_open,
            data_version: 0,
        };
        assert!(standing(None).is_closed(to));
        assert!(standing(Some(to)).is_closed(to));
        assert!(!standing(Some(to - TimeDelta::microseconds(1))).is_closed(to));
        assert!(!Standing { mark: None, ..standing(None) }.is_closed(to));
    }

    #[test]
    fn what_was_known_holds_for_a_minute() {
        let mark = at("2026-11-29T01:00:00Z");
        let head = |contacts_mark| Head { mark: Some(mark), contacts_mark, data_version: 0 };
        let (held, late) = (mark - TimeDelta::seconds(60), mark - TimeDelta::seconds(61));
        assert_eq!(head(Some(held)).holds_since(), Some(held));
        assert_eq!(head(Some(late)).holds_since(), None);
        assert_eq!(head(None).holds_since(), None);
    }
}
