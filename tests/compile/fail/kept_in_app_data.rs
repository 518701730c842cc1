//! One lease for all requests.

use actix_web::App;
use sectorwatch::store::{Owner, StoreError, testing::Pool};

pub async fn serve(pool: &'static Pool) -> Result<(), StoreError> {
    let scope = pool.scope(Owner::Api);
    let _app = App::new().app_data(scope.acquire().await?);
    Ok(())
}

fn main() {}
