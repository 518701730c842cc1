//! How many may follow, who may, and who is dropped.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::*;
use crate::support::documents::spread;

const READERS: usize = 20;
const SLEEPERS: usize = 10;

fn document(number: i64) -> Feed {
    // Every flight moves, so that an event has many bytes.
    let pilots = spread(600)
        .enumerate()
        .map(|(index, pilot)| pilot.set("altitude", json!(10_000 + 10 * number + index as i64)));
    Feed::second(15 * number).pilots(pilots)
}

#[test]
fn clients_that_never_read_are_dropped_and_delay_nobody() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    take(&mut service, &feed, &document(0));
    let address = service.address();
    let sleepers: Vec<_> = (0..SLEEPERS)
        .map(|_| {
            let mut connection = TcpStream::connect(address).expect("connect");
            let head = format!("GET {PATH} HTTP/1.1\r\nHost: {address}\r\n\r\n");
            connection.write_all(head.as_bytes()).expect("send");
            connection
        })
        .collect();
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let mut client = EventClient::connect(address, None);
            std::thread::spawn(move || {
                let mut mirror = Mirror::default();
                while let Some(event) = client.event() {
                    mirror.apply(&event);
                }
                mirror.answer
            })
        })
        .collect();
    service.wait_until("all follow", PATIENCE, |it| {
        it.metric("sectorwatch_live_clients") == (READERS + SLEEPERS) as f64
    });
    let before = renders(&service);
    let mut number = 0;
    let dropped = "sectorwatch_live_dropped_total{reason=\"slow\"}";
    while service.metric(dropped) < SLEEPERS as f64 {
        number += 1;
        assert!(number < 200, "{} were dropped", service.metric(dropped));
        take(&mut service, &feed, &document(number));
        // They may take nothing for five seconds.
        std::thread::sleep(Duration::from_millis(500));
    }
    assert_eq!(renders(&service), before + number as f64, "each was rendered once");
    service.wait_until("their places are free", PATIENCE, |it| {
        it.metric("sectorwatch_live_clients") == READERS as f64
    });
    let shown = live(&service);
    assert_eq!(service.metric(dropped), SLEEPERS as f64, "nobody who reads");
    assert_eq!(
        service.metric(&format!("sectorwatch_http_stalled_total{{route=\"{PATH}\"}}")),
        SLEEPERS as f64
    );
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    for reader in readers {
        assert_eq!(reader.join().expect("a reader"), shown);
    }
    for mut sleeper in sleepers {
        let _ = sleeper.read_to_end(&mut Vec::new());
    }
}

#[test]
fn as_many_follow_as_may_and_all_get_what_they_ask_for() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_HTTP_MAX_CONNECTIONS", "103")
        .env("SECTORWATCH_LIVE_CLIENTS", "2");
    // HTTP ends later than the streams.
    let mut service = setup.clone().fault("shutdown.http=block:2000").start();
    take(&mut service, &feed, &document(0));
    let head = http::request(service.address(), "HEAD", PATH).expect("an answer");
    assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
    let mut clients: Vec<_> =
        (0..2).map(|_| EventClient::connect(service.address(), None)).collect();
    let refused = service.get(PATH);
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("15")));
    assert_eq!(refused.json()["code"], "live_full");
    assert_eq!(service.get(LIVE).status, 200);
    assert_eq!(service.get(&format!("{PATH}?from=0")).json()["code"], "unknown_parameter");
    drop(clients.pop());
    service
        .wait_until("a place is free", PATIENCE, |it| it.metric("sectorwatch_live_clients") == 1.0);
    clients.push(EventClient::connect(service.address(), None));

    // Others that need a connection get one, and not that of a client that has everything.
    for client in &mut clients {
        assert_eq!(client.event().expect("a snapshot").name, "snapshot");
    }
    // A connection without progress for a second may be closed for another.
    std::thread::sleep(Duration::from_millis(1100));
    let idle: Vec<_> =
        (0..150).map(|_| TcpStream::connect(service.address()).expect("connect")).collect();
    service.wait_until("all are taken", PATIENCE, |it| {
        it.metric("sectorwatch_http_connections_closed_total{reason=\"evicted\"}") > 10.0
    });
    take(&mut service, &feed, &document(1));
    for client in &mut clients {
        assert_eq!(client.event().expect("still there").name, "cycle");
    }
    drop(idle);
    let shutdown = "sectorwatch_live_dropped_total{reason=\"shutdown\"}";
    assert_eq!(service.metric(shutdown), 0.0);
    service.signal(nix::sys::signal::Signal::SIGTERM);
    service.wait_until("the streams end", PATIENCE, |it| it.metric(shutdown) == 2.0);
    assert_eq!(service.finish(PATIENCE).code, Some(0));
    for client in &mut clients {
        assert_eq!(client.event(), None);
    }
    let error = setup.env("SECTORWATCH_LIVE_CLIENTS", "4").run();
    assert_eq!(error.code, Some(2), "{}", error.stderr);
    assert!(error.stderr.contains("at most 3"), "{}", error.stderr);
}

#[test]
fn a_comment_comes_every_ten_seconds() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    take(&mut service, &feed, &document(0));
    let mut client = EventClient::connect(service.address(), None);
    let begun = std::time::Instant::now();
    let said: Vec<_> = (0..4).map(|_| client.said()).collect();
    assert_eq!(said[2..], [Said::Comment, Said::Comment]);
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(19) && took < Duration::from_secs(29), "{took:?}");
}
