//! HTTP: metrics, status, probes, and history. Reads what the poller publishes, and `store::read`.
//!
//! Never decides anything about flights, and never takes a connection for `/metrics` or
//! `/api/status`: both answer from memory, whatever the database does. A new endpoint goes to
//! `routes.rs` and `endpoints.rs`, with a file of its own for what it renders; a figure of the status
//! goes to its report first, then to `page` and `text`.

mod endpoints;
mod error;
mod flights;
mod form;
mod headers;
mod history;
mod hosts;
mod metrics;
mod middleware;
mod page;
mod probes;
mod routes;
mod scrape;
mod shown;
mod status;
mod text;

use std::{io, net::SocketAddr, sync::Arc};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::{Compress, from_fn},
    web::Data,
};
use arc_swap::ArcSwap;
use chrono::Utc;
use tokio::runtime::Handle;

pub use history::{FlightsHistory, HistoryError, HistoryReader};
pub use hosts::AllowedHosts;

use crate::{
    domain::Time,
    poller::status::{Live, StatusReport, StatusSnapshot},
    telemetry::{
        metrics::Registry,
        process::ProcessMetrics,
        runtimes::{Runtime, Runtimes},
    },
};
use metrics::HttpMetrics;
use page::Chart;

/// Reads the figures that change between two snapshots; must not wait.
pub type LiveReader = Arc<dyn Fn() -> Live + Send + Sync>;

/// Everything that a handler may look at; cheap to clone.
#[derive(Clone)]
pub struct WebState {
    status: Arc<ArcSwap<StatusSnapshot>>,
    chart: Arc<Chart>,
    live: LiveReader,
    history: HistoryReader,
    registry: Registry,
    process: ProcessMetrics,
    runtimes: Runtimes,
    http: HttpMetrics,
    hosts: Arc<AllowedHosts>,
}

impl WebState {
    /// Puts the sources together, draws the chart of the airspace in `status`, which never changes,
    /// and registers the families of HTTP.
    ///
    /// # Errors
    /// When the registry holds these families already.
    pub fn new(
        status: Arc<ArcSwap<StatusSnapshot>>,
        live: LiveReader,
        history: HistoryReader,
        registry: Registry,
        process: ProcessMetrics,
        runtimes: Runtimes,
        hosts: AllowedHosts,
    ) -> prometheus::Result<Self> {
        let http = HttpMetrics::register(&registry)?;
        let chart = Arc::new(Chart::of(&status.load().airspace.outlines));
        let hosts = Arc::new(hosts);
        Ok(Self { status, chart, live, history, registry, process, runtimes, http, hosts })
    }

    fn report(&self, now: Time) -> StatusReport {
        self.status.load().report(&(self.live)(), now)
    }

    fn now() -> Time {
        Utc::now()
    }
}

/// Binds the address and starts to answer. The server is a future to await, with a handle to stop
/// it; the address is the one bound, which differs when port 0 was asked for.
///
/// # Errors
/// When the address cannot be bound.
pub fn serve(state: WebState, listen: SocketAddr) -> io::Result<(Server, SocketAddr)> {
    let server = HttpServer::new(move || {
        // Called once on each worker, and each worker is a runtime of its own.
        state.runtimes.register_runtime(Runtime::Http, Handle::current());
        App::new()
            .app_data(Data::new(state.clone()))
            .configure(routes::all)
            .wrap(Compress::default())
            .wrap(from_fn(middleware::guard))
            .wrap(from_fn(middleware::observe))
    })
    .workers(2)
    .disable_signals()
    .shutdown_timeout(3)
    // A client that closed its side is gone: its handler is dropped and counted as abandoned, and
    // so is its wait for a connection. What the database began for it is not cut.
    .h1_allow_half_closed(false)
    // The end of a compressed answer is a write of its own, which would wait 40 ms for the client's
    // delayed acknowledgement of the rest.
    .tcp_nodelay(true)
    .bind(listen)?;
    let bound = server.addrs().first().copied().unwrap_or(listen);
    Ok((server.run(), bound))
}

#[cfg(test)]
mod tests;
