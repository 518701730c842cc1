//! Thousands of clients that request much and read nothing cost neither memory nor the time of others.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::support::{
    documents::Feed,
    feed_server::FeedServer,
    http,
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

const CLIENTS: usize = 3_000;
const PLACES: usize = 1_000;
const REQUESTS: usize = 40;
const NEWCOMERS: usize = 100;
/// Places that our own requests may have left free a moment ago, so that no connection is reset for them.
const LEFT_BY_US: usize = 16;
/// Of the debug build: 97,000 with six endpoints, whose series of metrics each client reads, 102,000 with 25, and 111,000
/// with 32 and the rendering of the live stream.
const MOST_RESIDENT_KIB: u64 = 118_000;
const MOST_UNSENT: u64 = 32 * 1024;
const SECOND: Duration = Duration::from_secs(1);

/// This process has the other half of each connection.
fn raise_our_own_limit() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("the limit");
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).expect("raise the limit");
    assert!(hard > 2 * CLIENTS as u64, "the limit of open files is too low for this test: {hard}");
}

fn resident_kib(service: &Service) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", service.pid())).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a figure")
}

fn descriptors(service: &Service) -> usize {
    fs::read_dir(format!("/proc/{}/fd", service.pid())).expect("descriptors").count()
}

/// Unacknowledged bytes of the kernel for the clients of this address.
fn unsent(address: SocketAddr) -> BTreeMap<String, u64> {
    let table = fs::read_to_string("/proc/net/tcp").expect("connections");
    let ours = format!(":{:04X}", address.port());
    let rows = table.lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let (local, remote, _, queues) =
            (words.next()?, words.next()?, words.next()?, words.next()?);
        let sent = u64::from_str_radix(queues.split(':').next()?, 16).ok()?;
        local.ends_with(&ours).then(|| (remote.to_owned(), sent))
    });
    rows.collect()
}

fn slow_reader(address: SocketAddr, requests: &[u8]) -> Option<TcpStream> {
    let mut client = TcpStream::connect(address).ok()?;
    // A refused connection has still been a connection.
    let _ = client.write_all(requests);
    Some(client)
}

fn probe(address: SocketAddr) -> Duration {
    let begun = Instant::now();
    let answer = http::get(address, "/livez").expect("an answer");
    assert_eq!(answer.status, 200);
    begun.elapsed()
}

fn closed(service: &Service, reason: &str) -> f64 {
    service.metric(&format!("sectorwatch_http_connections_closed_total{{reason=\"{reason}\"}}"))
}

#[test]
fn thousands_of_slow_readers_cost_neither_memory_nor_time() {
    raise_our_own_limit();
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_POLL_INTERVAL", "1s")
        .env("SECTORWATCH_FAULT_RENDERED_MS", "250");
    let mut service = setup.start();
    service.take(&feed, &Feed::second(0));
    let (address, cycles) = (setup.address(), service.cycles());
    assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let requests = request.repeat(REQUESTS).into_bytes();

    let (mut clients, mut probes, mut resident) = (Vec::new(), Vec::new(), 0);
    let begun = Instant::now();
    for number in 0..CLIENTS {
        clients.extend(slow_reader(address, &requests));
        if number % 100 == 99 {
            probes.push(probe(address));
            resident = resident.max(resident_kib(&service));
        }
    }
    let flooded = begun.elapsed();
    while begun.elapsed() < flooded + 4 * SECOND {
        probes.push(probe(address));
        resident = resident.max(resident_kib(&service));
        // Between two probes.
        thread::sleep(SECOND / 10);
    }
    probes.sort();
    // On a busy machine a few may be delayed.
    let slow = probes[probes.len() * 9 / 10];
    service.wait_until("their answers are stuck", PATIENCE, |_| {
        unsent(address).values().filter(|sent| **sent > 0).count() > PLACES / 2
    });
    let queues = unsent(address);
    let most = queues.values().max().copied().unwrap_or_default();
    println!(
        "{} clients within {flooded:?}: {resident} KiB resident, {most} bytes unsent at most, /livez \
         within {slow:?}, {:?} at most, {} descriptors",
        clients.len(),
        probes.last(),
        descriptors(&service)
    );
    assert!(slow < SECOND, "/livez took {slow:?}");
    assert!(resident < MOST_RESIDENT_KIB, "{resident} KiB resident");
    assert!(most <= MOST_UNSENT, "{most} bytes unsent");
    assert!(descriptors(&service) < PLACES + 256, "{} descriptors", descriptors(&service));
    assert!(service.metric("sectorwatch_http_connections") <= (PLACES + 16) as f64);
    // Those who came before any connection made no progress for a second were refused.
    let (refused, evicted) = (closed(&service, "refused"), closed(&service, "evicted"));
    assert!(refused + evicted >= (clients.len() - PLACES - 64) as f64, "{refused}, {evicted}");
    // All are stuck by now, so that each new client is admitted and another is reset for it.
    clients.extend((0..NEWCOMERS).filter_map(|_| slow_reader(address, &requests)));
    service.wait_until("newcomers are let in", PATIENCE, |service| {
        closed(service, "evicted") >= evicted + (NEWCOMERS - LEFT_BY_US) as f64
    });
    // One per second, of which a busy machine may skip some.
    let due = begun.elapsed().as_secs();
    let more = service.cycles() - cycles;
    assert!(more >= due / 2, "polling goes on: {more} cycles in {due} s");
    assert_eq!(service.logged("all connections of HTTP are taken").len(), 1, "once a minute");
    drop(clients);
    service.wait_until("they are gone", PATIENCE, |service| {
        service.metric("sectorwatch_http_connections") < 10.0
    });
}

#[test]
fn the_limit_of_files_is_raised_and_the_database_has_its_share() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let service = Setup::serve(&database, &feed).few_files().start();
    let limits = fs::read_to_string(format!("/proc/{}/limits", service.pid())).expect("limits");
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("the limit");
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(words[3], words[4], "soft and hard: {line}");
    assert_eq!(service.metric("sectorwatch_http_max_connections"), 1_000.0);
}

#[test]
fn a_crowd_of_malformed_requests_is_one_line() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed);
    let mut service = setup.start();
    for _ in 0..50 {
        let mut client = TcpStream::connect(setup.address()).expect("connect");
        client.write_all(b"\x16\x03\x01\r\n\r\n").expect("ask");
        let mut answer = String::new();
        client.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    let name = "sectorwatch_http_malformed_requests_total";
    service.wait_until("all are counted", PATIENCE, |service| service.metric(name) >= 50.0);
    assert_eq!(service.metric(name), 50.0);
    let lines = service.log();
    let about = lines.iter().filter(|line| line.contains("malformed") || line.contains("parse"));
    assert_eq!(about.count(), 1, "{lines:?}");
}
