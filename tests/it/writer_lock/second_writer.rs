//! Who may write: one at a time, and never the demo with the network.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    database_errors::{document, setup, start, undisturbed},
    support::{
        feed_server::FeedServer,
        postgres::Database,
        replay,
        service::{PATIENCE, Setup},
    },
};

#[test]
fn a_second_writer_waits_and_then_says_who_writes() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = setup(&database, &feed).env("SECTORWATCH_INSTANCE", "first");
    let mut service = start(&setup, &feed);
    let recording = replay::recorded(&[document(1)]);
    let begun = Instant::now();
    let serve = Setup::serve(&database, &feed).spawn();
    let replay = replay::setup(&[&recording], &database, &[]).spawn();
    for second in [serve, replay] {
        let ended = second.finish(PATIENCE);
        assert!(begun.elapsed() > Duration::from_secs(10), "it did not wait");
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        let last = ended.stderr.lines().last().unwrap_or_default();
        let says = "another sectorwatch writes this database: instance first (boot ";
        assert!(last.contains(says) && last.contains("), since 20"), "{last}");
    }
    assert_eq!(database.client().count("select count(*) from flight_positions"), 1);
    service.take(&feed, &document(1));
    assert_eq!(service.logged("cycles fail").len(), 0);

    // One that ends while another waits is followed by it.
    let mut next = Setup::serve(&database, &feed).spawn();
    thread::sleep(Duration::from_secs(1));
    let ended = service.terminate(PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    next.wait_until("the successor serves", PATIENCE, |it| it.try_get("/livez").is_some());
    next.take(&feed, &document(2));
    assert_eq!(database.dump(), undisturbed());
}

#[test]
fn the_demo_and_the_network_never_share_a_database() {
    let recording = replay::recorded(&[document(0)]);
    let refusal = |setup: Setup| {
        let ended = setup.run();
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        ended.stderr.lines().last().unwrap_or_default().to_owned()
    };
    let demo_on = |database: &Database| {
        Setup::bare(&["serve", "--demo"])
            .env("DATABASE_URL", &database.url())
            .env("SECTORWATCH_POLL_INTERVAL", "200ms")
    };
    let real = Database::migrated();
    assert_eq!(replay::replay(&[&recording], &real, &[]).code, Some(0));
    let before = real.dump();
    let last = refusal(demo_on(&real));
    assert!(last.contains("this database holds real data"), "{last}");
    assert_eq!(real.dump(), before);

    let simulated = Database::fresh();
    for _ in 0..2 {
        let mut demo = demo_on(&simulated).start();
        demo.await_cycles("success", 1);
        assert_eq!(demo.status()["simulated"], true);
        let ended = demo.terminate(PATIENCE);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let before = simulated.dump();
    let serve = Setup::serve(&simulated, &FeedServer::start());
    for setup in [serve, replay::setup(&[&recording], &simulated, &[])] {
        let last = refusal(setup);
        assert!(last.contains("this database holds simulated data"), "{last}");
    }
    assert_eq!(simulated.dump(), before);
}
