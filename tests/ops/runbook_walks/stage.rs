//! The environment of a scene: an instance with its database and feed, and the problems found.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    publisher::Publisher,
    scene::{Scene, Sign, full},
    world::{World, now},
};
use crate::support::{
    postgres::Database,
    service::{Service, Setup},
};

/// The time for an alert to fire or to end, unless a scene needs longer.
const PATIENCE: Duration = Duration::from_secs(120);
/// The time for a sign to appear after its alert has fired.
const SOON: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(250);

pub struct Stage<'w> {
    pub world: &'w World,
    pub scene: &'static Scene,
    pub publisher: Publisher,
    pub patience: Duration,
    // Declared before the database, so that the service ends first.
    service: Option<Service>,
    setup: Option<Setup>,
    database: Option<Database>,
    /// The log of processes that have ended.
    earlier: Vec<Value>,
    pub(super) began: u64,
    /// What was not as expected.
    problems: Vec<String>,
}

impl<'w> Stage<'w> {
    /// Creates a stage with a feed, but without an instance.
    pub fn new(world: &'w World, scene: &'static Scene) -> Self {
        Self {
            world,
            scene,
            publisher: Publisher::start(),
            patience: PATIENCE,
            service: None,
            setup: None,
            database: None,
            earlier: Vec::new(),
            began: now(),
            problems: Vec::new(),
        }
    }

    /// Starts an instance on a new database, which is scraped from now on.
    pub fn start(&mut self, change: impl FnOnce(Setup) -> Setup) {
        self.start_on(self.world.database(), change);
    }

    /// Like [`Stage::start`], on this database.
    pub fn start_on(&mut self, database: Database, change: impl FnOnce(Setup) -> Setup) {
        let setup = Setup::serve(&database, &self.publisher.feed)
            .env("SECTORWATCH_INSTANCE", self.scene.name)
            // As short as the times of the rules.
            .env("SECTORWATCH_FAULT_PATIENCE_MS", "15000")
            .env("SECTORWATCH_POLL_INTERVAL", "3s");
        self.setup = Some(change(setup));
        self.database = Some(database);
        self.start_again();
    }

    /// Restarts the process with the same settings, as an operator would.
    pub fn start_again(&mut self) {
        self.end();
        let setup = self.setup();
        let service = setup.start();
        self.scrape(setup.address());
        self.service = Some(service);
    }

    /// Restarts the process with other settings.
    pub fn start_again_with(&mut self, change: impl FnOnce(Setup) -> Setup) {
        self.setup = self.setup.take().map(change);
        self.start_again();
    }

    /// Kills the process unless it has ended, and keeps its log.
    pub fn end(&mut self) {
        if let Some(service) = self.service.take() {
            self.earlier.extend(service.logged(""));
        }
    }

    /// Waits until Prometheus has scraped this address once.
    pub fn scrape(&self, address: SocketAddr) {
        self.world.add(self.scene.name, address);
        let scraped = || {
            let target = self.world.target_of(self.scene.name);
            target.is_some_and(|target| target["health"] != "unknown")
        };
        assert!(self.until(PATIENCE, scraped), "{} was never scraped", self.scene.name);
    }

    pub fn setup(&self) -> Setup {
        self.setup.clone().expect("it was started")
    }

    pub fn service(&mut self) -> &mut Service {
        self.service.as_mut().expect("it runs")
    }

    pub fn running(&self) -> Option<&Service> {
        self.service.as_ref()
    }

    pub fn database(&self) -> &Database {
        self.database.as_ref().expect("it was started")
    }

    /// The log of all its processes.
    pub fn log(&self) -> Vec<Value> {
        let of_now = self.service.iter().flat_map(|service| service.logged(""));
        self.earlier.iter().cloned().chain(of_now).collect()
    }

    /// Ends the sessions that block the instance, as the section of PoolExhausted says.
    pub fn end_blockers(&self) {
        let blockers = format!(
            "select pg_terminate_backend(blocker)
             from (select distinct unnest(pg_blocking_pids(pid)) as blocker from pg_stat_activity
                   where application_name like 'sectorwatch:{}:%') blocking",
            self.scene.name
        );
        self.database().client().run(&blockers);
    }

    /// Waits for the alerts, and checks the signs that their sections name.
    pub fn walk(&mut self) {
        for walk in self.scene.walks {
            self.expect(&format!("{} fires", walk.alert), self.patience, |stage| {
                stage.fired().contains(walk.alert).then_some(()).ok_or_else(|| stage.state())
            });
            self.look(walk.alert, walk.look, false);
        }
        self.expect("all fire", self.patience, |stage| {
            let fired = stage.fired();
            let missing = stage.scene.alerts.iter().find(|alert| !fired.contains(**alert));
            missing.map_or(Ok(()), |alert| Err(format!("{alert} does not; {}", stage.state())))
        });
        eprintln!("{}: {} s until all fired and were walked", self.scene.name, now() - self.began);
    }

    /// Waits until no alert fires, checks the signs of the end, and compares all alerts that have
    /// fired with the scene.
    pub fn over(&mut self) {
        self.expect("all is over", self.patience, |stage| {
            let firing = stage.world.firing(stage.scene.name);
            firing.is_empty().then_some(()).ok_or_else(|| format!("{firing:?} fires"))
        });
        for walk in self.scene.walks {
            self.look(walk.alert, walk.over, true);
        }
        let fired = self.fired();
        let wanted: BTreeSet<_> = self.scene.alerts.iter().map(|it| (*it).to_owned()).collect();
        let perhaps = |alert: &&String| self.scene.perhaps.contains(&alert.as_str());
        let more: Vec<_> = fired.difference(&wanted).filter(|it| !perhaps(it)).collect();
        if !more.is_empty() {
            self.problems.push(format!("{more:?} fired, too"));
        }
        eprintln!("{}: {} s until it was over", self.scene.name, now() - self.began);
    }

    /// Removes the instance from the targets, and returns the problems.
    pub fn leave(mut self) -> Vec<String> {
        self.world.forget(self.scene.name);
        if !self.problems.is_empty() {
            let log = self.log();
            let telling = log.iter().filter(|line| line["message"] != "cycle");
            telling.for_each(|line| eprintln!("{}: {line}", self.scene.name));
        }
        self.end();
        self.problems.iter().map(|it| format!("{}: {it}", self.scene.name)).collect()
    }

    /// Waits until each of these signs has been seen once. They are looked at in turns: one that
    /// appears as late as the fault ends must not hide another that ends with the fault.
    fn look(&mut self, alert: &'static str, signs: &'static [Sign], is_over: bool) {
        let mut unseen: Vec<_> = signs.iter().collect();
        let begun = Instant::now();
        loop {
            unseen.retain(|sign| self.shows(alert, sign, is_over).is_err());
            if unseen.is_empty() || begun.elapsed() > SOON {
                break;
            }
            // The interval between two looks.
            thread::sleep(PAUSE);
        }
        let when = if is_over { "over" } else { "firing" };
        for sign in unseen {
            if let Err(instead) = self.shows(alert, sign, is_over) {
                eprintln!("{}: not within {SOON:?}: {alert}, {when}: {sign:?}", self.scene.name);
                self.problems.push(format!("{alert}, {when}: {sign:?}: {instead}"));
            }
        }
    }

    /// Waits for a condition. If it does not come true, notes a problem and continues, so that a
    /// walk reports all problems.
    fn expect(&mut self, what: &str, limit: Duration, holds: impl Fn(&Self) -> Result<(), String>) {
        if !self.until(limit, || holds(self).is_ok())
            && let Err(instead) = holds(self)
        {
            eprintln!("{}: not within {limit:?}: {what}: {instead}", self.scene.name);
            self.problems.push(format!("{what}: {instead}"));
        }
    }

    pub fn until(&self, limit: Duration, holds: impl Fn() -> bool) -> bool {
        let begun = Instant::now();
        while !holds() {
            if begun.elapsed() > limit {
                return false;
            }
            // The interval between two attempts.
            thread::sleep(PAUSE);
        }
        true
    }

    fn fired(&self) -> BTreeSet<String> {
        let fired = self.world.fired(self.scene.name);
        fired.iter().filter_map(|it| it.strip_prefix(&full(""))).map(str::to_owned).collect()
    }

    fn state(&self) -> String {
        format!("fired so far: {:?}", self.fired())
    }
}
