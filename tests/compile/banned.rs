//! Every call that `clippy.toml` bans, each on a line of its own. Stands for the whole library when
//! `bans.rs` asks clippy.

use bb8::{ManageConnection, Pool};
use diesel::{QueryResult, result::Error};
use diesel_async::{
    AnsiTransactionManager as Ansi, AsyncConnection as _, AsyncPgConnection as Pg,
    TransactionManager as _,
};
use tokio_postgres::Client;

/// Around the pool's account.
pub async fn take<M: ManageConnection>(pool: &Pool<M>) {
    let _ = pool.get().await;
    let _ = pool.get_owned().await;
    let _ = pool.dedicated_connection().await;
}

/// Around `store::transaction`.
pub async fn begin(pg: &mut Pg) -> QueryResult<()> {
    pg.begin_test_transaction().await?;
    pg.test_transaction::<_, Error, _>(async |_| Ok(())).await;
    pg.transaction::<_, Error, _>(async |_| Ok(())).await?;
    pg.build_transaction().run::<_, Error, _>(async |_| Ok(())).await?;
    Ansi::transaction::<_, _, Error>(pg, async |_| Ok(())).await?;
    Ansi::begin_transaction_sql(pg, "begin").await?;
    Ansi::begin_transaction(pg).await?;
    Ansi::commit_transaction(pg).await?;
    Ansi::rollback_transaction(pg).await
}

/// Around diesel.
pub async fn begin_unseen(client: &mut Client) -> Result<(), tokio_postgres::Error> {
    client.transaction().await?.commit().await?;
    client.build_transaction().start().await?.commit().await
}
