//! `/metrics` of a service that runs, over HTTP.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    figures::{Times, ms, row, table},
    server::Server,
};

const SCRAPES: usize = 301;
const WARM_UP: Duration = Duration::from_secs(8);
/// As rarely as they come, so that none meets a service that is hot from the one before.
const PAUSE: Duration = Duration::from_millis(10);

/// The demo network, and a scrape after the other on a connection of its own.
pub fn run(server: &Server) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let _service = Service::start(server, address);
    thread::sleep(WARM_UP);

    let mut times = Times::default();
    let mut series = 0;
    let mut bytes = 0;
    for _ in 0..SCRAPES {
        let begun = Instant::now();
        let page = scrape(address);
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
    write!(connection, "GET /metrics HTTP/1.0\r\nHost: bench\r\nConnection: close\r\n\r\n")
        .expect("a request");
    let mut page = String::new();
    connection.read_to_string(&mut page).expect("an answer");
    assert!(page.starts_with("HTTP/1.0 200") || page.starts_with("HTTP/1.1 200"), "{page}");
    page
}

/// The binary; killed when dropped.
struct Service(Child);

impl Service {
    fn start(server: &Server, address: SocketAddr) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_sectorwatch"))
            .args(["serve", "--demo"])
            .env_clear()
            .env("DATABASE_URL", server.url())
            .env("SECTORWATCH_LISTEN", address.to_string())
            .env("SECTORWATCH_DATA_DIR", server.dir())
            .env("SECTORWATCH_POLL_INTERVAL", "1s")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("start the binary"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
