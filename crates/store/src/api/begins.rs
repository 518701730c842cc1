//! Since when there is data.

use diesel::{
    prelude::QueryableByName,
    sql_types::{Nullable, Timestamptz},
};
use sectorwatch_core::Time;

use super::{ReadError, Reads, conditions::Query};

#[derive(QueryableByName)]
struct Begin {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<Time>,
}

impl Reads {
    /// Reads when the oldest stored flight was first seen: before it, nothing was recorded yet, or the retention has
    /// deleted it. `None` without flights.
    ///
    /// # Errors
    /// The errors of the database.
    pub async fn begins(&self) -> Result<Option<Time>, ReadError> {
        self.read(|connection| {
            Box::pin(async {
                let query = Query::new("select min(first_seen) as at from flights");
                let rows: Vec<Begin> = query.read(connection).await?;
                Ok(rows.into_iter().next().and_then(|row| row.at))
            })
        })
        .await
    }
}
