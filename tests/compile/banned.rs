//! Every call that `clippy.toml` bans. Stands for the whole of `crates/pg` when `bans.rs` asks clippy.

use bb8::{ManageConnection, Pool};
use diesel::{QueryResult, result::Error};
use diesel_async::{
    AnsiTransactionManager as Ansi, AsyncConnection as _, AsyncPgConnection as Pg,
    TransactionManager as _,
};
use tokio_postgres::Client;

/// Around the pool's account.
pub async fn take<M: ManageConnection>(pool: &Pool<M>) {
    let _ = pool.get().await; // banned
    let _ = pool.get_owned().await; // banned
    let _ = pool.dedicated_connection().await; // banned
}

/// Around `pg::transaction`.
pub async fn begin(pg: &mut Pg) -> QueryResult<()> {
    pg.begin_test_transaction().await?; // banned
    pg.test_transaction::<_, Error, _>(async |_| Ok(())).await; // banned
    pg.transaction::<_, Error, _>(async |_| Ok(())).await?; // banned
    pg.build_transaction().run::<_, Error, _>(async |_| Ok(())).await?; // banned
    Ansi::transaction::<_, _, Error>(pg, async |_| Ok(())).await?; // banned
    Ansi::begin_transaction_sql(pg, "begin").await?; // banned
    Ansi::begin_transaction(pg).await?; // banned
    Ansi::commit_transaction(pg).await?; // banned
    Ansi::rollback_transaction(pg).await // banned
}

/// Around diesel.
pub async fn begin_unseen(client: &mut Client) -> Result<(), tokio_postgres::Error> {
    client.transaction().await?.commit().await?; // banned
    client.build_transaction().start().await?.commit().await // banned
}
