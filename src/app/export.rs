//! `export TABLE`.

use anyhow::Context as _;

use super::{database::Database, wiring};
use crate::{
    cli::{self, ExportFile},
    config::Settings,
    export::{self, Exports, Wanted},
    supervision::shutdown::{LAST_LEASES_OF_A_COMMAND, LAST_SESSIONS},
};
use sectorwatch_fault as fault;
use sectorwatch_store::{
    Store,
    api::{Absent, Asked, Reader},
    boot_id,
};
use sectorwatch_telemetry::metrics::Registry;

/// Writes a file from the database, which a service may be using.
pub fn export(settings: &Settings, asked: &ExportFile) -> anyhow::Result<()> {
    let database = Database::join(settings)?;
    let runtime = wiring::db_runtime()?;
    let done = runtime.block_on(async {
        let handle = runtime.handle().clone();
        let store = database.store(settings, &boot_id(), &Registry::default(), handle)?;
        let done = write(&store, asked).await;
        store.drain(LAST_LEASES_OF_A_COMMAND).await;
        done
    });
    runtime.shutdown_timeout(LAST_SESSIONS);
    database.stop()?;
    done
}

async fn write(store: &Store, asked: &ExportFile) -> anyhow::Result<()> {
    let span = Asked {
        from: Some(asked.from),
        to: Some(asked.to),
        absent: Absent::Unbounded,
        longest: Asked::LONGEST_OF_AN_EXPORT,
    };
    let exports = exports(store);
    let wanted = Wanted::all(asked.table, span, asked.personal);
    let place = exports.place().context("another export runs in this process")?;
    let begun = exports.begin(wanted, asked.format, place).await?;
    let bar = cli::progress_bar(begun.rows, cli::Unit::Rows);
    let saved = export::save(begun.parts, asked.output.as_deref(), |rows| bar.set_position(rows));
    let saved = saved.await;
    bar.finish_and_clear();
    Ok(saved?)
}

/// The exports of a database, with their limits.
pub fn exports(store: &Store) -> Exports {
    let most_rows = fault::most_exported_rows().unwrap_or(export::MOST_ROWS);
    Exports::new(store.reads(Reader::Export), most_rows)
}
