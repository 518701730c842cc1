//! `replay FILE|DIR…`.

use std::{io::IsTerminal as _, path::PathBuf, time::Duration};

use anyhow::{Context as _, bail};
use chrono::{TimeDelta, Utc};
use indicatif::{ProgressBar, ProgressStyle};

use super::{database::Opening, wiring};
use crate::{
    cli,
    collector::replay::{Replayed, replay as replay_all},
    config::Settings,
};
use sectorwatch_feed::recording::{Recordings, find_recordings};
use sectorwatch_pg_embedded::Halt;
use sectorwatch_store::chain;

/// A recording further ahead of the clock than this is a mistake.
const FUTURE: TimeDelta = TimeDelta::hours(24);
/// The longest time for which a lease is held after the last snapshot.
const LAST_LEASES: Duration = Duration::from_secs(1);

/// Stores recorded snapshots in the order of their timestamps.
pub fn replay(
    settings: &Settings,
    paths: &[PathBuf],
    allow_future: bool,
    new_cluster: bool,
) -> anyhow::Result<()> {
    let newest_allowed = (!allow_future).then(|| Utc::now() + FUTURE);
    let Recordings { good, refused } = find_recordings(paths, newest_allowed)?;
    for error in &refused {
        eprintln!("not replayed: {}", chain(error));
    }
    if good.is_empty() && !refused.is_empty() {
        bail!("none of {} files can be replayed", refused.len());
    }
    if good.is_empty() {
        bail!("no recorded snapshot found (.json, .json.gz, .json.zst)");
    }
    let airspace = wiring::airspace(settings)?;
    let halt = Halt::default();
    let opening = Opening { settings: settings.clone(), demo: false, new_cluster, halt };
    let database = opening.open()?;
    let runtime = wiring::db_runtime()?;
    let total = good.len();
    let bar = progress_bar(total);
    let replayed = runtime.block_on(async {
        let handle = runtime.handle().clone();
        let wired = wiring::wire(settings, airspace, &database, handle, false).await?;
        wiring::claim(&wired.setup, &database).await?;
        wiring::require_key(&wired.setup).await?;
        let claims = wired.setup.writing.claims.clone();
        let store = wired.setup.writing.store.clone();
        let replayed = replay_all(wired.setup, good, |done| {
            bar.set_position((done.stored + done.skipped) as u64);
        })
        .await;
        claims.release().await;
        store.drain(LAST_LEASES).await;
        replayed.context("the replay stopped; run it again to go on from there")
    });
    bar.finish_and_clear();
    runtime.shutdown_timeout(Duration::from_secs(2));
    database.stop()?;
    let replayed = replayed?;
    cli::print(&format!("{}\n", summary(&replayed, total)));
    if !refused.is_empty() {
        bail!("{} of {} files were not replayed", refused.len(), refused.len() + total);
    }
    if replayed.partly_failed > 0 {
        bail!("{} snapshots were stored in part; see the log", replayed.partly_failed);
    }
    Ok(())
}

fn summary(replayed: &Replayed, total: usize) -> String {
    let Replayed { stored, skipped, flights, positions, .. } = replayed;
    match (stored, skipped) {
        (0, _) => format!("{skipped} of {total} already stored or older"),
        (_, 0) => {
            format!("{stored} snapshots stored: {flights} observations, {positions} positions")
        }
        _ => format!(
            "{stored} snapshots stored: {flights} observations, {positions} positions; \
             {skipped} of {total} already stored or older"
        ),
    }
}

fn progress_bar(total: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} snapshots, {eta} left");
    let bar = ProgressBar::new(total as u64);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
