//! A client that applies all events of the simulated network holds what `live` says, whatever happens to the service.

use nix::sys::signal::Signal;

use super::*;
use crate::support::long_tests;

/// Simulated seconds per second of the feed.
const PACE: f64 = 4.0;

fn publish(world: &World, feed: &FeedServer, at: DateTime<Utc>) {
    let publication = world.snapshot(at);
    feed.answer(TRANSCEIVERS, Answer::ok(&publication.transceivers_json));
    feed.answer(MAIN, Answer::ok(&publication.main_json));
}

#[test]
fn applied_events_are_what_live_says_at_each_mark_through_kills() {
    let (cycles, killed_every) = if long_tests() { (500, 60) } else { (45, 20) };
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed);
    let world = World::new(SimulatorSettings {
        pilots: 150,
        domestic_percent: 60,
        pace: PACE,
        ..SimulatorSettings::default()
    });
    let begin = SimulatorSettings::default().start + TimeDelta::hours(3);
    let at = |number: i32| begin + TimeDelta::seconds(15) * number;
    publish(&world, &feed, at(0));
    let mut service = setup.start();
    let mut mirror = Mirror::default();
    let mut client = EventClient::connect(service.address(), None);
    let (mut told, mut last_id) = (std::collections::BTreeMap::<String, usize>::new(), None);
    for number in 0..cycles {
        publish(&world, &feed, at(number));
        let mark = serde_json::to_value(at(number)).expect("JSON");
        while *mirror.mark() != mark {
            match client.event() {
                Some(event) => {
                    assert!(event.id >= last_id, "ids grow");
                    (last_id, *told.entry(event.name.clone()).or_default()) =
                        (event.id, told.get(&event.name).unwrap_or(&0) + 1);
                    mirror.apply(&event);
                }
                None => client = EventClient::connect(service.address(), last_id),
            }
        }
        let shown = live(&service);
        assert_eq!(shown["mark"], mark);
        assert_eq!(mirror.answer, shown, "at {mark}, cycle {number}");
        if number % killed_every == killed_every - 1 {
            // In the middle of a cycle.
            publish(&world, &feed, at(number + 1));
            service.signal(Signal::SIGKILL);
            service.finish(PATIENCE);
            service = setup.start();
            client = EventClient::connect(service.address(), last_id);
        }
    }
    let flights = mirror.answer["data"]["flights"].as_array().map_or(0, Vec::len);
    assert!(flights > 10, "{flights} flights");
    eprintln!("{told:?}, {flights} flights at the end");
    assert!(told["cycle"] + 10 > cycles as usize, "{told:?}");
}
