//! A lease that outlives its scope.

use std::sync::Mutex;

use sectorwatch::store::{
    Owner, StoreError,
    testing::{Lease, Pool},
};

static KEPT: Mutex<Option<Lease<'static>>> = Mutex::new(None);

pub async fn keep(pool: &'static Pool) -> Result<(), StoreError> {
    let scope = pool.scope(Owner::Flights);
    *KEPT.lock().unwrap() = Some(scope.acquire().await?);
    Ok(())
}

fn main() {}
