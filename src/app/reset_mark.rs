//! `reset-mark --to TIME`.

use anyhow::Context as _;

use super::{database::Database, wiring};
use crate::{
    cli,
    config::Settings,
    supervision::shutdown::{LAST_LEASES_OF_A_COMMAND, LAST_SESSIONS},
};
use sectorwatch_core::Time;
use sectorwatch_store::MarkReset;

/// Sets the mark while it holds the right to write, so that nobody else writes meanwhile.
pub fn reset_mark(settings: &Settings, to: Time) -> anyhow::Result<()> {
    let airspace = wiring::airspace_files(settings).read()?;
    let movements = wiring::movement_rules(settings)?;
    let database = Database::open(settings, false)?;
    let runtime = wiring::db_runtime()?;
    let done = runtime.block_on(async {
        let handle = runtime.handle().clone();
        let wired = wiring::wire(settings, airspace, movements, &database, handle, false).await?;
        let claim = wired.setup.writing.claim_at_start(database.advice()).await?;
        let store = &wired.setup.writing.store;
        let drained = store.drain_queue(claim.generation).await;
        let drained = drained.context("the queue cannot be drained; the mark is as it was")?;
        let reset = store.reset_mark(claim.generation, to).await;
        let reset = reset.context("the mark cannot be set; it is as it was")?;
        wired.setup.writing.claims.release().await;
        store.drain(LAST_LEASES_OF_A_COMMAND).await;
        anyhow::Ok((drained, reset))
    });
    runtime.shutdown_timeout(LAST_SESSIONS);
    database.stop()?;
    let (drained, reset) = done?;
    cli::print(&told(drained, &reset, to));
    Ok(())
}

fn told((applied, refused): (usize, usize), reset: &MarkReset, to: Time) -> String {
    let before = reset.before.map_or_else(|| "none".to_owned(), |mark| mark.to_rfc3339());
    format!(
        "queued transitions applied: {applied}, refused: {refused}\n\
         mark: {before} -> {}\n\
         flights lowered to it: {}\n\
         open visits that began after it, closed as unobserved: {}\n\
         controllers lowered to it: {}\n\
         contact and control, ended at it: {}\n\
         deleted, since it began at it or later: {} of contact and control\n\
         movements at airports deleted, since they were after it: {}\n",
        to.to_rfc3339(),
        reset.flights,
        reset.visits,
        reset.controllers,
        reset.ended,
        reset.deleted,
        reset.movements,
    )
}
