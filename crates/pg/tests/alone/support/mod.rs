//! A separate PostgreSQL for a test, and the pool of a shop on it.

pub mod server;

use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection as _;
use sectorwatch_pg::{
    Connection, Dialler, Hooks, LeakThresholds, Metrics, Owner, PgError, Pool, PoolSettings,
    SessionSettings, Watch,
};
use tokio::runtime::Handle;

use server::Server;

/// The limit for events outside of the test's own task.
const PATIENCE: Duration = Duration::from_secs(10);

/// The owners of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Checkout,
    Reports,
    Watch,
    Nobody,
}

impl Owner for Part {
    const ALL: &'static [Self] = &[Self::Checkout, Self::Reports, Self::Watch, Self::Nobody];

    fn as_str(self) -> &'static str {
        match self {
            Self::Checkout => "checkout",
            Self::Reports => "reports",
            Self::Watch => "watch",
            Self::Nobody => "nobody",
        }
    }

    fn leak_threshold(self) -> Option<Duration> {
        match self {
            Self::Checkout => Some(Duration::from_secs(2)),
            Self::Reports => Some(Duration::from_secs(60)),
            Self::Watch | Self::Nobody => None,
        }
    }

    fn runs_statements(self) -> bool {
        self != Self::Nobody
    }

    fn runs_transactions(self) -> bool {
        self == Self::Checkout
    }
}

/// A shop for a test. Must be created on the runtime of the sessions.
pub struct Shop {
    pub pool: Pool<Part>,
    pub dialler: Dialler,
    pub metrics: Metrics<Part>,
    pub registry: prometheus::Registry,
}

/// The number of connections in the pool.
pub const SIZE: u32 = 2;
pub const NAME: &str = "shop:test:0001";

impl Shop {
    /// Creates a shop on this server, without a watch.
    pub fn on(server: &Server) -> Self {
        let registry = prometheus::Registry::new();
        let metrics = Metrics::register(&registry, "shop").expect("a new registry");
        let session = SessionSettings {
            application_name: NAME.to_owned(),
            statement_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            hooks: Hooks::default(),
        };
        let dialler = session.dialler(&server.url()).expect("a URL");
        let settings = PoolSettings {
            name: "orders",
            owners: &[Part::Checkout, Part::Reports],
            fallback_owner: Part::Nobody,
            dialler: dialler.clone(),
            max_connections: SIZE,
            acquire_timeout: Duration::from_secs(5),
            max_lifetime: Duration::from_secs(600),
            leak_thresholds: LeakThresholds::default(),
        };
        let pool = Pool::new(settings, &metrics, Handle::current());
        Self { pool, dialler, metrics, registry }
    }

    /// Starts the watch in a task, with ten audits per second.
    pub fn watch(&self) {
        let watch = Watch {
            pools: vec![self.pool.clone()],
            dialler: self.dialler.clone(),
            metrics: self.metrics.clone(),
            owner: Part::Watch,
            self_heal: true,
        };
        tokio::spawn(watch.run(Duration::from_millis(100), |_| Box::pin(async { Ok(()) })));
    }

    /// The value of a series `name{label="value",…}` without the prefix; `None` when it does not exist.
    pub fn value(&self, series: &str) -> Option<f64> {
        let page = prometheus::TextEncoder::new().encode_to_string(&self.registry.gather());
        let page = page.expect("a page");
        let series = format!("shop_{series} ");
        page.lines().find_map(|line| line.strip_prefix(&series)?.parse().ok())
    }

    /// All counted leaks by kind.
    pub fn leaks(&self) -> Vec<(&'static str, u64)> {
        let leaks = self.pool.figures().leaks_confirmed;
        leaks.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

/// Runs statements and ignores their rows.
pub async fn execute(connection: &mut Connection, sql: &str) -> Result<(), PgError> {
    connection.run(async |pg| pg.batch_execute(sql).await).await
}

/// Waits until `holds` is true.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        // Between two looks.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
