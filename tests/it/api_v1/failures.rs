//! A database that is slow, busy or away: what a client of the API is told.

use std::{thread, time::Duration};

use super::{client::send, world::World};
use crate::support::http::Answered;

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
    let world = World::with(|setup| {
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
