//! A database that is slow, busy or away: what a client of the API is told.

use std::{io::Write as _, net::TcpStream, thread, time::Duration};

use super::{client::send, world::World};
use crate::support::{http::Answered, service::PATIENCE, sql::Client};

const PATH: &str = "/api/v1/visits?to=2025-01-10T00:00:00Z";

fn is_problem(answer: &Answered, status: u16, code: &str) {
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (status, &code.into()),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("retry-after").is_some(), status == 503, "{}", answer.text());
}

#[test]
fn a_database_that_cannot_be_read_has_its_errors() {
    let mut world = World::with(|setup| {
        setup
            .env("SECTORWATCH_READ_POOL_SIZE", "1")
            .env("SECTORWATCH_ACQUIRE_TIMEOUT", "500ms")
            .env("SECTORWATCH_STATEMENT_TIMEOUT", "2s")
    });
    assert_eq!(world.get(PATH).status, 200);
    let address = world.service.address();
    let blocker = world.database.client();
    blocker.run("begin; lock table flight_sector_occupancy in access exclusive mode");
    // The first holds the only connection until the statement is cut; the others wait for it in vain.
    let first = thread::spawn(move || send(address, "GET", PATH, &[]));
    // The first must be there before the others, and no page tells when it waits for the lock.
    thread::sleep(Duration::from_millis(300));
    is_problem(&world.get(PATH), 503, "busy");
    is_problem(&first.join().expect("an answer"), 504, "timeout");
    blocker.run("rollback");
    assert_eq!(world.get(PATH).status, 200);
    those_who_go_are_counted_by_route(&mut world, &blocker);
    let (name, server) = (world.database.name(), world.database.server().client());
    server.run(&format!("alter database \"{name}\" with allow_connections false"));
    server.run(&format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    ));
    is_problem(&world.get(PATH), 503, "database_error");
    let head = send(address, "HEAD", PATH, &[]);
    assert_eq!((head.status, head.body.len()), (503, 0));
    server.run(&format!("alter database \"{name}\" with allow_connections true"));
}

/// Clients that go while nothing can be read.
fn those_who_go_are_counted_by_route(world: &mut World, blocker: &Client) {
    let address = world.service.address();
    for (route, path) in [
        ("/api/v1/flights", "/api/v1/flights"),
        ("/api/v1/flights/{id}", "/api/v1/flights/3"),
        ("/api/v1/flights/{id}/track", "/api/v1/flights/3/track"),
        ("/api/v1/flights/{id}/track.{format}", "/api/v1/flights/3/track.kml"),
        ("/api/v1/flights/{id}/visits", "/api/v1/flights/3/visits"),
        ("/api/v1/flights/{id}/contacts", "/api/v1/flights/3/contacts"),
        ("/api/v1/visits", "/api/v1/visits"),
        ("/api/v1/sectors", "/api/v1/sectors"),
        ("/api/v1/sectors/{id}", "/api/v1/sectors/SYD"),
        ("/api/v1/sectors/{id}/occupancy", "/api/v1/sectors/SYD/occupancy"),
        ("/api/v1/controllers/sessions", "/api/v1/controllers/sessions"),
        ("/api/v1/controllers/hours", "/api/v1/controllers/hours"),
        ("/api/v1/positions/{callsign}/staffing", "/api/v1/positions/SY_APP/staffing"),
        ("/api/v1/airports/{icao}/movements", "/api/v1/airports/YSSY/movements"),
        ("/api/v1/coverage", "/api/v1/coverage?by=hour"),
        ("/sectors", "/sectors"),
        ("/sectors/{id}", "/sectors/SYD"),
        ("/flights/{id}", "/flights/3"),
        ("/controllers", "/controllers"),
        ("/airports/{icao}", "/airports/YSSY"),
        ("/coverage", "/coverage"),
    ] {
        blocker.run("begin; lock table collector_state in access exclusive mode");
        let mut client = TcpStream::connect(address).expect("connect");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        client.write_all(request.as_bytes()).expect("send");
        let running = "sectorwatch_http_requests_in_flight";
        world.service.wait_until("it is asked for", PATIENCE, |it| it.metric(running) >= 2.0);
        drop(client);
        let series = format!("sectorwatch_http_requests_abandoned_total{{route=\"{route}\"}}");
        world.service.wait_until(&series, PATIENCE, |it| it.metric(&series) >= 1.0);
        blocker.run("rollback");
    }
}
