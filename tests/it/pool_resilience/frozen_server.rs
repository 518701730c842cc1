//! A server that stands still: it takes connections, and never answers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::*;
use crate::support::{leaks::Series, long_tests, postgres::Server, schedule::traffic};

const ACQUIRE: Duration = Duration::from_secs(1);
const STATEMENT: Duration = Duration::from_secs(2);
/// For what needs no database: the machine may be busy.
const AT_ONCE: Duration = Duration::from_secs(2);

/// A server that moves again when the test ends, however it ends.
struct Frozen(Arc<Server>);

impl Frozen {
    fn new(server: &Arc<Server>) -> Self {
        server.freeze();
        Self(server.clone())
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.0.thaw();
    }
}

#[test]
fn a_server_that_stands_still_silences_no_page_but_its_own() {
    let time = Duration::from_secs(if long_tests() { 60 } else { 8 });
    let (server, feed) = (Server::own(&[]), FeedServer::start());
    let database = Database::migrated_on(server.clone());
    let setup = impatient(&database, &feed);
    let mut service = setup.start();
    service.take(&feed, &traffic(0));
    // So that the pool has a session: a new one cannot be had while the server stands still.
    service.get(&history_of(BEACON));
    await_rest(&mut service);
    let before = counters(&service);

    let frozen = Frozen::new(&server);
    feed.publish(&traffic(1));
    // Somebody who does not go away is in the middle of a statement.
    let visitor = Visitor { path: history_of(BEACON), manners: Manners::Waits };
    let held = Crowd::of(setup.address(), vec![visitor; READ_POOL + 1]);
    service.wait_until("a history is read", PATIENCE, |it| {
        let out = "sectorwatch_db_pool_checked_out_connections_by_owner{owner=\"api\"}";
        it.metric(out) > 0.0
    });
    let crowd = Crowd::of(setup.address(), half_of_them_hang_up(100));
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < time {
        for page in ["/api/status?always200=1", "/metrics", "/livez"] {
            let asked = Instant::now();
            assert_eq!(service.get(page).status, 200, "{page}");
            times.push(asked.elapsed());
        }
    }
    let answers = crowd.end();
    // A page that needs the server waits each time; a busy machine lets one wait now and then, and two of few.
    times.sort();
    let slow = times[(times.len() * 97 / 100).min(times.len().saturating_sub(3))];
    eprintln!("97 of 100 of status, metrics and livez took {slow:?} at most, of {}", times.len());
    assert!(slow < AT_ONCE, "{slow:?} of {}", times.len());
    service.wait_until("the probe gives up", PATIENCE, |it| {
        it.status()["database"]["reachable"] == false
    });
    for (path, answers) in answers.into_iter().chain(held.end()) {
        assert_eq!(answers.failed, Vec::<String>::new(), "{path}");
        let is_history = path != "/api/status";
        // All were answered while the server stood still, which is what counts; a busy machine may be late itself.
        let [usual, slowest] = [50, 100].map(|percent| answers.percentile(percent));
        assert!(usual < ACQUIRE + STATEMENT + AT_ONCE, "{path}: {usual:?}");
        assert!(slowest < PATIENCE, "{path}: {slowest:?}");
        let refused = answers.by_status.keys().eq([&503]);
        // The status says 503 only once the server was out of reach for 30 s.
        assert!(refused || !is_history, "{path}: {:?}", answers.by_status);
    }

    drop(frozen);
    service.wait_until("stored after all", PATIENCE, |it| it.cycles_of("success") == 2);
    service.take(&feed, &traffic(2));
    await_rest(&mut service);
    let after = counters(&service);
    assert_eq!(after.leaked_since(&before), Series::new());
    let moved = after.moved_since(&before);
    let of = |name: &str| -> f64 {
        moved.iter().filter(|(series, _)| series.contains(name)).map(|(_, by)| by).sum()
    };
    assert_eq!(of("leak_suspects_total"), of("leak_suspects_returned_total"), "{moved:?}");
    assert_eq!(of("cancelled_queries"), 0.0, "{moved:?}");
    assert_whole(&mut service, setup.address(), &database);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
}

fn impatient(database: &Database, feed: &FeedServer) -> Setup {
    let ms = |time: Duration| format!("{}ms", time.as_millis());
    crowded(database, feed)
        .env("SECTORWATCH_ACQUIRE_TIMEOUT", &ms(ACQUIRE))
        .env("SECTORWATCH_STATEMENT_TIMEOUT", &ms(STATEMENT))
}
