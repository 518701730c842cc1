//! A poller's thread that ends in the middle of its work takes nobody's connection with it.

use super::*;
use crate::support::{dump, leaks::Series, proxy::Proxy, replay::undisturbed, schedule::traffic};

const CLOSED: &str = "sectorwatch_db_pool_connections_closed_total";
const CREATED: &str = "sectorwatch_db_pool_connections_created_total";

/// A service whose poller's thread ends at `fault`, with the third snapshot, under load on the web's
/// pool.
struct Doomed {
    feed: FeedServer,
    database: Database,
    /// Open as long as the service.
    _proxy: Proxy,
    service: Service,
    crowd: Crowd,
    before: Counters,
}

impl Doomed {
    fn start(fault: &str, lifetime: &str) -> Self {
        let (feed, database) = (FeedServer::start(), Database::migrated());
        let proxy = Proxy::before(&database);
        let setup = Setup::serve(&database, &feed)
            .env("DATABASE_URL", &proxy.url_of(&database))
            .env("SECTORWATCH_READ_DATABASE_URL", &database.url())
            .env("SECTORWATCH_READ_POOL_SIZE", "2")
            .env("SECTORWATCH_INGEST_POOL_SIZE", "2")
            .env("SECTORWATCH_CONNECTION_MAX_LIFETIME", lifetime)
            .env("SECTORWATCH_AUDIT_INTERVAL", "1s")
            .fault(fault);
        let mut service = setup.start();
        service.take(&feed, &traffic(0));
        service.take(&feed, &traffic(1));
        await_rest(&mut service);
        let visitor = Visitor { path: history_of(BEACON), manners: Manners::Waits };
        let crowd = Crowd::of(setup.address(), vec![visitor; 20]);
        let before = counters(&service);
        Self { feed, database, _proxy: proxy, service, crowd, before }
    }

    fn await_successor(&mut self) {
        self.service.wait_until("a successor", PATIENCE, |it| {
            it.metric("sectorwatch_poller_restarts_total{reason=\"exit\"}") == 1.0
        });
    }

    /// Nobody but the poller noticed, and it lost nothing.
    fn assert_unharmed(mut self) -> Series {
        let service = &mut self.service;
        service.wait_until("the third snapshot", PATIENCE, |it| it.cycles_of("success") == 3);
        service.take(&self.feed, &traffic(3));
        for answers in self.crowd.end().into_values() {
            assert_eq!(answers.failed, Vec::<String>::new());
            assert_eq!(answers.by_status.keys().collect::<Vec<_>>(), [&200]);
            assert!(answers.answered() >= 20);
        }
        await_rest(service);
        let after = counters(service);
        assert_eq!(after.leaked_since(&self.before), Series::new());
        for reason in ["broken", "invalid"] {
            let closed = format!("{CLOSED}{{pool=\"read\",reason=\"{reason}\"}}");
            assert_eq!(service.metric(&closed), 0.0, "{reason}");
        }
        let documents: Vec<_> = (0..4).map(traffic).collect();
        dump::assert_equal(&self.database.dump(), &undisturbed(&documents).dump());
        assert_eq!(self.service.terminate(PATIENCE).code, Some(0));
        after.moved_since(&self.before)
    }
}

#[test]
fn a_thread_that_ends_between_two_leases_leaves_its_connections_to_its_successor() {
    // It fetches the radios then.
    let mut doomed = Doomed::start("controllers.committed=stop@3", "30m");
    let created = format!("{CREATED}{{pool=\"ingest\"}}");
    let before = doomed.service.metric(&created);
    doomed.feed.publish(&traffic(2));
    doomed.await_successor();
    // What its thread had committed is not committed again.
    doomed.service.wait_until("it polls again", PATIENCE, |it| it.cycles_of("unchanged") > 2);
    assert_eq!(doomed.service.metric(&created), before);
    doomed.service.take(&doomed.feed, &traffic(3));
    assert_eq!(doomed.service.metric(&created), before);
    assert_eq!(doomed.service.cycles_of("success"), 3);
}

#[test]
fn a_thread_that_ends_in_a_statement_costs_its_own_connection_alone() {
    let mut doomed = Doomed::start("flights.inside=stop@3", "30m");
    let held = doomed.database.client();
    held.run("begin; lock table flight_positions in share mode");
    doomed.feed.publish(&traffic(2));
    doomed.await_successor();
    held.run("commit");
    let moved = doomed.assert_unharmed();
    let closed = format!("{CLOSED}{{pool=\"ingest\",reason=\"in_transaction\"}}");
    assert_eq!(moved.get(&closed), Some(&1.0), "{moved:?}");
}
