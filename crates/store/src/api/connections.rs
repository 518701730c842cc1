//! Connections of controllers for exports: the rows of `controllers`.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, Facts, PageOf, Personal, Read, ReadError, Reads, Rows,
    conditions::{Query, count, counted},
    standing::facts,
};
use crate::schema::controllers;

/// A connection of a controller.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(table_name = controllers)]
#[expect(missing_docs, reason = "the columns of controllers")]
pub struct Connection {
    pub id: i64,
    pub callsign: String,
    pub logon_time: DateTime<Utc>,
    pub facility: i32,
    pub rating: i32,
    pub frequency: String,
    pub visual_range: Option<i32>,
    pub server: String,
    pub first_seen: DateTime<Utc>,
    pub last_updated: DateTime<Utc>,
    pub last_seen: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Integer>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<i32>, required = false)]
    pub cid: Personal<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<String>, required = false)]
    pub text_atis: Personal<String>,
    /// Its begin: the logon, or when it was first seen if that is earlier. No column of the export.
    #[diesel(sql_type = Timestamptz)]
    #[serde(skip)]
    #[schema(ignore)]
    pub started_at: DateTime<Utc>,
}

/// The place of a connection in an export.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConnectionKey {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The callsign.
    pub callsign: String,
    /// The id.
    pub id: i64,
}

/// Which connections are exported: those that overlap the span.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionFilter {
    /// The span.
    pub span: Asked,
    /// The callsign, in any case, in which `__` is `_`.
    pub callsign: Option<String>,
    /// The member. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
    /// Whether personal members are read.
    pub personal: bool,
}

impl Reads {
    /// Reads a page of connections.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn connections(
        &self,
        filter: ConnectionFilter,
        page: PageOf<ConnectionKey>,
    ) -> Result<Read<Rows<Connection, ConnectionKey>>, ReadError> {
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page.clone());
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                let query = Query::new(
                    "select id, callsign, logon_time, facility, rating, frequency, visual_range, server, \
                         first_seen, last_updated, last_seen, least(logon_time, first_seen) as started_at, ",
                )
                .text(match filter.personal {
                    true => "cid, text_atis",
                    false => "null::integer as cid, null::text as text_atis",
                })
                .text(" from controllers where true");
                let query = filter.conditions(query, &facts);
                let query = match &page.after {
                    Some(key) => query
                        .and_time(
                            " and (least(logon_time, first_seen), callsign, id) > (",
                            Some(key.started_at),
                        )
                        .and_text(", ", Some(&key.callsign))
                        .and_id(", ", Some(key.id))
                        .text(")"),
                    None => query,
                };
                let query = query.page("least(logon_time, first_seen), callsign, id", page.limit);
                let mut rows: Vec<Connection> = query.read(connection).await?;
                if !filter.personal {
                    rows.iter_mut().for_each(Connection::strip);
                }
                let key = |row: &Connection| ConnectionKey {
                    started_at: row.started_at,
                    callsign: row.callsign.clone(),
                    id: row.id,
                };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
    }

    /// Counts connections up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_connections(
        &self,
        filter: ConnectionFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        self.read(move |connection| {
            let filter = filter.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, None).await?;
                let rows = counted("controllers");
                let data = count(connection, filter.conditions(rows, &facts), limit).await?;
                Ok(Read { data, facts })
            })
        })
        .await
    }
}

impl Connection {
    fn strip(&mut self) {
        self.cid = Personal::absent();
        self.text_atis = Personal::absent();
    }
}

impl ConnectionFilter {
    fn conditions(&self, query: Query, facts: &Facts) -> Query {
        let callsign = self.callsign.as_deref();
        query
            .and_time(" and least(logon_time, first_seen) < ", facts.span.to)
            .and_time(" and last_seen > ", facts.span.from)
            .and_time(" and least(logon_time, first_seen) <= ", facts.bound)
            .and_text(" and normalised_callsign(callsign) = normalised_callsign(", callsign)
            .text(if callsign.is_some() { ")" } else { "" })
            .and_integer(" and cid = ", self.cid)
    }
}
