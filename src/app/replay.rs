//! `replay FILE|DIR…`.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::Utc;

use super::{database::Opening, wiring};
use crate::{
    cli,
    collector::replay::replay as replay_all,
    config::Settings,
    supervision::shutdown::{LAST_LEASES_OF_A_COMMAND, LAST_SESSIONS},
};
use sectorwatch_feed::recording::{find_recordings, newest_allowed};
use sectorwatch_pg_embedded::Halt;
use sectorwatch_store::chain;

/// Stores recorded snapshots in the order of their timestamps.
pub fn replay(
    settings: &Settings,
    paths: &[PathBuf],
    allow_future: bool,
    new_cluster: bool,
) -> anyhow::Result<()> {
    let found = find_recordings(paths, newest_allowed(Utc::now(), allow_future))?;
    for error in &found.refused {
        eprintln!("not replayed: {}", chain(error));
    }
    let refused = found.refused.len();
    let good = found.good()?;
    let airspace = wiring::airspace_files(settings).read()?;
    let movements = wiring::movement_rules(settings)?;
    let halt = Halt::default();
    let opening = Opening { settings: settings.clone(), demo: false, new_cluster, halt };
    let database = opening.open()?;
    let runtime = wiring::db_runtime()?;
    let total = good.len();
    let bar = cli::progress_bar(total as u64, cli::Unit::Snapshots);
    let replayed = runtime.block_on(async {
        let handle = runtime.handle().clone();
        let wired = wiring::wire(settings, airspace, movements, &database, handle, false).await?;
        wired.setup.writing.begin(database.advice()).await?;
        let claims = wired.setup.writing.claims.clone();
        let store = wired.setup.writing.store.clone();
        let replayed = replay_all(wired.setup, good, |done| {
            bar.set_position((done.stored + done.skipped) as u64);
        })
        .await;
        claims.release().await;
        store.drain(LAST_LEASES_OF_A_COMMAND).await;
        replayed.context("the replay stopped; run it again to go on from there")
    });
    bar.finish_and_clear();
    runtime.shutdown_timeout(LAST_SESSIONS);
    database.stop()?;
    let replayed = replayed?;
    cli::print(&format!("{}\n", replayed.summary(total)));
    Ok(replayed.judge(refused, refused + total)?)
}
