//! The start of the database, which may take long. A signal interrupts it; lost data ends it after a minute
//! in which the probes report the loss.

use std::{sync::Arc, thread, time::Duration};

use anyhow::{Context as _, anyhow};
use arc_swap::ArcSwap;
use tokio::{sync::oneshot, time::Instant};

use super::{
    database::{Database, LOST_FOR_GOOD, Opening},
    descriptors,
    service_info::{config_info, first_status},
    signals::Signals,
};
use crate::{
    status::Live,
    web::{self, AllowedHosts, HistoryError, Limits, WebState},
};
use sectorwatch_core::airspace::Airspace;
use sectorwatch_pg_embedded::EmbeddedError;
use sectorwatch_store::chain;
use sectorwatch_telemetry::{metrics::Registry, process::ProcessMetrics, runtimes::Runtimes};

/// The time in which an interrupted start must end. After it, the start is left to the end of the process.
const LAST_START: Duration = Duration::from_secs(18);
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Opens the database. Returns `None` when a signal came first.
pub async fn opened(
    opening: &Opening,
    airspace: &Airspace,
    signals: &mut Signals,
) -> anyhow::Result<Option<Database>> {
    match or_signal(opening, signals).await {
        Some(Err(error @ EmbeddedError::DataLost { .. })) => {
            until_found(opening, airspace, signals, error).await
        }
        Some(opened) => Ok(Some(opened?)),
        None => Ok(None),
    }
}

/// Returns `None` when a signal came first and the start was interrupted.
async fn or_signal(
    opening: &Opening,
    signals: &mut Signals,
) -> Option<Result<Database, EmbeddedError>> {
    let (done, mut opened) = oneshot::channel();
    let this = opening.clone();
    // A thread and not a blocking task, because a runtime waits for blocking tasks before it ends.
    let starter = thread::Builder::new().name("database".to_owned()).spawn(move || {
        let _ = done.send(this.open());
    });
    if starter.is_err() {
        return Some(opening.open());
    }
    tokio::select! {
        biased;
        () = signals.wait() => {
            opening.halt.halt();
            // A server that was ready only just now has nothing to save.
            if let Ok(Ok(Ok(database))) = tokio::time::timeout(LAST_START, &mut opened).await {
                let _ = database.stop_within(Duration::from_secs(1));
            }
            None
        }
        opened = &mut opened => Some(opened.unwrap_or(Err(EmbeddedError::Halted))),
    }
}

/// Serves the verdict "data lost", and checks for the data again and again.
async fn until_found(
    opening: &Opening,
    airspace: &Airspace,
    signals: &mut Signals,
    error: EmbeddedError,
) -> anyhow::Result<Option<Database>> {
    tracing::error!(error = %chain(&error), "the data is lost; waiting for it");
    let limits = Limits::of(descriptors::left_for_http(opening.settings.http_max_connections));
    let (server, address) = web::serve(state(opening, airspace)?, limits, opening.settings.listen)
        .with_context(|| format!("cannot listen on {}", opening.settings.listen))?;
    tracing::info!(%address, "serving the verdict alone");
    let http = server.handle();
    let serving = actix_rt::spawn(server);
    let limit = sectorwatch_fault::lost_limit().unwrap_or(LOST_FOR_GOOD);
    let found = look_again(opening, signals, Instant::now() + limit).await;
    http.stop(true).await;
    let _ = serving.await;
    found
}

async fn look_again(
    opening: &Opening,
    signals: &mut Signals,
    until: Instant,
) -> anyhow::Result<Option<Database>> {
    loop {
        tokio::select! {
            biased;
            () = signals.wait() => return Ok(None),
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        match or_signal(opening, signals).await {
            Some(Err(EmbeddedError::DataLost { .. })) if Instant::now() < until => {}
            Some(Err(error)) => return Err(anyhow!(error)),
            Some(Ok(database)) => {
                tracing::info!("the data is back");
                return Ok(Some(database));
            }
            None => return Ok(None),
        }
    }
}

/// The state of the web before there is a database.
fn state(opening: &Opening, airspace: &Airspace) -> anyhow::Result<WebState> {
    let registry = Registry::default();
    let process = ProcessMetrics::register(&registry, super::BUILD, &config_info(airspace))?;
    let runtimes = Runtimes::register(&registry)?;
    let status = first_status(&opening.settings, airspace, opening.demo);
    let lost = Some(status.service.started_at);
    let live = Live { data_lost: lost, ..Live::default() };
    Ok(WebState::new(
        Arc::new(ArcSwap::from_pointee(status)),
        Arc::new(move || live.clone()),
        Arc::new(|_| Box::pin(async { Err(HistoryError::Database) })),
        registry,
        process,
        runtimes,
        AllowedHosts::new(opening.settings.allowed_hosts.clone()),
    )?)
}
