//! Starts the tasks that run beside the collector, and passes their values to the status.

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Handle, sync::watch, task::JoinHandle};

use super::database::Database;
use crate::{
    collector::{heartbeat::Heartbeat, reload::Reload},
    jobs::housekeeping::Housekeeping,
    status::{
        live_reader::{LiveInputs, LiveReader},
        tasks::Task,
    },
    supervision::tasks::Tasks,
    web::{LiveRenderer, ReloadTokens},
};
use sectorwatch_store::{Retention, Store, StoredMark};

/// The live values of the status that do not come from the database.
pub fn live_inputs(
    heartbeat: &Heartbeat,
    tasks: &Tasks,
    database: &Database,
    reload: &Reload,
    stopping: &watch::Receiver<bool>,
) -> LiveInputs {
    let reload = reload.clone();
    let (heartbeat, tasks) = (heartbeat.clone(), tasks.clone());
    let embedded = database.embedded().cloned();
    LiveInputs {
        liveness: Arc::new(move || heartbeat.liveness()),
        ended_task: Arc::new(move || tasks.newest_end()),
        data_lost: Arc::new(move || Some(embedded.as_ref()?.lost()?.since)),
        last_reload: Arc::new(move || reload.last()),
        draining: stopping.clone(),
    }
}

/// Starts partitions and retention, which follow the stored snapshots. Resolves when the service stops and
/// their last step has ended.
pub fn keep_house(
    tasks: &Tasks,
    db: &Handle,
    store: &Store,
    retention: Retention,
    stored: watch::Receiver<Option<StoredMark>>,
    stopping: watch::Receiver<bool>,
) -> JoinHandle<()> {
    let store = store.clone();
    tasks.keep(Task::Housekeeping, db, move || {
        let (stored, stopping) = (stored.clone(), stopping.clone());
        Housekeeping::new(store.clone(), retention, stored, stopping).run()
    })
}

/// Starts the task that reads the airspace again when that is wanted.
pub fn keep_airspace(
    tasks: &Tasks,
    db: &Handle,
    reload: Reload,
    hangups: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
) {
    tasks.keep(Task::ReloadAirspace, db, move || {
        reload.clone().run(hangups.clone(), stopping.clone())
    });
}

/// Starts the task that reads the file of tokens again when that is wanted.
pub fn keep_tokens(
    tasks: &Tasks,
    db: &Handle,
    reload: ReloadTokens,
    hangups: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
) {
    tasks.keep(Task::ReloadTokens, db, move || {
        reload.clone().run(hangups.clone(), stopping.clone())
    });
}

/// Starts the task that renders the live stream.
pub fn keep_live(
    tasks: &Tasks,
    db: &Handle,
    renderer: LiveRenderer,
    completed: watch::Receiver<Option<StoredMark>>,
    stopping: watch::Receiver<bool>,
) {
    tasks.keep(Task::RenderLive, db, move || {
        renderer.clone().run(completed.clone(), stopping.clone())
    });
}

/// Starts the tasks that run beside the poller as long as the process.
pub fn keep(
    tasks: &Tasks,
    db: &Handle,
    database: &Database,
    live_reader: &LiveReader,
    store: &Store,
    audit_interval: Duration,
) {
    if let Some(server) = database.embedded().cloned() {
        tasks.keep(Task::KeepAlive, db, move || server.clone().keep_alive());
    }
    let checking = live_reader.clone();
    tasks.keep(Task::CheckDatabase, db, move || checking.clone().check_database());
    let watching = live_reader.clone();
    tasks.keep(Task::WatchPools, db, move || watching.clone().watch_pools());
    let store = store.clone();
    tasks.keep(Task::Watch, db, move || store.clone().watch(audit_interval));
}
