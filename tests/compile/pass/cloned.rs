//! Two hands on one session.

use sectorwatch_store::{Owner, PgError, testing::Pool};

pub async fn share(pool: &Pool) -> Result<(), PgError> {
    let scope = pool.scope(Owner::Flights);
    let lease = scope.acquire().await?;
    let _other = &lease;
    Ok(())
}

fn main() {}
