//! Clients that take a byte a second, and clients that go away in the middle of an answer, beside `/api/status` and the
//! cycles.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use rand::Rng as _;
use socket2::{Domain, Socket, Type};

use crate::{
    api, ask, demo,
    figures::{Times, ms, ratio, row, table},
    server::Server,
    service::Service,
    visitors::{self, Manner, Wish},
};

/// Of the clients that take a byte a second.
const EXPORTS: usize = 2;
const LISTS: usize = 48;
/// In each wave.
const ABORTING: usize = 50;
const WAVES: usize = 4;
const WAVE: Duration = Duration::from_secs(75);
const REST: Duration = Duration::from_secs(45);
/// The requests to `/api/status` in a second.
const RATE: u32 = 10;
/// So small that the service soon has to wait.
const BUFFER_BYTES: usize = 4 * 1024;
const STATUS: Wish<'static> = Wish { path: "/api/status", compressed: false };

/// What was seen in a rest or in a wave.
#[derive(Default)]
struct Seen {
    status: Times,
    failed: usize,
    cycles: Times,
    /// Since the begin, when clients were cut.
    cut: Vec<(Duration, f64)>,
    /// How often the pool was looked at, and how often a list or an export had a connection.
    looks: usize,
    leased: usize,
    memory_bytes: f64,
}

/// Rests and waves in turns.
pub fn run(server: &Server) {
    let end = api::fill(server);
    let settings = [("SECTORWATCH_ANONYMOUS_SCOPES", "read,export")];
    let service = demo::start(server, &settings);
    sleep(Duration::from_secs(10));
    let span = format!("from={}&to={}", (end - chrono::Days::new(20)).timestamp(), end.timestamp());
    let skipped = metric(&service, "sectorwatch_poll_ticks_skipped_total");
    let (mut rest, mut load) = (Seen::default(), Seen::default());
    for _ in 0..WAVES {
        rest.watch(&service, REST);
        let stop = Arc::new(AtomicBool::new(false));
        let clients = clients(service.address, &span, &stop);
        load.watch(&service, WAVE);
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().for_each(|client| client.join().expect("a client"));
    }
    let skipped = metric(&service, "sectorwatch_poll_ticks_skipped_total") - skipped;
    let leaks = metric(&service, "sectorwatch_db_pool_leaks_total");
    table(
        &format!(
            "{EXPORTS} exports and {LISTS} lists at a byte a second, {ABORTING} clients that abort: {WAVES} waves of \
             {} s, with rests of {} s",
            WAVE.as_secs(),
            REST.as_secs()
        ),
        &["", "status p50", "status p99", "failed", "cycle", "looks with a lease", "memory"],
    );
    for (name, seen) in [("rest", &rest), ("load", &load)] {
        row([
            name.to_owned(),
            ms(seen.status.median_ms()),
            ms(seen.status.percentile_ms(0.99)),
            seen.failed.to_string(),
            ms(seen.cycles.median_ms()),
            format!("{} of {}", seen.leased, seen.looks),
            format!("{:.0} MB", seen.memory_bytes / 1e6),
        ]);
    }
    println!(
        "\nload / rest: status p99 {}, cycle {}; ticks skipped {skipped}, leaks {leaks}. Cut after (s: how many): {}",
        ratio(load.status.percentile_ms(0.99) / rest.status.percentile_ms(0.99)),
        ratio(load.cycles.ratio_to(&rest.cycles)),
        load.cut
            .iter()
            .map(|(at, many)| format!("{:.0}: {many}", at.as_secs_f64()))
            .collect::<Vec<_>>()
            .join(", ")
    );
}

impl Seen {
    fn watch(&mut self, service: &Service, lasts: Duration) {
        let address = service.address;
        let visits =
            thread::spawn(move || visitors::send(address, STATUS, Manner::Open(RATE), lasts));
        let begun = Instant::now();
        let (mut stalled, mut cycles) = (stalled(service), cycles_of(service));
        while begun.elapsed() < lasts {
            sleep(Duration::from_millis(200));
            let page = crate::http::get(address, "/metrics").expect("metrics");
            let sum = |series: &str| -> f64 {
                let lines = page.lines().filter(|line| line.starts_with(series));
                lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
            };
            self.looks += 1;
            let leases = |owner| {
                let owned = format!(
                    "sectorwatch_db_pool_checked_out_connections_by_owner{{owner=\"{owner}\""
                );
                sum(&owned)
            };
            self.leased += usize::from(leases("api") + leases("export") > 0.0);
            self.memory_bytes = self.memory_bytes.max(sum("process_resident_memory_bytes"));
            let cut = sum("sectorwatch_http_stalled_total");
            if cut > stalled {
                self.cut.push((begun.elapsed(), cut - stalled));
                stalled = cut;
            }
            let now = (
                sum("sectorwatch_poll_cycle_duration_seconds_count"),
                sum("sectorwatch_poll_cycle_duration_seconds_sum"),
            );
            // Two cycles between two looks are rare, and their mean will do.
            if now.0 > cycles.0 {
                self.cycles.push(Duration::from_secs_f64((now.1 - cycles.1) / (now.0 - cycles.0)));
                cycles = now;
            }
        }
        let answers = visits.join().expect("visitors");
        self.status.0.extend(answers.times.0);
        self.failed += answers.failed;
    }
}

fn metric(service: &Service, series: &str) -> f64 {
    ask::metric(service.address, series).expect("metrics")
}

fn stalled(service: &Service) -> f64 {
    metric(service, "sectorwatch_http_stalled_total")
}

fn cycles_of(service: &Service) -> (f64, f64) {
    let of = |what| metric(service, &format!("sectorwatch_poll_cycle_duration_seconds_{what}"));
    (of("count"), of("sum"))
}

/// The clients of a wave.
fn clients(address: SocketAddr, span: &str, stop: &Arc<AtomicBool>) -> Vec<thread::JoinHandle<()>> {
    let export = format!("/api/v1/export/positions.csv?{span}");
    let list = format!("/api/v1/visits?{span}&limit=1000");
    let slow = (0..EXPORTS).map(|_| export.clone()).chain((0..LISTS).map(|_| list.clone()));
    let slow = slow.map(|path| {
        let stop = stop.clone();
        thread::spawn(move || {
            let Some(mut client) = send(address, &path) else { return };
            while !stop.load(Ordering::Relaxed) {
                let _ = client.read(&mut [0]);
                sleep(Duration::from_secs(1));
            }
        })
    });
    let aborting = (0..ABORTING).map(|n| {
        let path = if n % 2 == 0 { export.clone() } else { list.clone() };
        thread::spawn(move || {
            let (wait, bytes) = {
                let mut random = rand::rng();
                (random.random_range(0..WAVE.as_millis() as u64), random.random_range(0..400_000))
            };
            sleep(Duration::from_millis(wait));
            let Some(mut client) = send(address, &path) else { return };
            let (mut some, mut taken) = (vec![0; 4096], 0);
            while taken < bytes
                && let Ok(read @ 1..) = client.read(&mut some)
            {
                taken += read;
            }
        })
    });
    slow.chain(aborting).collect()
}

fn send(address: SocketAddr, path: &str) -> Option<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).ok()?;
    socket.set_recv_buffer_size(BUFFER_BYTES).ok()?;
    socket.connect(&address.into()).ok()?;
    let mut client = TcpStream::from(socket);
    client.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
    write!(client, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").ok()?;
    Some(client)
}
