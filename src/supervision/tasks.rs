//! Restarts the background tasks of the `db` runtime when they panic or end, and reports it. The poller has a
//! supervisor of its own.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use prometheus::IntCounterVec;
use strum::VariantArray as _;
use tokio::{runtime::Handle, sync::watch, task::JoinHandle};

use super::backoff::RestartBackoff;
use crate::status::tasks::{EndedTask, Task};
use sectorwatch_telemetry::metrics::{Registry, born};

/// The supervisor of these tasks. Clones share it.
#[derive(Clone)]
pub struct Tasks {
    restarts: IntCounterVec,
    newest_end: Arc<Mutex<Option<EndedTask>>>,
    /// True once the service stops, when tasks may end.
    stopping: watch::Receiver<bool>,
}

impl Tasks {
    /// Registers the family with each task at 0.
    ///
    /// # Errors
    /// The family is already registered.
    pub fn register(
        registry: &Registry,
        stopping: watch::Receiver<bool>,
    ) -> prometheus::Result<Self> {
        let restarts = registry.counters(
            "task_restarts_total",
            "Restarts of a background task that panicked or ended: keep_alive (of the embedded server), check_database, watch_pools, watch (for leaks), housekeeping (partitions and retention), reload_airspace, reload_tokens.",
            &["task"],
        )?;
        for task in Task::VARIANTS {
            born(&restarts, &[&[task.as_str()]]);
        }
        Ok(Self { restarts, newest_end: Arc::default(), stopping })
    }

    /// Runs the future of `make` on this runtime again and again, until the service stops and the task has
    /// ended. Each start reaches the fault point `task.NAME`.
    pub fn keep<F>(
        &self,
        task: Task,
        runtime: &Handle,
        make: impl Fn() -> F + Send + 'static,
    ) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (tasks, on) = (self.clone(), runtime.clone());
        runtime.spawn(async move {
            let mut backoff = RestartBackoff::new();
            loop {
                let (begun, work) = (Instant::now(), make());
                let ended = on.spawn(async move {
                    sectorwatch_fault::point(&format!("task.{}", task.as_str()));
                    work.await;
                });
                let panicked = ended.await.is_err();
                if *tasks.stopping.borrow() {
                    return;
                }
                let pause = backoff.after(begun.elapsed());
                tracing::error!(
                    task = task.as_str(),
                    panicked,
                    "a background task ended; it is started again"
                );
                tasks.ended(task);
                tokio::time::sleep(pause).await;
            }
        })
    }

    /// The newest end of any task; `None` when none has ended.
    pub fn newest_end(&self) -> Option<EndedTask> {
        *self.newest_end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, task: Task) {
        self.restarts.with_label_values(&[task.as_str()]).inc();
        let mut newest = self.newest_end.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = Some(EndedTask { task, at: chrono::Utc::now() });
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use super::*;

    #[tokio::test]
    async fn what_panics_and_what_ends_is_started_again_and_told_until_the_service_stops() {
        let (stop, stopping) = watch::channel(false);
        let tasks = Tasks::register(&Registry::default(), stopping).expect("a new registry");
        assert_eq!(tasks.newest_end(), None);
        let starts = Arc::new(AtomicU32::new(0));
        let (started, told) = (starts.clone(), stop.subscribe());
        let kept = tasks.keep(Task::Watch, &Handle::current(), move || {
            let (started, mut told) = (started.clone(), told.clone());
            async move {
                match started.fetch_add(1, Ordering::SeqCst) {
                    0 => panic!("a planned panic"),
                    1 => {}
                    _ => drop(told.wait_for(|stopping| *stopping).await),
                }
            }
        });
        let started_thrice = async {
            while starts.load(Ordering::SeqCst) < 3 {
                // Between two looks.
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let limit = Duration::from_secs(30);
        tokio::time::timeout(limit, started_thrice).await.expect("it is started again");
        assert_eq!(tasks.newest_end().map(|end| end.task), Some(Task::Watch));
        let count = |task: Task| tasks.restarts.with_label_values(&[task.as_str()]).get();
        assert_eq!((count(Task::Watch), count(Task::WatchPools)), (2, 0));
        stop.send_replace(true);
        tokio::time::timeout(limit, kept).await.expect("it ends").expect("no panic");
        assert_eq!(count(Task::Watch), 2, "its end was asked for");
    }
}
