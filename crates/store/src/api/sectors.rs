//! The state of sectors at the mark.

use diesel::{
    prelude::QueryableByName,
    sql_types::{BigInt, Integer, Nullable, Text},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Read, ReadError, Reads};

/// Who controls a sector at the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
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
}

impl Control {
    /// What is said of a sector of which nothing is stored.
    pub fn unknown() -> Self {
        Self { state: "unknown".to_owned(), controller_callsign: None, owner_rank: None }
    }
}

/// The state of a sector at the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
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
        todo!()
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
        todo!("{sector} {is_configured}")
    }
}
