//! The predecessor's bug: a statement after the block that the session was made for.

use sectorwatch_store::{
    Owner, PgError,
    testing::{Lease, Pool},
};

async fn block(mut lease: Lease<'_>) -> Result<(), PgError> {
    lease.run(async |_| Ok(())).await
}

pub async fn request(pool: &Pool) -> Result<(), PgError> {
    let scope = pool.scope(Owner::Api);
    let lease = scope.acquire().await?;
    block(lease).await?;
    block(scope.acquire().await?).await
}

fn main() {}
