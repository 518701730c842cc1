//! Where a scene is played: an instance with its database and its feed, and what came of it.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    publisher::Press,
    scene::{Scene, Sign, full},
    world::{World, now},
};
use crate::support::{
    postgres::Database,
    service::{Service, Setup},
};

/// For an alert to come or to go, unless a scene needs longer.
const PATIENCE: Duration = Duration::from_secs(120);
/// For a sign of an alert that fires.
const SOON: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(250);

/// One scene while it is played.
pub struct Stage<'w> {
    pub world: &'w World,
    pub scene: &'static Scene,
    pub press: Press,
    pub patience: Duration,
    // Ends before its database does.
    service: Option<Service>,
    setup: Option<Setup>,
    database: Option<Database>,
    /// Log of processes that ended.
    earlier: Vec<Value>,
    pub(super) began: u64,
    /// What was not as it should be.
    problems: Vec<String>,
}

impl<'w> Stage<'w> {
    /// Nothing runs yet.
    pub fn new(world: &'w World, scene: &'static Scene) -> Self {
        Self {
            world,
            scene,
            press: Press::start(),
            patience: PATIENCE,
            service: None,
            setup: None,
            database: None,
            earlier: Vec::new(),
            began: now(),
            problems: Vec::new(),
        }
    }

    /// An instance on a database of its own, which is scraped from now on.
    pub fn start(&mut self, change: impl FnOnce(Setup) -> Setup) {
        self.start_on(self.world.database(), change);
    }

    /// As [`Stage::start`], on this database.
    pub fn start_on(&mut self, database: Database, change: impl FnOnce(Setup) -> Setup) {
        let setup = Setup::serve(&database, &self.press.feed)
            .env("SECTORWATCH_INSTANCE", self.scene.name)
            // As the rules, which are in a hurry, too.
            .env("SECTORWATCH_FAULT_PATIENCE_MS", "15000")
            .env("SECTORWATCH_POLL_INTERVAL", "3s");
        self.setup = Some(change(setup));
        self.database = Some(database);
        self.start_again();
    }

    /// Starts the process again, as whoever runs it would.
    pub fn start_again(&mut self) {
        self.end();
        let setup = self.setup();
        let service = setup.start();
        self.scrape(setup.address());
        self.service = Some(service);
    }

    /// As [`Stage::start_again`], with other settings.
    pub fn start_again_with(&mut self, change: impl FnOnce(Setup) -> Setup) {
        self.setup = self.setup.take().map(change);
        self.start_again();
    }

    /// Kills the process, or finds that it ended.
    pub fn end(&mut self) {
        if let Some(service) = self.service.take() {
            self.earlier.extend(service.logged(""));
        }
    }

    /// Prometheus scrapes this address, and has done so once.
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

    /// Ends whoever holds a lock for which the instance waits, as the section of PoolExhausted tells.
    pub fn end_blockers(&self) {
        let blockers = format!(
            "select pg_terminate_backend(blocker)
             from (select distinct unnest(pg_blocking_pids(pid)) as blocker from pg_stat_activity
                   where application_name like 'sectorwatch:{}:%') blocking",
            self.scene.name
        );
        self.database().client().run(&blockers);
    }

    /// Waits for the alerts, and looks at what their sections tell to look at.
    pub fn walk(&mut self) {
        for walk in self.scene.walks {
            self.expect(&format!("{} fires", walk.alert), self.patience, |stage| {
                stage.fired().contains(walk.alert).then_some(()).ok_or_else(|| stage.state())
            });
            for sign in walk.look {
                self.look(walk.alert, sign, false);
            }
        }
        self.expect("all fire", self.patience, |stage| {
            let fired = stage.fired();
            let missing = stage.scene.alerts.iter().find(|alert| !fired.contains(**alert));
            missing.map_or(Ok(()), |alert| Err(format!("{alert} does not; {}", stage.state())))
        });
        eprintln!("{}: {} s until all fired and were walked", self.scene.name, now() - self.began);
    }

    /// Waits until no alert fires any more, looks at what tells so, and compares all that fired.
    pub fn over(&mut self) {
        self.expect("all is over", self.patience, |stage| {
            let firing = stage.world.firing(stage.scene.name);
            firing.is_empty().then_some(()).ok_or_else(|| format!("{firing:?} fires"))
        });
        for walk in self.scene.walks {
            for sign in walk.over {
                self.look(walk.alert, sign, true);
            }
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

    /// Nobody looks at the instance any more.
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

    fn look(&mut self, alert: &'static str, sign: &Sign, is_over: bool) {
        let when = if is_over { "over" } else { "firing" };
        self.expect(&format!("{alert}, {when}: {sign:?}"), SOON, |stage| {
            stage.shows(alert, sign, is_over)
        });
    }

    /// Notes what does not come, and goes on: a walk tells all that it found.
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
            // Between two looks.
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
