//! Movements at airports, in the order of time.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Double, Nullable, Text, Timestamptz};

use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Asked, Facts, PageOf, Read, ReadError, Reads, Rows,
    conditions::{Query, count, counted, is_stored},
    standing::facts,
};

/// A movement at an airport.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[expect(missing_docs, reason = "the columns of airport_movements, and the flight's callsign")]
pub struct Movement {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    pub flight_id: i64,
    #[diesel(sql_type = Text)]
    pub callsign: String,
    #[diesel(sql_type = Text)]
    pub icao: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub earliest_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Double)]
    pub latitude: f64,
    #[diesel(sql_type = Double)]
    pub longitude: f64,
}

/// The place of a movement in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MovementKey {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: i64,
}

/// Which movements are asked for: those in the span.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementFilter {
    /// The span.
    pub span: Asked,
    /// The airport, in upper case.
    pub icao: Option<String>,
    /// Whether the airport is configured, which the caller knows. One that is not, and was never stored, is
    /// [`ReadError::Unknown`].
    pub is_configured: bool,
    /// The flight's callsign, in any case.
    pub callsign: Option<String>,
    /// The member who flies. Needs the scope `personal`, which the caller must have checked.
    pub cid: Option<i32>,
}

impl MovementFilter {
    /// All movements of this span.
    pub const fn of(span: Asked) -> Self {
        Self { span, icao: None, is_configured: true, callsign: None, cid: None }
    }
}

impl Reads {
    /// Reads a page of movements.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn movements(
        &self,
        filter: MovementFilter,
        page: PageOf<MovementKey>,
    ) -> Result<Read<Rows<Movement, MovementKey>>, ReadError> {
        self.read(move |connection| {
            let (filter, page) = (filter.clone(), page);
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, page.bound).await?;
                filter.require_airport(connection).await?;
                let query = filter
                    .conditions(Query::new(SELECTED), &facts)
                    .after("(m.at, m.id)", page.after.map(|key| (key.at, key.id)))
                    .page("m.at, m.id", page.limit);
                let rows = query.read(connection).await?;
                let key = |row: &Movement| MovementKey { at: row.at, id: row.id };
                Ok(Read { data: Rows::cut(rows, page.limit, key), facts })
            })
        })
        .await
    }

    /// Counts movements up to this limit and one more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_movements(
        &self,
        filter: MovementFilter,
        limit: u64,
    ) -> Result<Read<u64>, ReadError> {
        self.read(move |connection| {
            let filter = filter.clone();
            Box::pin(async move {
                let (facts, _) = facts(connection, filter.span, None).await?;
                let rows = counted("airport_movements m");
                let data = count(connection, filter.conditions(rows, &facts), limit).await?;
                Ok(Read { data, facts })
            })
        })
        .await
    }
}

const SELECTED: &str = "select m.id, m.flight_id, f.callsign, m.icao, m.kind, m.at, m.earliest_at, \
    m.latitude, m.longitude from airport_movements m join flights f on f.id = m.flight_id where true";

impl MovementFilter {
    async fn require_airport(&self, connection: &mut Connection) -> Result<(), ReadError> {
        let Some(icao) = self.icao.as_deref().filter(|_| !self.is_configured) else {
            return Ok(());
        };
        let query = Query::new("select exists (select from airport_movements")
            .and_text(" where icao = ", Some(icao))
            .text(") as is_stored");
        if is_stored(connection, query).await? { Ok(()) } else { Err(ReadError::Unknown) }
    }

    fn conditions(&self, query: Query, facts: &Facts) -> Query {
        query
            .and_time(" and m.at >= ", facts.span.from)
            .and_time(" and m.at < ", facts.span.to)
            .and_time(" and m.at <= ", facts.bound)
            .and_text(" and m.icao = ", self.icao.as_deref())
            .and_flight("m.flight_id", self.callsign.as_deref(), self.cid)
    }
}
