//! Sessions of controllers, in the order of begin.

mod stitched;

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::RunQueryDsl;
use sectorwatch_core::Time;
use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) use self::stitched::Stitched;
use self::stitched::{ConnectionColumns, PAUSE, stitched};
use super::{
    Asked, PageOf, Personal, Read, ReadError, Reads, Rows, Span, span::seconds, standing::facts,
};
use crate::statement::Statement;

/// Connections of one member with one callsign, with at most 5 minutes between them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the columns of v_controller_sessions")]
pub struct Session {
    pub callsign: String,
    pub started_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    pub duration_seconds: f64,
    pub connections: i32,
    pub facility: i32,
    pub rating: i32,
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<i32>, required = false)]
    pub cid: Personal<i32>,
    /// The least `controllers.id` of its connections, which is no member of the answer.
    #[serde(skip)]
    #[schema(ignore)]
    pub id: i64,
}

/// The place of a session in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SessionKey {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The callsign.
    pub callsign: String,
    /// The least `controllers.id` of its connections.
    pub id: i64,
}

/// Which sessions are asked for: those that overlap the span.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionFilter {
    /// The span.
    pub span: Asked,
    /// The callsign, in any case, in which `__` is `_`.
    pub callsign: Option<String>,
    /// The member. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
    /// Whether personal members are read.
    pub personal: bool,
}

impl SessionFilter {
    /// All sessions of this span, without personal members.
    pub const fn of(span: Asked) -> Self {
        Self { span, callsign: None, cid: None, personal: false }
    }
}

impl Reads {
    /// Reads a page of sessions.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn sessions(
        &self,
        filter: SessionFilter,
        page: PageOf<SessionKey>,
    ) -> Result<Read<Rows<Session, SessionKey>>, ReadError> {
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page.clone());
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                let callsign = filter.callsign.as_deref();
                let mut sessions = sessions(connection, facts.span, callsign, filter.cid).await?;
                sessions.retain(|it| facts.bound.is_none_or(|bound| it.started_at <= bound));
                let mut rows: Vec<_> =
                    sessions.into_iter().map(|it| it.into_row(filter.personal)).collect();
                rows.sort_by_cached_key(key);
                if let Some(after) = &page.after {
                    rows.drain(..rows.partition_point(|row| key(row) <= *after));
                }
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
    }
}

fn key(row: &Session) -> SessionKey {
    SessionKey { started_at: row.started_at, callsign: row.callsign.clone(), id: row.id }
}

impl Stitched {
    fn into_row(self, personal: bool) -> Session {
        Session {
            callsign: self.callsign,
            started_at: self.started_at,
            ended_at: self.ended_at,
            duration_seconds: seconds(self.ended_at - self.started_at),
            connections: self.connections,
            facility: self.facility,
            rating: self.rating,
            cid: if personal { Some(self.cid).into() } else { Personal::absent() },
            id: self.id,
        }
    }
}

/// How far before and after a span connections are looked at. The view looks at those of all time. When a session
/// reaches as far, more of it may lie beyond.
#[derive(Debug, Clone, Copy)]
struct Reach {
    from: Option<Time>,
    to: Option<Time>,
}

impl Reach {
    /// First half a day, then ten days, then all time.
    fn of(span: Span) -> [Self; 3] {
        let by = |hours| {
            let from = span.from.and_then(|from| from.checked_sub_signed(TimeDelta::hours(hours)));
            let to = span.to.and_then(|to| to.checked_add_signed(TimeDelta::hours(hours)));
            Self { from, to }
        };
        [by(12), by(240), Self { from: None, to: None }]
    }

    /// Whether all sessions are whole, of which these are the first begin and the last end.
    fn holds(self, earliest: Time, latest: Time) -> bool {
        self.from.is_none_or(|from| earliest > from + PAUSE)
            && self.to.is_none_or(|to| latest < to - PAUSE)
    }
}

/// The sessions that overlap the span.
pub(super) async fn sessions(
    connection: &mut Connection,
    span: Span,
    callsign: Option<&str>,
    cid: Option<i32>,
) -> Result<Vec<Stitched>, ReadError> {
    let mut sessions = Vec::new();
    for reach in Reach::of(span) {
        let query = connections(reach, callsign, cid);
        let rows = connection.run(async |pg| query.load(pg).await).await?;
        sessions = stitched(rows);
        sessions.retain(|it| {
            span.to.is_none_or(|to| it.started_at < to)
                && span.from.is_none_or(|from| it.ended_at > from)
        });
        let earliest = sessions.iter().map(|it| it.started_at).min();
        let latest = sessions.iter().map(|it| it.ended_at).max();
        if earliest.zip(latest).is_none_or(|(earliest, latest)| reach.holds(earliest, latest)) {
            break;
        }
    }
    Ok(sessions)
}

/// As `v_controller_connections`, without observers and supervisors, whom [`stitched`] leaves out: PostgreSQL would
/// look at their callsigns before it looks at times.
fn connections(
    reach: Reach,
    callsign: Option<&str>,
    cid: Option<i32>,
) -> Statement<'static, ConnectionColumns> {
    Statement::new(
        "select id, cid, callsign, least(logon_time, first_seen) as started_at, last_seen as ended_at, facility, \
             rating \
         from controllers where facility <> 0 and last_seen >= least(logon_time, first_seen)",
    )
    .and_time(" and last_seen > ", reach.from)
    .and_time(" and least(logon_time, first_seen) < ", reach.to)
    .and_text(" and normalised_callsign(callsign) = normalised_callsign(", callsign)
    .text(if callsign.is_some() { ")" } else { "" })
    .and_integer(" and cid = ", cid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_reaches_as_far_as_was_looked_may_go_on_beyond() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let (from, to) = (at("2026-11-10T00:00:00Z"), at("2026-11-11T00:00:00Z"));
        let [near, .., all] = Reach::of(Span { from: Some(from), to: Some(to) });
        let (first, last) = (at("2026-11-09T12:05:00Z"), at("2026-11-11T11:55:00Z"));
        let moment = TimeDelta::microseconds(1);
        assert!(near.holds(first + moment, last - moment));
        assert!(!near.holds(first, last - moment));
        assert!(!near.holds(first + moment, last));
        assert!(all.holds(Time::MIN_UTC, Time::MAX_UTC));
    }
}
