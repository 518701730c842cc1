//! The state of sectors at the mark.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::QueryableByName,
    sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamptz},
};
use sectorwatch_pg::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Read, ReadError, Reads,
    conditions::{Query, is_stored},
    standing::{Head, facts_now},
};

/// Who controls a sector at the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct Control {
    /// `controlled`, `uncontrolled` or `unknown`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// The controller's callsign.
    #[diesel(sql_type = Nullable<Text>)]
    pub controller_callsign: Option<String>,
    /// Which of the sector's owners controls it: 0 is the first.
    #[diesel(sql_type = Nullable<Integer>)]
    pub owner_rank: Option<i32>,
    /// Since when.
    #[serde(skip)]
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub from_timestamp: Option<DateTime<Utc>>,
}

impl Control {
    /// What is said of a sector of which nothing is stored.
    pub fn unknown() -> Self {
        Self {
            state: "unknown".to_owned(),
            controller_callsign: None,
            owner_rank: None,
            from_timestamp: None,
        }
    }
}

/// The state of a sector at the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, QueryableByName)]
pub struct SectorState {
    /// The sector.
    #[diesel(sql_type = Text)]
    pub sector_name: String,
    /// The number of open visits.
    #[diesel(sql_type = BigInt)]
    pub occupancy: i64,
    /// Who controls it.
    #[diesel(embed)]
    pub control: Control,
}

impl Reads {
    /// Reads the state of all sectors with an open visit or an open interval of control, by name. Others have no
    /// open visit, and their control is unknown.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn sector_states(&self) -> Result<Read<Vec<SectorState>>, ReadError> {
        self.read(|connection| {
            Box::pin(async {
                let (facts, head) = facts_now(connection).await?;
                Ok(Read { data: states(connection, head, None).await?, facts })
            })
        })
        .await
    }

    /// Reads the state of one sector.
    ///
    /// # Errors
    /// [`ReadError::Unknown`] when it is not configured, which the caller knows, and was never stored; any other
    /// [`ReadError`].
    pub async fn sector_state(
        &self,
        sector: String,
        is_configured: bool,
    ) -> Result<Read<SectorState>, ReadError> {
        self.read(move |connection| {
            let sector = sector.clone();
            Box::pin(async move {
                let (facts, head) = facts_now(connection).await?;
                require_sector(connection, &sector, is_configured).await?;
                let states = states(connection, head, Some(&sector)).await?;
                let none =
                    SectorState { sector_name: sector, occupancy: 0, control: Control::unknown() };
                Ok(Read { data: states.into_iter().next().unwrap_or(none), facts })
            })
        })
        .await
    }
}

/// Fails for a sector that is neither configured nor ever stored.
pub(super) async fn require_sector(
    connection: &mut Connection,
    sector: &str,
    is_configured: bool,
) -> Result<(), ReadError> {
    if is_configured {
        return Ok(());
    }
    let query =
        Query::new("select exists (select from flight_sector_occupancy where sector_name = ")
            .and_text("", Some(sector))
            .text(") or exists (select from sector_control")
            .and_text(" where sector_name = ", Some(sector))
            .text(") as is_stored");
    if is_stored(connection, query).await? { Ok(()) } else { Err(ReadError::Unknown) }
}

/// The states of the sectors with an open visit or an open interval of control, or of one of them.
pub(super) async fn states(
    connection: &mut Connection,
    head: Head,
    sector: Option<&str>,
) -> Result<Vec<SectorState>, ReadError> {
    let query = Query::new(
        "select sector_name, coalesce(v.visits, 0) as occupancy, \
             coalesce(c.state, 'unknown') as state, c.controller_callsign, c.owner_rank, c.from_timestamp \
         from (select sector_name, count(*) as visits from flight_sector_occupancy \
               where exit_timestamp is null group by sector_name) v \
         full join (select sector_name, state, controller_callsign, owner_rank, from_timestamp from sector_control \
               where to_timestamp is null and ",
    )
    .value::<Bool, _>(head.holds_since().is_some())
    .text(") c using (sector_name) where true")
    .and_text(" and sector_name = ", sector)
    .text(" order by sector_name");
    query.read(connection).await
}
