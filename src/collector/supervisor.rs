//! Keeps a poller running: a panic restarts its task; a blocked or ended thread gets a successor.
//!
//! An arbiter is never stopped before the process ends, only superseded, because stopping it would drop tasks
//! in the middle of a statement.

use std::time::Duration;

use actix_rt::Arbiter;
use tokio::{sync::oneshot, time::Instant};

use crate::{
    collector::poller::{self, Ended, PollerSetup},
    status::{
        StatusSnapshot,
        outcome::{CycleOutcome, PollerState},
    },
    supervision::backoff::RestartBackoff,
};
use sectorwatch_telemetry::runtimes::{Runtime, Runtimes};

const BEAT: Duration = Duration::from_secs(1);
/// The number of successors without a heartbeat after which another thread will not help.
const MOST_LOSSES: u32 = 5;

/// The time without a heartbeat after which a poller counts as blocked.
pub fn stall_after(interval: Duration) -> Duration {
    let limit = (interval * 10).max(Duration::from_secs(30));
    sectorwatch_fault::stall_limit().unwrap_or(limit)
}

/// Runs pollers until the service stops. Resolves when the newest poller has ended.
pub async fn supervise(setup: PollerSetup, runtimes: Runtimes) {
    let limit = stall_after(setup.interval);
    let mut losses = 0;
    loop {
        let epoch = setup.cycle.writing.claims.next_epoch();
        let begun = Instant::now();
        let (arbiter, mut ended) = start(setup.clone(), runtimes.clone(), epoch);
        let lost = loop {
            tokio::select! {
                told = &mut ended => break told.err().map(|_| "exit"),
                () = tokio::time::sleep(BEAT) => {}
            }
            match setup.heartbeat.silence() {
                silence if silence > limit => break Some("stall"),
                // Every successor beats once at its start; only one that lasts longer has a working thread.
                silence if silence <= BEAT * 2 && begun.elapsed() > limit => losses = 0,
                _ => {}
            }
        };
        // Dropping the handle does not end the thread.
        drop(arbiter);
        let Some(reason) = lost else {
            setup.heartbeat.state(PollerState::Stopped);
            return;
        };
        losses += 1;
        if losses > MOST_LOSSES {
            tracing::error!("every successor of the poller is lost, too; giving up");
            setup.heartbeat.gave_up();
            return;
        }
        tracing::error!(
            epoch,
            reason,
            "the poller's thread is blocked or gone; starting a successor"
        );
        setup.heartbeat.restarted(reason);
        setup.heartbeat.beat();
    }
}

/// Starts an arbiter with a poller. The receiver resolves when the poller has ended, with an error when its
/// thread has.
fn start(setup: PollerSetup, runtimes: Runtimes, epoch: u64) -> (Arbiter, oneshot::Receiver<()>) {
    let arbiter = Arbiter::new();
    let (ended, receiver) = oneshot::channel();
    arbiter.spawn_fn(move || {
        actix_rt::spawn(async move {
            runtimes.register_runtime(Runtime::Poller, tokio::runtime::Handle::current());
            let beating = actix_rt::spawn(beat(setup.clone(), epoch));
            keep_running(&setup, epoch).await;
            beating.abort();
            // A superseded poller has no receiver any more.
            let _ = ended.send(());
        });
    });
    (arbiter, receiver)
}

/// A separate task: a blocked thread stops it; a slow query or a back-off does not.
async fn beat(setup: PollerSetup, epoch: u64) {
    while setup.cycle.writing.claims.is_current(epoch) {
        setup.heartbeat.beat();
        tokio::time::sleep(BEAT).await;
    }
}

/// Runs the poller, and restarts it after a panic or an early end.
async fn keep_running(setup: &PollerSetup, epoch: u64) {
    let mut backoff = RestartBackoff::new();
    loop {
        setup.heartbeat.state(PollerState::Starting);
        let begun = Instant::now();
        let ended = actix_rt::spawn(poller::run(setup.clone(), epoch)).await;
        let reason = match ended {
            Ok(Ok(Ended::Stopped)) => return,
            Ok(Ok(Ended::Superseded)) if !setup.cycle.writing.claims.is_current(epoch) => {
                tracing::warn!(epoch, "a superseded poller ended without writing");
                return;
            }
            Ok(Ok(Ended::Superseded)) => {
                tracing::error!("another process may write this database now");
                "exit"
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the poller could not start");
                "exit"
            }
            Err(error) => {
                tracing::error!(%error, "the poller panicked; it starts again");
                panicked(setup);
                "panic"
            }
        };
        if *setup.stop.borrow() {
            return;
        }
        setup.heartbeat.restarted(reason);
        let pause = backoff.after(begun.elapsed());
        let mut stop = setup.stop.clone();
        tokio::select! {
            _ = stop.wait_for(|stopping| *stopping) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Publishes the panic, because the interrupted cycle cannot do so itself.
fn panicked(setup: &PollerSetup) {
    setup.cycle.figures.poller.panicked();
    setup.published.rcu(|status| {
        let mut status = StatusSnapshot::clone(status);
        status.cycles.finished(CycleOutcome::Panic, chrono::Utc::now());
        status
    });
}
