//! SIGKILL at any point while the feed continues: the rows equal those of an undisturbed run over the
//! committed snapshots.

use std::{
    os::unix::process::ExitStatusExt as _,
    thread,
    time::{Duration, Instant},
};

use rand::Rng as _;
use sectorwatch_seed::Seed;

use crate::support::{
    documents::{Feed, START},
    dump,
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    long_tests,
    postgres::Database,
    replay::undisturbed,
    schedule::{self, BEACON, STEP_SECONDS, nobody_but_the_beacon, traffic},
    service::{PATIENCE, Service, Setup},
};

/// The feed publishes a little slower than the service polls.
const PUBLISH_EVERY: Duration = Duration::from_millis(150);
/// So that most polls can be killed during a fetch.
const FETCH_TAKES: Duration = Duration::from_millis(30);
/// A fifth of the grace period, so that no flight is lost only because the machine is slow.
const MOST_UNASKED: usize = 6;
/// Points of `SECTORWATCH_FAULT`, and how often each may be passed before it acts.
const POINTS: [(&str, u32); 6] = [
    ("cycle.fetch", 15),
    ("statement", 90),
    ("flights.committed", 10),
    ("contacts.committed", 3),
    ("sectors.inside", 10),
    ("sectors.committed", 10),
];

struct Run {
    feed: FeedServer,
    database: Database,
    published: Vec<Feed>,
    last: Instant,
}

impl Run {
    fn setup(&self) -> Setup {
        Setup::serve(&self.database, &self.feed)
    }

    fn publish(&mut self) {
        let number = i64::try_from(self.published.len()).expect("a small number");
        let document = traffic(number);
        let radios = Answer::ok(document.transceivers_json());
        self.feed.answer(TRANSCEIVERS, radios);
        let answer = Answer::ok(document.json()).after(FETCH_TAKES);
        self.feed.answer(MAIN, answer);
        self.published.push(document);
        self.last = Instant::now();
    }

    /// One run of the service, which ends by SIGKILL: its own, or that of `strike`, which gets the number of
    /// requests.
    fn until_killed(&mut self, setup: &Setup, mut strike: impl FnMut(&Service, usize)) {
        let (asked, begun) = (self.feed.requests(MAIN).len(), self.published.len());
        let mut service = setup.spawn();
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = service.ended() {
                break status;
            }
            assert!(Instant::now() < deadline, "not killed");
            let requests = self.feed.requests(MAIN).len() - asked;
            let may_publish = requests > 0 || self.published.len() < begun + MOST_UNASKED;
            if may_publish && self.last.elapsed() >= PUBLISH_EVERY {
                self.publish();
            }
            strike(&service, requests);
            // Between two looks.
            thread::sleep(Duration::from_millis(3));
        };
        assert_eq!(status.signal(), Some(9), "{status}: {:#?}", service.log());
    }

    /// All flights but the beacon leave, and the last visits end.
    fn run_out(&mut self) {
        let mut service = self.setup().start();
        for _ in 0..40 {
            let number = i64::try_from(self.published.len()).expect("a small number");
            let document = nobody_but_the_beacon(number);
            service.take(&self.feed, &document);
            self.published.push(document);
        }
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }

    /// The snapshots with a committed flights transaction.
    fn committed(&self) -> Vec<Feed> {
        let numbers = self.database.client().column(&format!(
            "select extract(epoch from p.observed_at - timestamptz '{START}')::bigint
                 / {STEP_SECONDS}
             from flight_positions p join flights f on f.id = p.flight_id
             where f.callsign = '{BEACON}' order by 1"
        ));
        let numbers = numbers.iter().map(|number| number.parse::<usize>());
        numbers.map(|number| self.published[number.expect("a number")].clone()).collect()
    }
}

#[test]
fn a_kill_costs_no_more_than_the_snapshot_being_fetched() {
    let mut run = Run {
        feed: FeedServer::start(),
        database: Database::migrated(),
        published: Vec::new(),
        last: Instant::now(),
    };
    let mut rng = Seed::of_this_run().rng();
    for _ in 0..if long_tests() { 5 } else { 2 } {
        for (point, most) in POINTS {
            let fault = format!("{point}=kill@{}", rng.random_range(1..=most));
            eprintln!("{fault} after {} publications", run.published.len());
            let setup = run.setup().fault(&fault);
            run.until_killed(&setup, |_, _| {});
        }
        // A request was sent, and its answer has not arrived.
        let at = rng.random_range(2..=15);
        let moment = FETCH_TAKES.mul_f64(rng.random_range(0.0..1.0));
        eprintln!("in fetch {at} after {moment:?}");
        let setup = run.setup();
        run.until_killed(&setup, |service, requests| {
            if requests >= at {
                // The kill comes at any moment, which nothing announces.
                thread::sleep(moment);
                service.signal(nix::sys::signal::Signal::SIGKILL);
            }
        });
    }
    run.run_out();

    let committed = run.committed();
    eprintln!("{} of {} committed", committed.len(), run.published.len());
    let reference = undisturbed(&committed);
    dump::assert_equal(&run.database.dump(), &reference.dump());

    // The comparison would not show errors in the rules themselves.
    let client = run.database.client();
    let left_open = format!(
        "select count(*) from flight_sector_occupancy
         where exit_timestamp is null and callsign <> '{BEACON}'"
    );
    assert_eq!(client.count(&left_open), 0);
    let reasons = "select distinct exit_reason from flight_sector_occupancy
                   where exit_reason is not null order by 1";
    assert_eq!(client.column(reasons), ["crossed", "disconnected", "left", "slow"]);
    for callsign in schedule::cruisers() {
        let visits =
            format!("select count(*) from flight_sector_occupancy where callsign = '{callsign}'");
        assert_eq!(client.count(&visits), 1, "{callsign} was split");
    }
}
