//! Clients that come back.

use super::*;

fn document(number: i64) -> Feed {
    let sector = if number % 2 == 0 { "SYD" } else { "MEL" };
    Feed::second(15 * number).pilot(Pilot::new("QFA1", 1).inside(sector))
}

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

#[test]
fn a_client_that_comes_back_misses_nothing_and_gets_nothing_twice() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed);
    let mut service = setup.start();
    take(&mut service, &feed, &document(0));
    let mut client = EventClient::connect(service.address(), None);
    let mut mirror = Mirror::default();
    mirror.apply(&client.event().expect("a snapshot"));
    take(&mut service, &feed, &document(1));
    let last = client.event().expect("a cycle");
    mirror.apply(&last);
    drop(client);
    for number in 2..=4 {
        take(&mut service, &feed, &document(number));
    }
    let mut client = EventClient::connect(service.address(), last.id);
    let missed: Vec<_> = (0..3).map(|_| client.event().expect("a cycle")).collect();
    assert_eq!(names(&missed), ["cycle"; 3]);
    missed.iter().for_each(|event| mirror.apply(event));
    assert_eq!(mirror.answer, live(&service));
    let up_to_date = missed[2].id;

    // A client with everything gets nothing until something changes; one with an id of nobody gets everything.
    let mut same = EventClient::connect(service.address(), up_to_date);
    let mut other = EventClient::connect(service.address(), up_to_date.map(|id| id + 1));
    assert_eq!(other.event().expect("a snapshot").name, "snapshot");
    take(&mut service, &feed, &document(5));
    let next = same.event().expect("a cycle");
    assert_eq!((next.name.as_str(), &next), ("cycle", &client.event().expect("a cycle")));

    // After a restart of the service, nobody knows what led there.
    service.signal(nix::sys::signal::Signal::SIGKILL);
    service.finish(PATIENCE);
    let mut service = setup.start();
    await_shown(&mut service, &document(5));
    let mut client = EventClient::connect(service.address(), next.id);
    assert_eq!(client.event().expect("a snapshot").name, "snapshot");
    take(&mut service, &feed, &document(6));
    assert_eq!(client.event().expect("a cycle").name, "cycle");
}

#[test]
fn what_others_deleted_is_shown_anew_without_a_cycle() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    take(&mut service, &feed, &document(0));
    let mut client = EventClient::connect(service.address(), None);
    assert_eq!(client.event().expect("a snapshot").name, "snapshot");
    database.client().run(
        "delete from flight_sector_occupancy; delete from flight_radio_intervals; \
         delete from pending_transitions; delete from flight_positions; delete from flights; \
         update collector_state set data_version = data_version + 1",
    );
    let anew = client.event().expect("a snapshot");
    assert_eq!(anew.name, "snapshot");
    assert_eq!(anew.data["data"]["flights"], json!([]));
    assert_eq!(live(&service), anew.data);
}
