//! Sessions of controllers, in the order of begin.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    prelude::QueryableByName,
    sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz},
};
use sectorwatch_core::Time;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, Facts, PageOf, Personal, Read, ReadError, Reads, Rows, Span, conditions::Query,
    standing::facts,
};

/// Connections of one member with one callsign, with at most 5 minutes between them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, QueryableByName)]
#[expect(missing_docs, reason = "the columns of v_controller_sessions")]
pub struct Session {
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Timestamptz)]
    pub started_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub ended_at: DateTime<Utc>,
    #[diesel(sql_type = Double)]
    pub duration_seconds: f64,
    #[diesel(sql_type = Integer)]
    pub connections: i32,
    #[diesel(sql_type = Integer)]
    pub facility: i32,
    #[diesel(sql_type = Integer)]
    pub rating: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<i32>, required = false)]
    pub cid: Personal<i32>,
    /// The least `controllers.id` of its connections, which is no member of the answer.
    #[diesel(sql_type = BigInt)]
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
                let mut rows: Vec<SessionRow> = Vec::new();
                for reach in Reach::of(facts.span) {
                    rows = filter.page(&facts, &page, reach).read(connection).await?;
                    if rows.first().is_none_or(|row| reach.holds(row.earliest, row.latest)) {
                        break;
                    }
                }
                let mut rows: Vec<Session> = rows.into_iter().map(|row| row.session).collect();
                if !filter.personal {
                    rows.iter_mut().for_each(|row| row.cid = Personal::absent());
                }
                let key = |row: &Session| SessionKey {
                    started_at: row.started_at,
                    callsign: row.callsign.clone(),
                    id: row.id,
                };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
    }
}

#[derive(QueryableByName)]
struct SessionRow {
    #[diesel(embed)]
    session: Session,
    #[diesel(sql_type = Timestamptz)]
    earliest: Time,
    #[diesel(sql_type = Timestamptz)]
    latest: Time,
}

impl SessionFilter {
    fn page(&self, facts: &Facts, page: &PageOf<SessionKey>, reach: Reach) -> Query {
        let query = of(facts.span, reach, self.callsign.as_deref(), self.cid)
            .text("select callsign, started_at, ended_at, duration_seconds, connections, facility, rating, id, ")
            .text(if self.personal { "cid" } else { "null::integer as cid" })
            .text(REACHED)
            .text(" from sessions where true")
            .and_time(" and started_at <= ", facts.bound);
        let query = match &page.after {
            Some(key) => query
                .and_time(" and (started_at, callsign, id) > (", Some(key.started_at))
                .and_text(", ", Some(&key.callsign))
                .and_id(", ", Some(key.id))
                .text(")"),
            None => query,
        };
        query.page("started_at, callsign, id", page.limit)
    }
}

/// The most time between two connections of a session.
const PAUSE: TimeDelta = TimeDelta::minutes(5);

/// How far before and after a span connections are looked at. The view looks at those of all time. When a session
/// reaches as far, more of it may lie beyond.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    from: Option<Time>,
    to: Option<Time>,
}

impl Reach {
    /// First half a day, then ten days, then all time.
    pub(super) fn of(span: Span) -> [Self; 3] {
        let by = |hours| {
            let from = span.from.and_then(|from| from.checked_sub_signed(TimeDelta::hours(hours)));
            let to = span.to.and_then(|to| to.checked_add_signed(TimeDelta::hours(hours)));
            Self { from, to }
        };
        [by(12), by(240), Self { from: None, to: None }]
    }

    /// Whether all sessions are whole, of which these are the first begin and the last end.
    pub(super) fn holds(self, earliest: Time, latest: Time) -> bool {
        self.from.is_none_or(|from| earliest > from + PAUSE)
            && self.to.is_none_or(|to| latest < to - PAUSE)
    }
}

/// Further columns: the first begin and the last end of the sessions, for [`Reach::holds`].
pub(super) const REACHED: &str = ", (select min(started_at) from sessions) as earliest, \
    (select max(ended_at) from sessions) as latest";

/// The sessions that overlap the span, as `sessions`, from connections within this reach.
pub(super) fn of(span: Span, reach: Reach, callsign: Option<&str>, cid: Option<i32>) -> Query {
    Query::new(CONNECTIONS)
        .and_time(" and last_seen > ", reach.from)
        .and_time(" and least(logon_time, first_seen) < ", reach.to)
        .text(" and callsign !~* '_(OBS|SUP)$'")
        .and_text(" and normalised_callsign(callsign) = normalised_callsign(", callsign)
        .text(if callsign.is_some() { ")" } else { "" })
        .and_integer(" and cid = ", cid)
        .text(SESSIONS)
        .and_time(" and min(started_at) < ", span.to)
        .and_time(" and max(ended_at) > ", span.from)
        .text(") ")
}

/// As `v_controller_connections`.
const CONNECTIONS: &str = "with connections as (\
    select id, cid, normalised_callsign(callsign) as callsign, least(logon_time, first_seen) as started_at, \
        last_seen as ended_at, facility, rating \
    from controllers \
    where facility <> 0 and last_seen >= least(logon_time, first_seen)";

/// As `v_controller_sessions`.
const SESSIONS: &str = "), begun as (\
        select *, coalesce(started_at - max(ended_at) over earlier > interval '5 minutes', true) as begins \
        from connections \
        window earlier as (partition by cid, callsign order by started_at, id \
            rows between unbounded preceding and 1 preceding)\
    ), numbered as (\
        select *, count(*) filter (where begins) over (\
            partition by cid, callsign order by started_at, id) as number from begun\
    ), sessions as (\
        select cid, callsign, min(started_at) as started_at, max(ended_at) as ended_at, \
            extract(epoch from max(ended_at) - min(started_at))::float8 as duration_seconds, \
            count(*)::integer as connections, \
            (array_agg(facility order by started_at desc, id desc))[1] as facility, \
            (array_agg(rating order by started_at desc, id desc))[1] as rating, min(id) as id \
        from numbered group by cid, callsign, number having true";

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
