//! A thousand clients of the live stream beside the cycles, and a hundred that never read.

use std::{
    collections::BTreeMap,
    io::Write as _,
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use socket2::{Domain, Socket, Type};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    ask, demo,
    figures::{Times, ms, ratio, row, table},
    server::Server,
    service::Service,
};

const READERS: usize = 1_000;
const SLEEPERS: usize = 100;
const TURNS: usize = 2;
const TURN: Duration = Duration::from_secs(45);
const PATH: &str = "/api/v1/live/stream";
const RENDERS: &str = "sectorwatch_live_renders_total";

/// What was seen in turns with or without clients.
#[derive(Default)]
struct Seen {
    cycles: Times,
    renders: f64,
    count: f64,
    memory_bytes: f64,
}

/// The ids of the events of each client.
type Ids = Arc<Mutex<Vec<Vec<i64>>>>;

/// Turns without and with clients, and then those that never read.
pub fn run(server: &Server) {
    let settings =
        [("SECTORWATCH_LIVE_CLIENTS", "1200"), ("SECTORWATCH_HTTP_MAX_CONNECTIONS", "1400")];
    let service = demo::start(server, &settings);
    sleep(Duration::from_secs(20));
    let (mut without, mut with) = (Seen::default(), Seen::default());
    let mut ids = BTreeMap::new();
    for _ in 0..TURNS {
        without.watch(&service);
        let stop = Arc::new(AtomicBool::new(false));
        let (followed, clients) = follow(service.address, &stop);
        await_clients(&service, READERS);
        with.watch(&service);
        stop.store(true, Ordering::Relaxed);
        clients.join().expect("the clients");
        count(&followed, &mut ids);
        await_clients(&service, 0);
    }
    table(
        &format!("{READERS} clients of the stream: {TURNS} turns of {} s each", TURN.as_secs()),
        &["", "cycle p50", "cycles", "renderings", "memory"],
    );
    for (name, seen) in [("nobody", &without), ("clients", &with)] {
        row([
            name.to_owned(),
            ms(seen.cycles.median_ms()),
            seen.count.to_string(),
            seen.renders.to_string(),
            format!("{:.0} MB", seen.memory_bytes / 1e6),
        ]);
    }
    println!(
        "\nclients / nobody: cycle {}; memory {:+.0} MB. Clients by what they got: {ids:?}",
        ratio(with.cycles.ratio_to(&without.cycles)),
        (with.memory_bytes - without.memory_bytes) / 1e6,
    );
    sleepers(&service);
}

impl Seen {
    fn watch(&mut self, service: &Service) {
        let of = |what: &str| {
            metric(service, &format!("sectorwatch_poll_cycle_duration_seconds_{what}"))
        };
        let (begun, renders) = (Instant::now(), metric(service, RENDERS));
        let first = of("count");
        let mut before = (first, of("sum"));
        while begun.elapsed() < TURN {
            sleep(Duration::from_millis(200));
            let now = (of("count"), of("sum"));
            if now.0 > before.0 {
                self.cycles.push(Duration::from_secs_f64((now.1 - before.1) / (now.0 - before.0)));
                before = now;
            }
            self.memory_bytes =
                self.memory_bytes.max(metric(service, "process_resident_memory_bytes"));
        }
        self.count += before.0 - first;
        self.renders += metric(service, RENDERS) - renders;
    }
}

fn metric(service: &Service, series: &str) -> f64 {
    ask::metric(service.address, series).expect("metrics")
}

fn await_clients(service: &Service, many: usize) {
    while metric(service, "sectorwatch_live_clients") != many as f64 {
        sleep(Duration::from_millis(50));
    }
}

/// Clients that read all that comes, on one thread.
fn follow(address: SocketAddr, stop: &Arc<AtomicBool>) -> (Ids, thread::JoinHandle<()>) {
    let (ids, stop) = (Ids::default(), stop.clone());
    let followed = ids.clone();
    let clients = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let clients: Vec<_> = (0..READERS)
                .map(|_| tokio::spawn(client(address, stop.clone(), followed.clone())))
                .collect();
            for client in clients {
                client.await.expect("a client");
            }
        });
    });
    (ids, clients)
}

async fn client(address: SocketAddr, stop: Arc<AtomicBool>, followed: Ids) {
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("connect");
    let head = format!("GET {PATH} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("send");
    let (mut part, mut line, mut ids) = (vec![0; 16 * 1024], Vec::new(), Vec::new());
    while !stop.load(Ordering::Relaxed) {
        let read = tokio::time::timeout(Duration::from_millis(500), stream.read(&mut part)).await;
        let Ok(read) = read else { continue };
        let read = read.expect("the stream goes on");
        assert!(read > 0, "the stream ended");
        for byte in &part[..read] {
            if *byte != b'\n' {
                // Of a line of data, only its begin is of interest.
                if line.len() < 40 {
                    line.push(*byte);
                }
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            ids.extend(text.strip_prefix("id: ").and_then(|id| id.parse::<i64>().ok()));
            line.clear();
        }
    }
    followed.lock().expect("no panic").push(ids);
}

/// Counts the clients that got every event between their first and their last, and those that did not.
fn count(followed: &Ids, counts: &mut BTreeMap<&str, usize>) {
    let followed = followed.lock().expect("no panic");
    let mut all: Vec<i64> = followed.iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    for ids in followed.iter() {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
            *counts.entry("nothing").or_default() += 1;
            continue;
        };
        let expected = all.iter().filter(|id| (first..=last).contains(id));
        let has_all = expected.eq(ids.iter());
        *counts.entry(if has_all { "every event once" } else { "gaps" }).or_default() += 1;
    }
}

/// Clients that never read: how many are dropped, and after which time.
fn sleepers(service: &Service) {
    let begun = Instant::now();
    let clients: Vec<_> = (0..SLEEPERS).map(|_| sleeper(service.address)).collect();
    let dropped = || metric(service, "sectorwatch_live_dropped_total{reason=\"slow\"}");
    while dropped() < SLEEPERS as f64 && begun.elapsed() < Duration::from_secs(300) {
        sleep(Duration::from_millis(200));
    }
    println!(
        "\nof {SLEEPERS} clients that never read, {} were dropped within {:.0} s; clients left: {}",
        dropped(),
        begun.elapsed().as_secs_f64(),
        metric(service, "sectorwatch_live_clients"),
    );
    drop(clients);
}

fn sleeper(address: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.set_recv_buffer_size(4 * 1024).expect("a buffer");
    socket.connect(&address.into()).expect("connect");
    let mut client = TcpStream::from(socket);
    write!(client, "GET {PATH} HTTP/1.1\r\nHost: {address}\r\n\r\n").expect("send");
    client
}
