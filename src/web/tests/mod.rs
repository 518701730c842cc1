//! The real server on port 0 over real HTTP. The test sets only what is behind it.

mod access;
mod connections;
mod figures;
mod forms;
mod golden;
mod history;
mod hostile;
mod map;
mod pages;
mod problems;
mod refused;
mod sample;
mod schema;
mod shape;
pub mod shared;
mod status;

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::{dev::ServerHandle, rt};
use reqwest::{Method, Response};
use sectorwatch_access::{Networks, Rate};
use serde_json::Value;

use super::{
    access::{Scope, Scopes},
    *,
};
use crate::status::{Service, outcome::CycleOutcome};
use sectorwatch_telemetry::process::{BuildInfo, ConfigInfo};

const BUILD: BuildInfo = BuildInfo { version: "0.0.0", revision: None, rustc: None };

/// A server with a state that the test can change while it runs.
struct Fixture {
    address: SocketAddr,
    live: Arc<Mutex<Live>>,
    status: Arc<ArcSwap<StatusSnapshot>>,
    server: ServerHandle,
}

impl Fixture {
    /// A working service: one good cycle, a reachable database, all migrations applied.
    fn start(history: HistoryReader) -> Self {
        // A test must read the current state, not a shared rendering.
        Self::sharing(history, Duration::ZERO)
    }

    fn sharing(history: HistoryReader, rendered_for: Duration) -> Self {
        Self::with(history, rendered_for, Limits::of(1000))
    }

    fn with(history: HistoryReader, rendered_for: Duration, limits: Limits) -> Self {
        Self::of(history, rendered_for, limits, Access::open(open_access()).expect("no file"))
    }

    fn guarded_by(access: Access) -> Self {
        Self::of(no_history(), Duration::ZERO, Limits::of(1000), access)
    }

    fn of(history: HistoryReader, rendered_for: Duration, limits: Limits, access: Access) -> Self {
        let live = Arc::new(Mutex::new(Live { migrated: true, ..Live::default() }));
        let status = Arc::new(ArcSwap::from_pointee(well()));
        let registry = Registry::default();
        let config = ConfigInfo {
            recycling: "fast",
            queue_strategy: "fifo",
            airspace_revision: "builtin".into(),
        };
        let process = ProcessMetrics::register(&registry, BUILD, &config);
        let runtimes = Runtimes::register(&registry);
        let read_live = live.clone();
        let state = WebState::new(
            status.clone(),
            Arc::new(move || read_live.lock().unwrap_or_else(PoisonError::into_inner).clone()),
            history,
            registry,
            process.expect("a new registry"),
            runtimes.expect("a new registry"),
            access,
        );
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let (server, address) =
            serve(state.expect("a new registry").sharing_for(Some(rendered_for)), limits, listen)
                .expect("port 0");
        let handle = server.handle();
        rt::spawn(server);
        let fixture = Self { address, live, status, server: handle };
        fixture.live(|live| live.database.contact_at = Some(Utc::now()));
        fixture
    }

    fn live(&self, change: impl FnOnce(&mut Live)) {
        change(&mut self.live.lock().unwrap_or_else(PoisonError::into_inner));
    }

    async fn send(&self, method: Method, path: &str) -> reqwest::Result<Response> {
        let url = format!("http://{}{path}", self.address);
        reqwest::Client::new().request(method, url).send().await
    }

    async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path).await.expect("an answer")
    }

    async fn metrics(&self) -> String {
        self.get("/metrics").await.text().await.expect("text")
    }

    /// Waits until `/metrics` has this sample.
    async fn wait_for(&self, sample: &str) {
        self.wait_until(sample, |line| line == sample).await;
    }

    /// Waits until the value of a series satisfies `holds`.
    async fn wait_for_value(&self, series: &str, holds: impl Fn(f64) -> bool) {
        let is_it = |line: &str| {
            let value = line.strip_prefix(series).and_then(|value| value.trim().parse().ok());
            value.is_some_and(&holds)
        };
        self.wait_until(series, is_it).await;
    }

    async fn wait_until(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        for _ in 0..100 {
            if self.metrics().await.lines().any(&is_it) {
                return;
            }
            // Between two looks.
            rt::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no {what} in\n{}", self.metrics().await);
    }
}

/// Anybody may read, as often as they want.
fn open_access() -> AccessSettings {
    AccessSettings {
        allowed_hosts: vec!["allowed.example".to_owned()],
        anonymous: Scopes::of(&[Scope::Read]),
        tokens_file: None,
        trusted_proxies: Networks::default(),
        rate: Rate::read("100000/s").expect("a rate"),
        burst: NonZeroU32::new(100_000).expect("a burst"),
        cors_origins: Vec::new(),
    }
}

fn well() -> StatusSnapshot {
    let service = Service {
        version: "0.1.0",
        revision: None,
        started_at: Utc::now(),
        instance: "test".into(),
    };
    let mut snapshot = StatusSnapshot::at_start(service, Duration::from_secs(15), false);
    snapshot.cycles.finished(CycleOutcome::Success, Utc::now());
    snapshot.feed.answered_at = Some(Utc::now());
    snapshot
}

/// For tests that do not request histories.
fn no_history() -> HistoryReader {
    Arc::new(|_| Box::pin(async { Ok(None) }))
}

fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name).map(|v| v.to_str().expect("ASCII"));
    value.unwrap_or_default().to_owned()
}

async fn json(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.expect("a body")).expect("JSON")
}
