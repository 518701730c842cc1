//! A store without a service.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sectorwatch_store::{
    LeakThresholds, PgError, Secret, Store, StoreSettings, WriterIdentity, testing::Connection,
};
use sectorwatch_telemetry::metrics::Registry;
use tokio::runtime::Runtime;

use super::{
    scrapes,
    wait::{PATIENCE, until},
};

/// The default statement timeout. A statement is late 2 s after it.
pub const STATEMENT: Duration = Duration::from_millis(300);

/// A store with its own runtime and registry. Its sessions end when this is dropped.
pub struct Stored {
    /// The `db` runtime, which owns the sessions.
    pub runtime: Runtime,
    pub store: Store,
    pub registry: Registry,
    /// The application name: `sectorwatch:<instance>:<boot id>`.
    pub name: String,
}

impl Stored {
    /// Opens a store on this database.
    pub fn at(url: &str) -> Self {
        Self::with(url, |_| {})
    }

    /// Opens a store with changed settings.
    pub fn with(url: &str, change: impl FnOnce(&mut StoreSettings)) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build().expect("a runtime");
        let registry = Registry::default();
        let name = format!("sectorwatch:stored:{:08x}", NEXT.fetch_add(1, Ordering::SeqCst));
        let mut settings = StoreSettings {
            url: Secret::new(url),
            read_url: Secret::new(url),
            application_name: name.clone(),
            ingest_pool_size: 2,
            read_pool_size: 2,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: STATEMENT,
            connection_max_lifetime: Duration::from_secs(600),
            leak_thresholds: LeakThresholds::default(),
            pool_self_heal: true,
            keys: Default::default(),
        };
        change(&mut settings);
        let store = Store::new(&settings, &registry, runtime.handle().clone()).expect("a store");
        Self { runtime, store, registry, name }
    }

    /// Runs a future on the `db` runtime, and waits for its result.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The page of metrics.
    pub fn page(&self) -> String {
        let page = String::from_utf8(self.registry.render().expect("metrics")).expect("UTF-8");
        scrapes::note(&page);
        page
    }

    /// The value of one series, whose name and labels are written as on the page.
    pub fn metric(&self, series: &str) -> f64 {
        let (page, series) = (self.page(), format!("sectorwatch_{series} "));
        let line = page.lines().find_map(|line| line.strip_prefix(&series));
        line.unwrap_or_else(|| panic!("no {series} in:\n{page}")).parse().expect("a number")
    }

    /// Waits for this many audits of the server that have begun after this call and succeeded.
    pub fn await_audits(&self, count: u32) {
        const AUDITED_AT: &str = "db_audit_last_success_timestamp_seconds";
        // One audit may have begun before this call, so wait for one more.
        for _ in 0..=count {
            let last = self.metric(AUDITED_AT);
            until("an audit", PATIENCE, || self.metric(AUDITED_AT) > last);
        }
    }

    /// The number of all leaks.
    pub fn leaks(&self) -> f64 {
        let page = self.page();
        let leaks = page.lines().filter(|it| it.starts_with("sectorwatch_db_pool_leaks_total{"));
        leaks.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
    }
}

/// An identity with which tests take the right to write.
pub fn identity() -> WriterIdentity {
    WriterIdentity { instance: "stored".to_owned(), boot_id: "00000000".to_owned(), is_demo: false }
}

/// Executes a statement, and returns the number of rows.
pub async fn execute(connection: &mut Connection, statement: &str) -> Result<usize, PgError> {
    use diesel_async::RunQueryDsl as _;
    let statement = statement.to_owned();
    connection.run(async |pg| diesel::sql_query(statement).execute(pg).await).await
}
