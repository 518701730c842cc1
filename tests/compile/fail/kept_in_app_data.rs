//! One lease for all requests.

use actix_web::App;
use sectorwatch_store::{
    Owner, PgError,
    testing::{Lease, Pool, Scope},
};

async fn take<'s>(scope: &'s Scope<'s>) -> Result<Lease<'s>, PgError> {
    scope.acquire().await
}

pub async fn serve(pool: &'static Pool) -> Result<(), PgError> {
    let scope = pool.scope(Owner::Api);
    let _app = App::new().app_data(take(&scope).await?);
    Ok(())
}

fn main() {}
