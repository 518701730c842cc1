//! When a position was staffed, by whomever.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Double, Integer, Nullable, Text, Timestamptz};

use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, PageOf, Personal, Read, ReadError, Reads, Rows,
    conditions::{Query, is_stored},
    standing::facts,
};

/// A span in which a position was staffed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[expect(missing_docs, reason = "the columns of v_position_staffing")]
pub struct Staffing {
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Timestamptz)]
    pub started_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub ended_at: DateTime<Utc>,
    #[diesel(sql_type = Double)]
    pub duration_seconds: f64,
    /// How many members staffed it.
    #[diesel(sql_type = Integer)]
    pub controllers: i32,
    #[diesel(sql_type = Nullable<Array<Integer>>)]
    #[serde(skip_serializing_if = "Personal::is_absent")]
    #[schema(value_type = Option<Vec<i32>>, required = false)]
    pub cids: Personal<Vec<i32>>,
}

/// The place of a span in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StaffingKey {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The callsign.
    pub callsign: String,
}

impl Reads {
    /// Reads a page of the spans in which a position was staffed. The callsign is taken in any case, and `__` is
    /// `_` in it.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] when the position is not configured, which the caller knows, and was never stored;
    /// any other [`ReadError`].
    pub async fn staffing(
        &self,
        callsign: String,
        is_configured: bool,
        span: Asked,
        personal: bool,
        page: PageOf<StaffingKey>,
    ) -> Result<Read<Rows<Staffing, StaffingKey>>, ReadError> {
        self.read(move |connection| {
            let (callsign, page) = (callsign.clone(), page.clone());
            Box::pin(async move {
                let (facts, _) = facts(connection, span, page.bound).await?;
                if !is_configured {
                    require_position(connection, &callsign).await?;
                }
                let query = Query::new(
                    "select callsign, started_at, ended_at, duration_seconds::float8 as duration_seconds, \
                         cardinality(cids) as controllers, ",
                )
                .text(if personal { "cids" } else { "null::integer[] as cids" })
                .text(" from v_position_staffing where callsign = normalised_callsign(")
                .and_text("", Some(&callsign))
                .text(")")
                .and_time(" and started_at < ", facts.span.to)
                .and_time(" and ended_at > ", facts.span.from)
                .and_time(" and started_at <= ", facts.bound);
                let query = match &page.after {
                    Some(key) => query
                        .and_time(" and (started_at, callsign) > (", Some(key.started_at))
                        .and_text(", ", Some(&key.callsign))
                        .text(")"),
                    None => query,
                };
                let query = query.page("started_at, callsign", page.limit);
                let mut rows: Vec<Staffing> = query.read(connection).await?;
                if !personal {
                    rows.iter_mut().for_each(|row| row.cids = Personal::absent());
                }
                let key = |row: &Staffing| StaffingKey {
                    started_at: row.started_at,
                    callsign: row.callsign.clone(),
                };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
    }
}

async fn require_position(connection: &mut Connection, callsign: &str) -> Result<(), ReadError> {
    let query = Query::new(
        "select exists (select from v_controller_connections where callsign = normalised_callsign(",
    )
    .and_text("", Some(callsign))
    .text(")) as is_stored");
    if is_stored(connection, query).await? { Ok(()) } else { Err(ReadError::Unknown) }
}
