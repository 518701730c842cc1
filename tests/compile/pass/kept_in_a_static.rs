//! A lease that outlives its scope.

use std::sync::Mutex;

use sectorwatch_store::{
    Owner, PgError,
    testing::{Lease, Pool, Scope},
};

static KEPT: Mutex<Option<Lease<'static>>> = Mutex::new(None);

async fn take<'s>(scope: &'s Scope<'s>) -> Result<Lease<'s>, PgError> {
    scope.acquire().await
}

pub async fn keep(pool: &'static Pool) -> Result<(), PgError> {
    let scope = pool.scope(Owner::Flights);
    let _held = Some(take(&scope).await?);
    Ok(())
}

fn main() {}
