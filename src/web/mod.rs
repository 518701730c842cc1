//! HTTP: metrics, status, probes and history. Reads what the poller publishes and what `store::read` returns.
//!
//! It decides nothing about flights, and takes no connection for `/metrics` or `/api/status`, which answer
//! from memory in any state of the database. Add an endpoint as one row in `routes.rs`, with a file for what
//! it renders. Add a value of the status to its report first, then to `page` and `text`.

mod access;
mod coding;
mod connections;
mod endpoint;
mod error;
mod export_body;
mod flights;
mod form;
mod format;
mod headers;
mod history;
mod hosts;
mod level;
mod metrics;
mod middleware;
mod packer;
mod page;
mod pages;
mod portions;
mod probes;
mod problem;
mod rendered;
mod routes;
mod scrape;
mod status;
mod text;
mod trace_id;
mod v1;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App,
    dev::Server,
    middleware::{Condition, from_fn},
    web::Data,
};
use arc_swap::ArcSwap;
use chrono::Utc;
use tokio::{runtime::Handle, sync::Semaphore};

pub use access::{Access, AccessSettings, ReloadTokens, TokensFileError};
pub use connections::{Limits, raise_open_files};
pub use history::{FlightsHistory, HistoryError, HistoryReader, history_by, no_history_yet};
pub use page::{MarkedPoint, svg};
pub use v1::{AirspaceInForce, ApiReader, Fetched, LiveMetrics, LiveRenderer, LiveStream};

use crate::{
    export::Exports,
    status::{Live, StatusReport, StatusSnapshot},
};
use connections::ConnectionMetrics;
use endpoint::Endpoint;
use metrics::HttpMetrics;
use page::Charts;
use rendered::RENDERED_FOR;
use routes::ENDPOINTS;
use sectorwatch_core::Time;
use sectorwatch_telemetry::{
    metrics::Registry,
    process::ProcessMetrics,
    runtimes::{Runtime, Runtimes},
};
use status::Renderings;
use v1::openapi::Documents;

/// Reads the values that change between two snapshots, without waiting.
pub type LiveReader = Arc<dyn Fn() -> Live + Send + Sync>;

/// Everything that handlers need. Clones share it.
#[derive(Clone)]
pub struct WebState {
    status: Arc<ArcSwap<StatusSnapshot>>,
    charts: Arc<Charts>,
    endpoints: &'static [Endpoint],
    documents: Arc<Documents>,
    live: LiveReader,
    history: HistoryReader,
    api: Option<ApiReader>,
    exports: Option<Exports>,
    stream: Option<LiveStream>,
    registry: Registry,
    process: ProcessMetrics,
    runtimes: Runtimes,
    http: HttpMetrics,
    connections: ConnectionMetrics,
    access: Access,
    kept: Arc<Renderings>,
    room: Arc<Semaphore>,
}

impl WebState {
    /// Creates the state, draws the chart of the airspace, and registers the families of HTTP.
    ///
    /// # Errors
    /// The registry already has these families.
    pub fn new(
        status: Arc<ArcSwap<StatusSnapshot>>,
        live: LiveReader,
        history: HistoryReader,
        registry: Registry,
        process: ProcessMetrics,
        runtimes: Runtimes,
        access: Access,
    ) -> prometheus::Result<Self> {
        let http = HttpMetrics::register(&registry, routes::endpoints())?;
        let connections = ConnectionMetrics::register(&registry, routes::labels())?;
        let charts = Arc::new(Charts::of(&status.load().airspace.outlines));
        Ok(Self {
            status,
            charts,
            endpoints: &ENDPOINTS,
            documents: Arc::new(Documents::of(&v1::routes::ENDPOINTS)),
            live,
            history,
            api: None,
            exports: None,
            stream: None,
            registry,
            process,
            runtimes,
            http,
            connections,
            access,
            kept: Arc::new(Renderings::none(RENDERED_FOR)),
            room: flights::room(),
        })
    }

    /// Shares each rendering for `time`; for a quarter of a second if there is none.
    pub fn sharing_for(self, time: Option<Duration>) -> Self {
        let time = time.unwrap_or(RENDERED_FOR);
        Self { kept: Arc::new(Renderings::none(time)), ..self }
    }

    /// Answers the API by this reader. Without one, every request for rows fails.
    pub fn with_api(self, reader: ApiReader) -> Self {
        Self { api: Some(reader), ..self }
    }

    /// The task that reads the file of tokens again.
    pub fn reload_tokens(&self) -> ReloadTokens {
        ReloadTokens::new(self.access.clone(), self.http.clone())
    }

    /// Shows by this what is live. Without it, every request for that fails.
    pub fn with_live(self, stream: LiveStream) -> Self {
        Self { stream: Some(stream), ..self }
    }

    /// Answers exports by these. Without them, every request for one fails.
    pub fn with_exports(self, exports: Exports) -> Self {
        Self { exports: Some(exports), ..self }
    }

    fn report(&self, now: Time) -> StatusReport {
        self.status.load().report(&(self.live)(), now)
    }

    fn now() -> Time {
        Utc::now()
    }
}

/// Binds the address and begins to answer. Returns the bound address, which differs if port 0 was requested;
/// the server as a future to await; and a handle that stops it.
///
/// # Errors
/// The address cannot be bound.
pub fn serve(
    state: WebState,
    limits: Limits,
    listen: SocketAddr,
) -> io::Result<(Server, SocketAddr)> {
    let connections = state.connections.clone();
    let app = move || {
        // Called once on each worker, each of which is a runtime of its own.
        state.runtimes.register_runtime(Runtime::Http, Handle::current());
        App::new()
            .app_data(Data::new(state.clone()))
            .configure(routes::all)
            .wrap(from_fn(access::admit))
            .wrap(Condition::new(state.access.has_cors(), access::cors(&state.access)))
            .wrap(from_fn(middleware::guard))
            .wrap(from_fn(middleware::observe))
    };
    connections::start(app, connections, limits, listen)
}

#[cfg(test)]
mod tests;
