//! Scrapes of `/metrics` from a running service, over HTTP.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use crate::{
    demo,
    figures::{Times, ms, row, table},
    server::Server,
};

const SCRAPES: usize = 301;
const WARM_UP: Duration = Duration::from_secs(8);
/// Lets the service go idle between two scrapes, because real scrapes are rare and meet cold
/// caches.
const PAUSE: Duration = Duration::from_millis(10);

/// Scrapes a service of the demo network, with a new connection for each scrape.
pub fn run(server: &Server) {
    let service = demo::start(server, &[]);
    thread::sleep(WARM_UP);

    let mut times = Times::default();
    let mut series = 0;
    let mut bytes = 0;
    for _ in 0..SCRAPES {
        let begun = Instant::now();
        let page = scrape(service.address);
        times.push(begun.elapsed());
        series = page.lines().filter(|line| line.starts_with("sectorwatch_")).count();
        bytes = page.len();
        thread::sleep(PAUSE);
    }
    table(
        &format!("`/metrics` of the demo network over HTTP, median of {SCRAPES}"),
        &["scrape", "series", "size"],
    );
    row([ms(times.median_ms()), series.to_string(), format!("{} KiB", bytes / 1024)]);
}

fn scrape(address: SocketAddr) -> String {
    let mut connection = TcpStream::connect(address).expect("a connection");
    write!(connection, "GET /metrics HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .expect("a request");
    let mut page = String::new();
    connection.read_to_string(&mut page).expect("an answer");
    assert!(page.starts_with("HTTP/1.0 200") || page.starts_with("HTTP/1.1 200"), "{page}");
    page
}
