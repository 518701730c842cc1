//! A server that goes while an export is made.

use std::{
    fs::{self, File},
    io::Read as _,
    thread,
};

use nix::{sys::stat::Mode, unistd::mkfifo};

use super::{
    scene::{MORE, ROUTE, SPAN, path, token},
    slow::Slow,
};
use crate::{
    api_v1::{client::send, world::World},
    support::{
        postgres::{Database, Server},
        scratch,
        service::{PATIENCE, Setup},
    },
};

#[test]
fn what_breaks_off_has_no_end() {
    let database = Database::migrated_on(Server::own(&[]));
    let mut world = World::on(database, |setup| setup);
    world.sql.run(MORE);
    // So many that the last page is not read ahead yet.
    world.sql.run(
        "insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude) \
         select f, timestamptz '2025-01-06 12:00Z' + s * interval '1 minute', 0, 0, 0 \
         from generate_series(1, 150) f, generate_series(0, 99) s",
    );
    let (address, path) = (world.service.address(), path("positions", "csv", SPAN));
    those_who_go_are_counted(&mut world, &path);
    what_comes_later_is_not_in_it(&world);
    let (client, first) = Slow::ask(address, &path);
    assert!(first.starts_with("HTTP/1.1 200 OK\r\n"), "{first}");
    // What the command writes is a pipe here, so that it has to wait for us.
    let (file, (from, to)) = (scratch::dir("broken").join("file"), SPAN);
    let part = file.with_extension("part");
    mkfifo(&part, Mode::S_IRWXU).expect("a pipe");
    let name = file.to_str().expect("UTF-8");
    let asked = ["export", "positions", "--format", "csv", "--from", from, "--to", to, "-o", name];
    let mut command = Setup::bare(&asked).env("DATABASE_URL", &world.database.url()).spawn();
    let mut pipe = File::open(&part).expect("the other end");
    let mut written = vec![0; 100];
    pipe.read_exact(&mut written).expect("the first rows");
    world.database.server().stop();
    let draining = thread::spawn(move || pipe.read_to_end(&mut written));
    let rest = client.rest();
    assert!(rest.len() > 100_000, "pages that were read are sent: {} bytes", rest.len());
    assert!(!rest.ends_with(b"0\r\n\r\n"), "no last chunk");
    let status = command.await_end(PATIENCE);
    assert_eq!(status.code(), Some(1), "{:?}", command.log());
    draining.join().expect("no panic").expect("to its end");
    assert!(command.log().iter().any(|line| line.contains("the export broke off")));
    assert!(!file.exists() && fs::metadata(&part).is_err(), "nothing has that name");
    world
        .service
        .wait_until("the log says so", PATIENCE, |it| it.logged("an export broke off").len() == 1);
    let (name, value) = token();
    for method in ["GET", "HEAD"] {
        let answer = send(address, method, &path, &[(name, &value)]);
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")), "{method}");
    }
    let cut = "sectorwatch_http_connections_closed_total{reason=\"write_timeout\"}";
    assert_eq!(world.service.metric(cut), 0.0, "it was not the client's fault");
}

/// Rows that are stored, and a mark that moves on, while a client takes its time.
fn what_comes_later_is_not_in_it(world: &World) {
    let stored = "select count(*) from flight_positions where observed_at >= '2025-01-06'";
    let before = world.sql.count(stored);
    let span = (SPAN.0, "2025-02-01T00:00:00Z");
    let (client, _) = Slow::ask(world.service.address(), &path("positions", "ndjson", span));
    world.sql.run(
        "create table positions_of_the_10th partition of flight_positions \
         for values from ('2025-01-10') to ('2025-01-11'); \
         insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude) \
         select f, '2025-01-10 12:35Z', 0, 0, 0 from generate_series(1, 150) f; \
         update collector_state set mark = '2025-01-10 12:35Z'",
    );
    assert_eq!(world.sql.count(stored), before + 150);
    let rest = String::from_utf8(client.rest()).expect("UTF-8");
    let end = format!("{{\"end\":true,\"rows\":{before}}}\n\r\n0\r\n\r\n");
    assert!(rest.ends_with(&end), "not {end}, but {}", &rest[rest.len() - 100..]);
}

/// Clients that go while their rows are counted.
fn those_who_go_are_counted(world: &mut World, path: &str) {
    let blocker = world.database.client();
    blocker.run("begin; lock table collector_state in access exclusive mode");
    let client = Slow::send(world.service.address(), path);
    let running = "sectorwatch_http_requests_in_flight";
    world.service.wait_until("it is asked for", PATIENCE, |it| it.metric(running) >= 2.0);
    drop(client);
    let abandoned = format!("sectorwatch_http_requests_abandoned_total{{route=\"{ROUTE}\"}}");
    world.service.wait_until("it is gone", PATIENCE, |it| it.metric(&abandoned) >= 1.0);
    blocker.run("rollback");
}
