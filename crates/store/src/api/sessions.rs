//! Sessions of controllers, in the order of begin.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, PageOf, Personal, Read, ReadError, Reads, Rows};

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
        todo!("{filter:?} {page:?}")
    }
}
