//! The three runtimes: workers, tasks, lag and panics.

use std::{
    panic,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use prometheus::{
    HistogramVec, IntCounterVec, IntGaugeVec, Opts,
    core::{Collector, Desc},
    proto::MetricFamily,
};
use tokio::{
    runtime::{self, Handle},
    task::JoinHandle,
    time::Instant,
};

use super::metrics::{Registry, WAIT_SECONDS, born, prefixed};

/// The runtimes of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// The web workers and the main thread.
    Http,
    /// The runtime of all database connections.
    Db,
    /// The poller's arbiters.
    Poller,
}

impl Runtime {
    const ALL: [Runtime; 3] = [Runtime::Http, Runtime::Db, Runtime::Poller];

    fn as_str(self) -> &'static str {
        match self {
            Runtime::Http => "http",
            Runtime::Db => "db",
            Runtime::Poller => "poller",
        }
    }
}

/// The runtimes of the process. Clones share them.
#[derive(Clone)]
pub struct Runtimes {
    registered: Arc<Mutex<Vec<Registered>>>,
    workers: IntGaugeVec,
    alive_tasks: IntGaugeVec,
    lag: HistogramVec,
    panics: IntCounterVec,
}

/// A runtime with its lag task, which ends with the runtime.
struct Registered {
    runtime: Runtime,
    id: runtime::Id,
    handle: Handle,
    lag_task: JoinHandle<()>,
}

impl Runtimes {
    /// Registers the families with each runtime at 0.
    ///
    /// # Errors
    /// A family of the same name is already registered.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let gauge =
            |name, help: &str| IntGaugeVec::new(Opts::new(prefixed(name), help), &["runtime"]);
        let runtimes = Self {
            registered: Arc::default(),
            workers: gauge("tokio_workers", "Worker threads, by runtime: http, db, poller.")?,
            alive_tasks: gauge(
                "tokio_alive_tasks",
                "Tasks alive, by runtime: one that rises without end is a task leak. Tasks that are local to a thread are not counted.",
            )?,
            lag: registry.histograms(
                "runtime_lag_seconds",
                "How late a timer of 250 ms fires, by runtime: a blocked thread shows here first.",
                WAIT_SECONDS,
                &["runtime"],
            )?,
            panics: registry.counters("panics_total", "Panics, by runtime.", &["runtime"])?,
        };
        let each = Runtime::ALL.map(|runtime| [runtime.as_str()]);
        let each = each.each_ref().map(|labels| labels.as_slice());
        born(&runtimes.workers, &each);
        born(&runtimes.alive_tasks, &each);
        born(&runtimes.lag, &each);
        born(&runtimes.panics, &each);
        registry.register(runtimes.clone())
    }

    /// Adds a tokio runtime to the metrics until it ends, and starts a lag timer on it. The values of several
    /// runtimes with one name, such as the web workers, are added.
    pub fn register_runtime(&self, runtime: Runtime, handle: Handle) {
        let lag = self.lag.with_label_values(&[runtime.as_str()]);
        let lag_task = handle.spawn(async move {
            loop {
                let due = Instant::now() + Duration::from_millis(250);
                tokio::time::sleep_until(due).await;
                lag.observe(due.elapsed().as_secs_f64());
            }
        });
        let id = handle.id();
        self.with_registered(|registered| {
            registered.push(Registered { runtime, id, handle, lag_task });
        });
    }

    /// Counts every panic of the process from now on, then calls the previous hook.
    pub fn install_panic_hook(&self) {
        let previous = panic::take_hook();
        let runtimes = self.clone();
        panic::set_hook(Box::new(move |info| {
            let runtime = runtimes.current();
            runtimes.panics.with_label_values(&[runtime.as_str()]).inc();
            previous(info);
        }));
    }

    /// The runtime of the current thread: first by id, because actix gives all arbiter threads the same name;
    /// then by the thread's name; otherwise `http`.
    fn current(&self) -> Runtime {
        let by_id = Handle::try_current().ok().and_then(|handle| {
            // A panic inside the lock must not wait for the lock.
            let registered = self.registered.try_lock().ok()?;
            let found = registered.iter().find(|r| r.id == handle.id())?;
            Some(found.runtime)
        });
        by_id.unwrap_or_else(|| {
            let thread = thread::current();
            let name = thread.name().unwrap_or_default();
            match () {
                () if name.starts_with("db") => Runtime::Db,
                () if name.starts_with("poller") => Runtime::Poller,
                () => Runtime::Http,
            }
        })
    }

    fn with_registered<T>(&self, act: impl FnOnce(&mut Vec<Registered>) -> T) -> T {
        // A list of handles is valid after any panic.
        let mut registered = self.registered.lock().unwrap_or_else(PoisonError::into_inner);
        registered.retain(|r| !r.lag_task.is_finished());
        act(&mut registered)
    }
}

impl Collector for Runtimes {
    fn desc(&self) -> Vec<&Desc> {
        [self.workers.desc(), self.alive_tasks.desc()].concat()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.with_registered(|registered| {
            for runtime in Runtime::ALL {
                let of_it = || registered.iter().filter(|r| r.runtime == runtime);
                let workers: usize = of_it().map(|r| r.handle.metrics().num_workers()).sum();
                let tasks: usize = of_it().map(|r| r.handle.metrics().num_alive_tasks()).sum();
                let set = |gauge: &IntGaugeVec, value| {
                    let gauge = gauge.with_label_values(&[runtime.as_str()]);
                    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
                };
                set(&self.workers, workers);
                set(&self.alive_tasks, tasks);
            }
        });
        [self.workers.collect(), self.alive_tasks.collect()].concat()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn worker(threads: usize) -> runtime::Runtime {
        runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_time()
            .build()
            .expect("a runtime starts")
    }

    #[test]
    fn figures_follow_the_runtimes_that_live() {
        let runtimes = Runtimes::register(&Registry::default()).expect("a new registry");
        let workers = |name: &str| {
            runtimes.collect();
            runtimes.workers.with_label_values(&[name]).get()
        };
        assert_eq!(workers("db"), 0);
        let (one, two) = (worker(1), worker(2));
        runtimes.register_runtime(Runtime::Db, one.handle().clone());
        runtimes.register_runtime(Runtime::Db, two.handle().clone());
        assert_eq!((workers("db"), workers("poller")), (3, 0));
        assert_eq!(runtimes.alive_tasks.with_label_values(&["db"]).get(), 2);
        drop(two);
        assert_eq!(workers("db"), 1);
    }

    #[test]
    fn a_blocked_runtime_shows_as_lag() {
        let runtimes = Runtimes::register(&Registry::default()).expect("a new registry");
        let blocked = worker(1);
        runtimes.register_runtime(Runtime::Poller, blocked.handle().clone());
        // What blocks it is tried.
        blocked.spawn(async { thread::sleep(Duration::from_millis(600)) });
        let (lag, begun) = (runtimes.lag.with_label_values(&["poller"]), Instant::now());
        while lag.get_sample_sum() <= 0.3 {
            assert!(begun.elapsed() < Duration::from_secs(30), "{} s", lag.get_sample_sum());
            // Between two looks.
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn a_panic_is_counted_for_its_runtime_and_still_told_to_the_hook_before() {
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            TOLD.fetch_add(1, Ordering::SeqCst);
            default(info);
        }));
        let runtimes = Runtimes::register(&Registry::default()).expect("a new registry");
        runtimes.install_panic_hook();
        let poller = worker(1);
        runtimes.register_runtime(Runtime::Poller, poller.handle().clone());
        let panicked = poller.spawn(async { panic!("a planned panic") });
        assert!(poller.block_on(panicked).is_err());
        let named = thread::Builder::new().name("db-7".into());
        let panicked = named.spawn(|| panic!("another planned panic"));
        assert!(panicked.expect("a thread starts").join().is_err());
        let count = |name: &str| runtimes.panics.with_label_values(&[name]).get();
        assert_eq!((count("poller"), count("db")), (1, 1));
        assert!(TOLD.load(Ordering::SeqCst) >= 2);
    }
}
