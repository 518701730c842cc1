//! `forget --cid N`.

use std::fmt::Write as _;

use anyhow::Context as _;

use super::{database::Database, wiring};
use crate::{
    cli,
    config::Settings,
    supervision::shutdown::{LAST_LEASES_OF_A_COMMAND, LAST_SESSIONS},
};
use sectorwatch_store::{Erased, Store, boot_id};
use sectorwatch_telemetry::metrics::Registry;

/// Forgets a member. A running service applies it in its next cycle.
pub fn forget(
    settings: &Settings,
    cid: i32,
    dry_run: bool,
    allow_again: bool,
) -> anyhow::Result<()> {
    let database = Database::join(settings)?;
    let runtime = wiring::db_runtime()?;
    let done = runtime.block_on(async {
        let handle = runtime.handle().clone();
        let store = database.store(settings, &boot_id(), &Registry::default(), handle)?;
        let done = match allow_again {
            true => allow(&store, cid, dry_run).await,
            false => erase(&store, cid, dry_run).await,
        };
        store.drain(LAST_LEASES_OF_A_COMMAND).await;
        done
    });
    runtime.shutdown_timeout(LAST_SESSIONS);
    database.stop()?;
    cli::print(&done?);
    Ok(())
}

async fn erase(store: &Store, cid: i32, dry_run: bool) -> anyhow::Result<String> {
    if dry_run {
        let traces = store.traces(cid).await.context("the tables cannot be searched")?;
        return Ok(told(&traces, "would be deleted: nothing is changed"));
    }
    let erased = store.forget(cid).await.context("nothing is deleted")?;
    Ok(told(&erased, "deleted; nothing of this member is stored from now on"))
}

fn told(Erased { rows, unnamed }: &Erased, what: &str) -> String {
    let mut text = String::new();
    for (table, rows) in unnamed {
        let _ = writeln!(text, "{table}, kept without the controller: {rows}");
    }
    for (table, rows) in rows {
        let _ = writeln!(text, "{table}: {rows}");
    }
    let all: u64 = rows.iter().map(|(_, rows)| rows).sum();
    let _ = writeln!(text, "{all} rows {what}");
    text
}

async fn allow(store: &Store, cid: i32, dry_run: bool) -> anyhow::Result<String> {
    let was_forgotten = match dry_run {
        true => store.is_forgotten(cid).await,
        false => store.allow_again(cid).await,
    };
    let text = match (was_forgotten.context("nothing is changed")?, dry_run) {
        (false, _) => "this member is not forgotten: nothing is changed\n",
        (true, true) => "this member is forgotten, and would be stored again: nothing is changed\n",
        (true, false) => "this member is stored again from now on\n",
    };
    Ok(text.to_owned())
}
