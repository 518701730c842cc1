//! The track of a flight.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Nullable, Timestamptz};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Read, ReadError, Reads, conditions::Query, standing::facts_now};
use crate::schema::{flight_positions, flights};

/// The track of a flight.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Track {
    /// The flight.
    pub flight_id: i64,
    /// Since when positions are kept: those of a flight before it are deleted. Null when none is kept.
    pub positions_since: Option<DateTime<Utc>>,
    /// All positions in the order of time, 20,000 at most.
    pub points: Vec<TrackPoint>,
}

/// A position of a track.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(table_name = flight_positions)]
#[expect(missing_docs, reason = "the columns of flight_positions")]
pub struct TrackPoint {
    pub observed_at: DateTime<Utc>,
    pub latitude: f64,
    pub longitude: f64,
    pub altitude: i32,
    pub groundspeed: Option<i32>,
    pub heading: Option<i16>,
    pub qnh_mb: Option<i32>,
    pub transponder: Option<String>,
}

impl Reads {
    /// Reads the track of a flight, whole.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] without a flight of this id, and any other [`ReadError`].
    pub async fn track(&self, flight_id: i64) -> Result<Read<Track>, ReadError> {
        self.read(move |connection| {
            Box::pin(async move {
                let (facts, _) = facts_now(connection).await?;
                let query = Query::new("select first_seen, last_updated from flights where ")
                    .and_id("id = ", Some(flight_id));
                let life: Vec<Life> = query.read(connection).await?;
                let life = life.first().ok_or(ReadError::Unknown)?;
                let points = life.points(flight_id).read(connection).await?;
                let since: Vec<Since> = Query::new(KEPT_SINCE).read(connection).await?;
                let positions_since = since.first().and_then(|since| since.at);
                Ok(Read { data: Track { flight_id, positions_since, points }, facts })
            })
        })
        .await
    }
}

/// The maximum of positions of a track. At one every 15 s, a flight has as many in 83 hours.
const POINTS: i64 = 20_000;

/// The begin of the oldest partition. Its bound is a text in the time zone of the session, as which it is read again.
const KEPT_SINCE: &str = "\
    select min((regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \\('([^']+)'\\)$$))[1]::timestamptz) as at \
    from pg_inherits i join pg_class c on c.oid = i.inhrelid \
    where i.inhparent = 'flight_positions'::regclass and not i.inhdetachpending";

#[derive(diesel::QueryableByName)]
struct Since {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
}

#[derive(diesel::QueryableByName)]
#[diesel(table_name = flights)]
struct Life {
    first_seen: DateTime<Utc>,
    last_updated: DateTime<Utc>,
}

impl Life {
    /// An observation is at most a day older than its snapshot, so that only the days of the flight are read.
    fn points(&self, flight_id: i64) -> Query {
        Query::new(
            "select observed_at, latitude, longitude, altitude, groundspeed, heading, qnh_mb, transponder \
             from flight_positions where ",
        )
        .and_id("flight_id = ", Some(flight_id))
        .and_time(" and observed_at >= ", Some(self.first_seen - TimeDelta::days(1)))
        .and_time(" and observed_at <= ", Some(self.last_updated))
        .text(" order by observed_at")
        .limit(POINTS)
    }
}
