//! The start of the database, which may take long. A signal interrupts it; lost data ends it after a minute
//! in which the probes report the loss.

use std::{pin::pin, sync::Arc};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use tokio::time::timeout;

use super::{
    database::{Database, Opening},
    service_info::{config_info, first_status},
};
use crate::{
    status::{Live, verdict::lost_for_good_after},
    supervision::{
        shutdown::{EMPTY_SERVER, LAST_START},
        signals::Signals,
    },
    web::{self, Access, Limits, WebState},
};
use sectorwatch_core::airspace::Airspace;
use sectorwatch_pg_embedded::{EmbeddedError, await_data, start_aside};
use sectorwatch_store::chain;
use sectorwatch_telemetry::{metrics::Registry, process::ProcessMetrics, runtimes::Runtimes};

/// Opens the database; `None` if a signal came first, which interrupts the start.
pub async fn opened(
    opening: &Opening,
    airspace: &Airspace,
    access: &Access,
    signals: &mut Signals,
) -> anyhow::Result<Option<Database>> {
    let mut opened = pin!(open_or_await(opening, airspace, access));
    tokio::select! {
        biased;
        () = signals.wait() => {
            opening.halt.halt();
            if let Ok(Ok(database)) = timeout(LAST_START, opened).await {
                let _ = database.stop_within(EMPTY_SERVER);
            }
            Ok(None)
        }
        opened = &mut opened => opened.map(Some),
    }
}

/// Opens the database, and waits for lost data that may come back.
async fn open_or_await(
    opening: &Opening,
    airspace: &Airspace,
    access: &Access,
) -> anyhow::Result<Database> {
    match open_aside(opening).await {
        Err(error) if error.may_pass() => serve_until_back(opening, airspace, access, &error).await,
        opened => Ok(opened?),
    }
}

async fn open_aside(opening: &Opening) -> Result<Database, EmbeddedError> {
    let opening = opening.clone();
    start_aside(move || opening.open()).await
}

/// Serves the verdict that the data is lost, and tries to open the database again and again.
async fn serve_until_back(
    opening: &Opening,
    airspace: &Airspace,
    access: &Access,
    error: &EmbeddedError,
) -> anyhow::Result<Database> {
    tracing::error!(error = %chain(error), "the data is lost; waiting for it");
    let limits = Limits::within_open_files(opening.settings.http_max_connections);
    let (server, address) =
        web::serve(state(opening, airspace, access)?, limits, opening.settings.listen)
            .with_context(|| format!("cannot listen on {}", opening.settings.listen))?;
    tracing::info!(%address, "serving the verdict alone");
    let http = server.handle();
    let serving = actix_rt::spawn(server);
    let back = await_data(lost_for_good_after(), async || open_aside(opening).await).await;
    if back.is_ok() {
        tracing::info!("the data is back");
    }
    http.stop(true).await;
    let _ = serving.await;
    Ok(back?)
}

/// The state of the web before there is a database.
fn state(opening: &Opening, airspace: &Airspace, access: &Access) -> anyhow::Result<WebState> {
    let registry = Registry::default();
    let process = ProcessMetrics::register(&registry, super::BUILD, &config_info(airspace))?;
    let runtimes = Runtimes::register(&registry)?;
    let status = first_status(&opening.settings, airspace, opening.demo);
    let lost = Some(status.service.started_at);
    let live = Live { data_lost: lost, ..Live::default() };
    Ok(WebState::new(
        Arc::new(ArcSwap::from_pointee(status)),
        Arc::new(move || live.clone()),
        web::no_history_yet(),
        registry,
        process,
        runtimes,
        access.clone(),
    )?)
}
