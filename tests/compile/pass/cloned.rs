//! Two hands on one session.

use sectorwatch_store::{Owner, StoreError, testing::Pool};

pub async fn share(pool: &Pool) -> Result<(), StoreError> {
    let scope = pool.scope(Owner::Flights);
    let lease = scope.acquire().await?;
    let _other = &lease;
    Ok(())
}

fn main() {}
