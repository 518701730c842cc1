//! Sessions of controllers, in the order of begin.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, PageOf, Personal, Read, ReadError, Reads, Rows, Span, conditions::Query, standing::facts,
};

/// Connections of one member with one callsign, with at most 5 minutes between them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
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
                let query = of(facts.span, filter.callsign.as_deref(), filter.cid)
                    .text(
                        "select callsign, started_at, ended_at, duration_seconds, connections, \
                           facility, rating, id, ",
                    )
                    .text(if filter.personal { "cid" } else { "null::integer as cid" })
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
                let query = query.page("started_at, callsign, id", page.limit);
                let mut rows: Vec<Session> = query.read(connection).await?;
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

/// The sessions that overlap the span, as `sessions`. The view counts the connections of all time; here, only those of
/// members and callsigns with a connection in or at the span are looked at.
pub(super) fn of(span: Span, callsign: Option<&str>, cid: Option<i32>) -> Query {
    let near = TimeDelta::minutes(5);
    let connected = |query: Query| {
        query
            .and_text(" and callsign = normalised_callsign(", callsign)
            .text(if callsign.is_some() { ")" } else { "" })
            .and_integer(" and cid = ", cid)
    };
    let query = Query::new(
        "with connections as materialized (select * from v_controller_connections where true",
    );
    let query = connected(query).text(
        " and (cid, callsign) in (select cid, callsign from v_controller_connections where true",
    );
    connected(query)
        .and_time(" and started_at < ", span.to.map(|to| to + near))
        .and_time(" and ended_at > ", span.from.map(|from| from - near))
        .text(SESSIONS)
        .and_time(" and min(started_at) < ", span.to)
        .and_time(" and max(ended_at) > ", span.from)
        .text(") ")
}

const SESSIONS: &str = ")), begun as (\
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
