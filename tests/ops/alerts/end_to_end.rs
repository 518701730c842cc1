//! Real faults, a real Prometheus, and the real rules in a hurry.

use std::{
    collections::BTreeSet,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{RULES, haste::hurried};
use crate::{
    files,
    prometheus::{Prometheus, targets},
    support::{
        crowd::{Crowd, Manners, Visitor},
        documents::{Feed, Pilot},
        feed_server::FeedServer,
        postgres::Database,
        service::{Service, Setup},
        sql::Client,
    },
};
use chrono::{SecondsFormat, TimeDelta, Utc};

/// For an alert to come or to go.
const PATIENCE: Duration = Duration::from_secs(90);
/// The poller's thread stands still for so long: longer than what HeartbeatLost waits for.
const BLOCKED_MS: u32 = 45_000;
/// Long enough for a publication to be stale.
const OLD: TimeDelta = TimeDelta::seconds(400);

/// Instances, each with its fault.
const WELL: &str = "well";
const LEAKING: &str = "leaking";
const EXHAUSTED: &str = "exhausted";
const DEAD: &str = "dead";
const STALE: &str = "stale";

#[test]
fn each_fault_brings_its_alert_and_its_end_takes_it_away() {
    let mut world = World::start();

    world.await_firing(LEAKING, "SectorwatchPoolLeakConfirmed");
    world.await_firing(EXHAUSTED, "SectorwatchPoolExhausted");
    world.assert_blocked_as_the_runbook_says();
    world.let_go();
    world.await_firing(STALE, "SectorwatchFeedStale");
    world.assert_told(STALE, "SectorwatchFeedStale");
    world.feed_is_stale.store(false, Ordering::SeqCst);
    world.await_firing(DEAD, "SectorwatchPollStalled");
    world.await_firing(DEAD, "SectorwatchPollerHeartbeatLost");

    world.await_silence(EXHAUSTED, "SectorwatchPoolExhausted");
    world.await_silence(STALE, "SectorwatchFeedStale");
    world.await_silence(LEAKING, "SectorwatchPoolLeakConfirmed");
    world.await_silence(DEAD, "SectorwatchPollerHeartbeatLost");
    world.await_silence(DEAD, "SectorwatchPollStalled");

    world.assert_logged(LEAKING, &["a session leaked", "sessions that leaked were ended"]);
    assert_eq!(world.fired(WELL), [].into(), "nothing was wrong there");
    assert_eq!(world.fired(LEAKING), ["SectorwatchPoolLeakConfirmed".to_owned()].into());
    assert_eq!(world.fired(STALE), ["SectorwatchFeedStale".to_owned()].into());
}

/// Five services, and who watches them.
struct World {
    prometheus: Prometheus,
    /// Of the instance that has one too few.
    holder: Client,
    crowd: Option<Crowd>,
    feed_is_stale: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    publisher: Option<thread::JoinHandle<()>>,
    instances: Vec<Instance>,
}

struct Instance {
    name: &'static str,
    service: Service,
    setup: Setup,
    database: Database,
    _feed: Arc<FeedServer>,
}

impl Instance {
    fn start(
        name: &'static str,
        feed: Arc<FeedServer>,
        change: impl FnOnce(Setup) -> Setup,
    ) -> Self {
        let database = Database::migrated();
        let setup = Setup::serve(&database, &feed)
            .env("SECTORWATCH_INSTANCE", name)
            .env("SECTORWATCH_POLL_INTERVAL", "1s");
        let setup = change(setup);
        Self { name, service: setup.start(), setup, database, _feed: feed }
    }
}

impl World {
    fn start() -> Self {
        let feed_is_stale = Arc::new(AtomicBool::new(true));
        let stop = Arc::new(AtomicBool::new(false));
        let (feed, stale_feed) = (Arc::new(FeedServer::start()), Arc::new(FeedServer::start()));
        let publisher = {
            let (feed, stale_feed) = (feed.clone(), stale_feed.clone());
            let (stale, stop) = (feed_is_stale.clone(), stop.clone());
            thread::spawn(move || publish(&feed, &stale_feed, &stale, &stop))
        };
        let instances = vec![
            Instance::start(WELL, feed.clone(), |setup| setup),
            Instance::start(LEAKING, feed.clone(), |setup| setup.fault("release.flights=forget@6")),
            Instance::start(EXHAUSTED, feed.clone(), |setup| {
                setup.env("SECTORWATCH_READ_POOL_SIZE", "2")
            }),
            Instance::start(DEAD, feed, |setup| {
                // Its supervisor looks away: the alert is for when nobody mends it.
                let setup = setup.env("SECTORWATCH_FAULT_STALL_MS", "600000");
                setup.fault(&format!("cycle.fetch=block:{BLOCKED_MS}@6"))
            }),
            Instance::start(STALE, stale_feed, |setup| setup),
        ];
        let dir = Prometheus::dir();
        let addresses: Vec<_> = instances.iter().map(|it| (it.name, it.setup.address())).collect();
        for (file, text) in
            [(RULES, hurried()), ("dashboards/targets/test.yml", targets(&addresses))]
        {
            let file = dir.join(file);
            fs::create_dir_all(file.parent().expect("a directory")).expect("create a directory");
            fs::write(file, text).expect("write");
        }
        let configuration = files::read("prometheus.yml").replace("15s", "1s").replace("10s", "1s");
        let prometheus = Prometheus::start(&dir, &configuration);

        let exhausted = instances.iter().find(|it| it.name == EXHAUSTED).expect("started");
        let holder = exhausted.database.client();
        holder.run("begin; lock table flights in access exclusive mode");
        let visitor = Visitor { path: "/api/flights/QFA1".to_owned(), manners: Manners::Waits };
        let crowd = Some(Crowd::of(exhausted.setup.address(), vec![visitor; 6]));
        Self {
            prometheus,
            holder,
            crowd,
            feed_is_stale,
            stop,
            publisher: Some(publisher),
            instances,
        }
    }

    /// Ends what exhausts the pool.
    fn let_go(&mut self) {
        self.holder.run("rollback");
        self.crowd.take().expect("still there").end();
    }

    fn instance(&self, name: &str) -> &Instance {
        self.instances.iter().find(|it| it.name == name).expect("started")
    }

    /// The server names the session that all wait for.
    fn assert_blocked_as_the_runbook_says(&self) {
        let holder = self.holder.one("select pg_backend_pid()");
        let blocked = format!(
            "select count(*) from pg_stat_activity where application_name like 'sectorwatch%'
             and {holder} = any(pg_blocking_pids(pid))"
        );
        let database = &self.instance(EXHAUSTED).database;
        assert!(database.client().count(&blocked) > 0, "nobody waits for {holder}");
    }

    /// The status names the alert, among its reasons.
    fn assert_told(&self, instance: &str, alert: &str) {
        let status = self.instance(instance).service.status();
        let reasons = status["reasons"].as_array().expect("reasons");
        assert!(reasons.iter().any(|reason| reason["alert"] == alert), "{status}");
    }

    /// What the runbook tells to look for is there.
    fn assert_logged(&self, instance: &str, messages: &[&str]) {
        let service = &self.instance(instance).service;
        for message in messages {
            assert_eq!(service.logged(message).len(), 1, "{message}: {:#?}", service.log());
        }
    }

    /// It may be over already when the machine is slow.
    fn await_firing(&self, instance: &str, alert: &str) {
        let what = format!("{alert} of {instance} fires");
        self.wait_until(&what, || self.fired(instance).contains(alert));
    }

    fn await_silence(&self, instance: &str, alert: &str) {
        self.wait_until(&format!("{alert} of {instance} is over"), || {
            !self.is_firing(instance, alert)
        });
    }

    fn wait_until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(
                begun.elapsed() < PATIENCE,
                "not within {PATIENCE:?}: {what}\n{}",
                self.prometheus.api("/api/v1/alerts")
            );
            thread::sleep(Duration::from_millis(250));
        }
        eprintln!("after {:.0} s: {what}", begun.elapsed().as_secs_f64());
    }

    fn is_firing(&self, instance: &str, alert: &str) -> bool {
        let alerts = self.prometheus.api("/api/v1/alerts");
        let mut alerts = alerts["alerts"].as_array().expect("alerts").iter();
        alerts.any(|it| {
            let labels = &it["labels"];
            it["state"] == "firing"
                && labels["instance"] == instance
                && labels["alertname"] == alert
        })
    }

    /// Every alert that fired since the start.
    fn fired(&self, instance: &str) -> BTreeSet<String> {
        let expr = format!(
            "count_over_time(ALERTS{{alertstate=\"firing\",instance=\"{instance}\"}}[10m])"
        );
        let name = |series: &serde_json::Value| {
            series["metric"]["alertname"].as_str().expect("a name").to_owned()
        };
        self.prometheus.query(&expr).iter().map(name).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(publisher) = self.publisher.take() {
            let _ = publisher.join();
        }
    }
}

/// A publication each second; one of the two feeds dates them back for as long as it is stale.
fn publish(feed: &FeedServer, stale_feed: &FeedServer, is_stale: &AtomicBool, stop: &AtomicBool) {
    let document = |back: TimeDelta| {
        let time = (Utc::now() - back).to_rfc3339_opts(SecondsFormat::Micros, true);
        let pilot = Pilot::new("QFA1", 1).inside("SYD").kt(200).last_updated(&time);
        Feed::at(&time).pilot(pilot)
    };
    while !stop.load(Ordering::SeqCst) {
        feed.publish(&document(TimeDelta::zero()));
        let back = if is_stale.load(Ordering::SeqCst) { OLD } else { TimeDelta::zero() };
        stale_feed.publish(&document(back));
        thread::sleep(Duration::from_secs(1));
    }
}
