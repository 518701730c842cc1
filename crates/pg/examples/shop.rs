//! A shop: two owners, one pool, one transaction, and the metrics.

use std::{env, error::Error, time::Duration};

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use sectorwatch_pg::{
    Connection, Hooks, LeakThresholds, Metrics, Owner, PgError, Pool, PoolSettings,
    SessionSettings, Watch, operation, transaction,
};
use tokio::runtime::Handle;

/// The owners of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Checkout,
    Reports,
    Watch,
}

impl Owner for Part {
    const ALL: &'static [Self] = &[Self::Checkout, Self::Reports, Self::Watch];

    fn as_str(self) -> &'static str {
        match self {
            Self::Checkout => "checkout",
            Self::Reports => "reports",
            Self::Watch => "watch",
        }
    }

    fn leak_threshold(self) -> Option<Duration> {
        match self {
            Self::Checkout => Some(Duration::from_secs(2)),
            Self::Reports => Some(Duration::from_secs(60)),
            Self::Watch => None,
        }
    }
}

/// Sells something, and returns the metrics as text.
pub async fn sell(url: &str) -> Result<String, Box<dyn Error>> {
    let registry = prometheus::Registry::new();
    let metrics = Metrics::<Part>::register(&registry, "shop")?;
    let session = SessionSettings {
        application_name: "shop:main:4f2a".to_owned(),
        statement_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(5),
        hooks: Hooks::default(),
    };
    let dialler = session.dialler(url)?;
    let pool = Pool::new(
        PoolSettings {
            name: "orders",
            owners: &[Part::Checkout, Part::Reports],
            fallback_owner: Part::Checkout,
            dialler: dialler.clone(),
            max_connections: 4,
            acquire_timeout: Duration::from_secs(5),
            max_lifetime: Duration::from_secs(1800),
            leak_thresholds: LeakThresholds::default(),
        },
        &metrics,
        Handle::current(),
    );
    let watch =
        Watch { pools: vec![pool.clone()], dialler, metrics, owner: Part::Watch, self_heal: true };
    tokio::spawn(watch.run(Duration::from_secs(30), |_| Box::pin(async { Ok(()) })));

    // An operation: a lease that is out after its end was forgotten.
    operation(async {
        let scope = pool.scope(Part::Checkout);
        let mut lease = scope.acquire().await?;
        transaction(&mut lease, async |connection| {
            execute(connection, "create table if not exists sales (article text)").await?;
            execute(connection, "insert into sales values ('a book')").await
        })
        .await
    })
    .await?;
    operation(async {
        let scope = pool.scope(Part::Reports);
        let mut lease = scope.acquire().await?;
        lease.run(async |pg| diesel::sql_query("select from sales").execute(pg).await).await
    })
    .await?;
    println!("{:?}", pool.figures());
    Ok(prometheus::TextEncoder::new().encode_to_string(&registry.gather())?)
}

async fn execute(connection: &mut Connection, sql: &str) -> Result<(), PgError> {
    connection.run(async |pg| pg.batch_execute(sql).await).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", sell(&env::var("DATABASE_URL")?).await?);
    Ok(())
}
