//! The support that other tests stand on: it must tell right from wrong.

use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    FILLED,
    documents::{Controller, Feed, OUTSIDE, Pilot, inside, spread},
    feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
    http,
    postgres::{Database, Server},
    proxy::Proxy,
    replay::{recorded, replay},
    service::{PATIENCE, Setup},
    sql::Client,
    stub::Stub,
    wait::until,
};

fn fetch(server: &FeedServer, path: &str) -> std::io::Result<http::Answered> {
    let url = server.url(path);
    let address = url["http://".len()..].split('/').next().expect("a host");
    http::get(address.parse().expect("an address"), path)
}

#[test]
fn databases_are_apart_and_their_statements_are_counted() {
    let (one, two) = (Database::fresh(), Database::migrated());
    let (mark, client) = (one.mark(), one.client());
    client.run("set application_name = 'sectorwatch:test:0'");
    client.run("create table t as\nselect 1 as x");
    two.client().run("select 'elsewhere'");
    assert_eq!(one.service_statements_since(mark), ["create table t as select 1 as x"]);
    assert_eq!(one.sessions_like("sectorwatch:%"), 1);
    assert_eq!(two.sessions_like("sectorwatch:%"), 0);
    let missing = two.client().try_rows("select * from t");
    let missing = missing.expect_err("it is in the other database");
    assert!(missing.starts_with("42P01"), "{missing}");

    let (url, name) = (one.url(), one.name().to_owned());
    drop(one);
    let gone = Client::try_connect(&url).map(|_| ());
    let gone = gone.expect_err("dropped");
    assert!(gone.contains(&format!("\"{name}\" does not exist")), "{gone}");
}

#[test]
fn a_dump_has_natural_keys_and_sees_a_difference() {
    let (one, two) = (Database::migrated(), Database::migrated());
    let fill = |database: &Database, first_id: u32| {
        let sql = FILLED.replace("1000", &first_id.to_string());
        database.client().run(&sql);
    };
    fill(&one, 1000);
    fill(&two, 2000);
    assert_eq!(one.dump(), two.dump());
    assert_eq!(one.dump_stations(), two.dump_stations());
    assert_eq!(one.dump().lines().count(), 8, "{}", one.dump());
    assert_eq!(one.dump_stations().lines().count(), 4, "{}", one.dump_stations());
    assert_eq!(one.dump_contacts(), two.dump_contacts());
    assert_eq!(one.dump_contacts().lines().count(), 4, "{}", one.dump_contacts());
    two.client().run("update flight_sector_occupancy set entry_lat = 1");
    assert_ne!(one.dump(), two.dump());
}

#[test]
fn rights_can_be_taken_from_an_own_role() {
    let database = Database::of_own_role();
    let client = Client::connect(&database.url());
    client.run("create table t (x int)");
    let role = database.role();
    let superuser = database.client();
    superuser.run(&format!("revoke insert on t from {role}"));
    let refused = client.try_rows("insert into t values (1)");
    assert!(refused.expect_err("revoked").starts_with("42501"));
}

#[test]
fn a_server_of_ones_own_stops_freezes_and_comes_back() {
    let server = Server::own(&[("max_connections", "7")]);
    let database = Database::on(server.clone());
    database.client().run("create table kept as select 1 as x");
    server.stop();
    assert!(Client::try_connect(&database.url()).is_err());
    server.start();
    assert_eq!(database.client().one("show max_connections"), "7");

    let client = database.client();
    server.freeze();
    let asked = thread::spawn(move || client.one("select x from kept"));
    // Nothing happens is the claim; an answer takes a millisecond.
    thread::sleep(Duration::from_millis(300));
    assert!(!asked.is_finished(), "answered by a frozen server");
    server.thaw();
    assert_eq!(asked.join().expect("an answer"), "1");
}

#[test]
fn the_proxy_passes_delays_swallows_and_refuses() {
    let database = Database::fresh();
    let proxy = Proxy::before(&database);
    let url = proxy.url_of(&database);
    let backends = || database.sessions_like("%");
    let client = Client::connect(&url);
    assert_eq!((client.one("select 1").as_str(), backends()), ("1", 1));

    proxy.slow(Duration::from_millis(300));
    let begun = Instant::now();
    drop(Client::connect(&url));
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert_eq!(client.one("select 2"), "2");

    proxy.black_hole();
    let asked = thread::spawn(move || client.try_rows("select 3"));
    let connecting = thread::spawn(move || Client::try_connect(&url).map(drop));
    // Nothing happens is the claim; an answer takes a millisecond.
    thread::sleep(Duration::from_millis(300));
    assert!(!asked.is_finished() && !connecting.is_finished());
    proxy.open();
    assert!(asked.join().expect("an answer").is_ok());
    assert_eq!(connecting.join().expect("an answer"), Ok(()));

    let (url, kept) = (proxy.url_of(&database), Client::connect(&proxy.url_of(&database)));
    proxy.black_hole();
    drop(kept);
    // Nothing happens is the claim: a backend that learns of it ends in a millisecond.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(backends(), 1, "it does not know that its client is gone");
    proxy.refuse();
    let refused = Client::try_connect(&url).map(drop);
    assert!(refused.expect_err("refused").contains("refused"));
    until("all connections are closed", PATIENCE, || backends() == 0);
    proxy.listen();
    proxy.open();
    assert_eq!(Client::connect(&url).one("select 4"), "4");
}

/// Whoever started it may have been killed meanwhile.
#[test]
fn a_program_that_hangs_ends_with_its_test() {
    let stub = Stub::new();
    stub.hang("initdb");
    let mut program = Command::new(stub.dir().join("initdb")).spawn().expect("spawn");
    until("it hangs", PATIENCE, || stub.is_hanging());
    assert_eq!(program.try_wait().expect("wait"), None);
    drop(stub);
    until("it ends", PATIENCE, || program.try_wait().expect("wait").is_some());
}

#[test]
fn the_feed_server_does_as_told() {
    let server = FeedServer::start();
    let document = Feed::second(0).radio("QFA1", 118_700_000, (0.0, 0.0));
    assert_eq!(fetch(&server, MAIN).expect("an answer").status, 404);
    server.publish(&document);
    assert_eq!(fetch(&server, MAIN).expect("an answer").text(), document.json());
    let radios = fetch(&server, TRANSCEIVERS).expect("an answer");
    assert_eq!(radios.json()[0]["callsign"], "QFA1");

    let answer = Answer::status(429).header("Retry-After", "7");
    server.answer(MAIN, answer.after(Duration::from_millis(200)));
    let started = std::time::Instant::now();
    let refused = fetch(&server, MAIN).expect("an answer");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("7")));
    assert!(started.elapsed() >= Duration::from_millis(200));

    server.answer(MAIN, Answer::ok("0123456789").cut_after(4));
    let cut = fetch(&server, MAIN).expect("an answer");
    assert_eq!((cut.header("content-length"), cut.text().as_str()), (Some("10"), "0123"));
    assert_eq!(server.requests(MAIN).len(), 4);
    assert!(server.requests(MAIN)[0].header("host").is_some());

    server.refuse();
    let refused = fetch(&server, MAIN).expect_err("nobody listens").kind();
    // A connection that the kernel took before the port was closed is reset.
    use std::io::ErrorKind::{ConnectionRefused, ConnectionReset};
    assert!(matches!(refused, ConnectionRefused | ConnectionReset), "{refused:?}");
    server.accept();
    assert!(fetch(&server, MAIN).is_ok());
}

#[test]
fn documents_are_good_and_points_lie_in_their_sectors() {
    let (airspace, _) = sectorwatch_airspace::load(&[]).expect("the built-in airspace");
    for sector in airspace.sectors() {
        let (latitude, longitude) = inside(&sector.id);
        assert!(airspace.contains(latitude, longitude));
        let primary = airspace.primary_sector(latitude, longitude, 5000, None);
        assert_eq!(primary, Some(&sector.id));
    }
    assert!(!airspace.contains(OUTSIDE.0, OUTSIDE.1));

    let feed = Feed::second(15)
        .pilots(spread(2000))
        .pilot(Pilot::new("QFA1", 1).inside("SYD").kt(120).no_plan())
        .controller(Controller::new("SY_APP", 2));
    let snapshot =
        sectorwatch_feed::decode::decode(feed.json().as_bytes(), None).expect("a snapshot");
    assert_eq!(snapshot.rejected.len(), 0);
    assert_eq!(
        (snapshot.pilots.len(), snapshot.controllers.as_ref().map(Vec::len)),
        (2001, Some(1))
    );
    for pilot in &snapshot.pilots {
        let (latitude, longitude) = (pilot.latitude, pilot.longitude);
        assert!(airspace.primary_sector(latitude, longitude, 5000, None).is_some());
    }
}

#[test]
fn the_service_is_started_fed_watched_and_ended() {
    let (database, feed) = (Database::fresh(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    let pilot = |kt| Pilot::new("QFA1", 1).inside("SYD").kt(kt);
    service.take(&feed, &Feed::second(0).pilot(pilot(120)));
    service.take(&feed, &Feed::second(15).pilot(pilot(130)));
    service.await_cycles("unchanged", 2);
    assert_eq!(service.cycles_of("success"), 2);
    let counted = service.metric("sectorwatch_poll_cycles_total{outcome=\"success\"}");
    assert!(counted >= 2.0, "{counted}");
    assert_eq!(database.client().count("select count(*) from flight_positions"), 2);
    assert!(database.sessions_like("sectorwatch:%") > 0);
    let ended = service.terminate(PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(database.sessions_like("sectorwatch:%"), 0);

    let again = Database::fresh();
    let recording =
        recorded(&[Feed::second(0).pilot(pilot(120)), Feed::second(15).pilot(pilot(130))]);
    let ended = replay(&[&recording], &again, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(again.client().count("select count(*) from flight_positions"), 2);
}
