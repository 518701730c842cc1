//! Compares exports of a million positions with what `psql` takes for the same rows.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    figures::{Times, ms, ratio, row, table},
    rig::Rig,
    service::Service,
    week,
};

const ROWS: usize = 1_000_000;
const TURNS: usize = 3;
const PROGRAM: &str = env!("CARGO_BIN_EXE_sectorwatch");
/// Where nobody answers, so that the service stores nothing meanwhile.
const NO_FEED: &str = "http://127.0.0.1:9/";

/// What is exported, from where.
struct Span {
    url: String,
    from: String,
    to: String,
}

/// Runs `\copy` and each export in turns. CSV may take twice as long as `\copy`.
pub fn run(rig: &Rig) {
    let station = rig.station("exports");
    rig.wait(week::fill(&station.client, station.time, ROWS));
    let end = station.time.to_rfc3339();
    let mark = format!("update collector_state set mark = '{end}'");
    rig.wait(station.client.batch_execute(&mark)).expect("a mark");
    let from = station.time - chrono::TimeDelta::days(8);
    let format =
        |time: chrono::DateTime<chrono::Utc>| time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let span = Span { url: rig.url("exports"), from: format(from), to: format(station.time) };
    let settings = [
        ("DATABASE_URL", span.url.as_str()),
        ("SECTORWATCH_FEED_URL", NO_FEED),
        ("SECTORWATCH_ANONYMOUS_SCOPES", "read,export"),
    ];
    drop(station);
    let service = Service::start(Path::new(PROGRAM), &["serve"], &settings);
    until_ready(&service);
    let formats = ["csv", "ndjson", "parquet"];
    let (mut copy, mut command, mut http) =
        (Times::default(), <[Times; 3]>::default(), <[Times; 3]>::default());
    for _ in 0..TURNS {
        copy.push(span.copy());
        for (index, format) in formats.iter().enumerate() {
            command[index].push(span.by_command(format));
            http[index].push(span.by_http(&service, format));
        }
    }
    table(
        &format!("Export of {ROWS} positions: medians of {TURNS} in turns, and ratios to \\copy"),
        &["format", "\\copy to /dev/null", "command line", "HTTP", "command line", "HTTP"],
    );
    for (index, format) in formats.iter().enumerate() {
        row([
            (*format).to_owned(),
            ms(copy.median_ms()),
            ms(command[index].median_ms()),
            ms(http[index].median_ms()),
            ratio(command[index].ratio_to(&copy)),
            ratio(http[index].ratio_to(&copy)),
        ]);
    }
}

impl Span {
    fn copy(&self) -> Duration {
        let rows = "select p.flight_id, f.callsign, p.observed_at, p.latitude, p.longitude, p.altitude, p.groundspeed, \
            p.heading, p.qnh_mb, p.transponder from flight_positions p join flights f on f.id = p.flight_id";
        let order = "date_trunc('day', p.observed_at, 'UTC'), p.flight_id, p.observed_at";
        let copy = format!(
            "\\copy ({rows} where p.observed_at >= '{}' and p.observed_at < '{}' order by {order}) to '/dev/null' csv header",
            self.from, self.to
        );
        let mut psql = Command::new(programs().join("psql"));
        timed(psql.args(["--quiet", "--no-psqlrc", "--command", &copy]).arg(&self.url))
    }

    fn by_command(&self, format: &str) -> Duration {
        let mut command = Command::new(PROGRAM);
        command.args(["export", "positions", "--format", format]);
        command.args(["--from", &self.from, "--to", &self.to]);
        timed(command.env_clear().env("DATABASE_URL", &self.url).stdout(Stdio::null()))
    }

    fn by_http(&self, service: &Service, format: &str) -> Duration {
        let path = format!("/api/v1/export/positions.{format}?from={}&to={}", self.from, self.to);
        let begun = Instant::now();
        let (status, bytes) = taken(service, &path).expect("an answer");
        // A million positions that are nearly the same take no more than that in columns.
        let least = if format == "parquet" { ROWS / 10 } else { ROWS };
        assert!(status == 200 && bytes > least, "{status}, {bytes} bytes");
        begun.elapsed()
    }
}

/// The folder of PostgreSQL's programs; empty for those of the path.
fn programs() -> PathBuf {
    std::env::var_os("PG_BIN_DIR").unwrap_or_default().into()
}

fn timed(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let status = command.stdin(Stdio::null()).status().expect("run it");
    assert!(status.success(), "{command:?}: {status}");
    begun.elapsed()
}

fn until_ready(service: &Service) {
    let begun = Instant::now();
    while !matches!(taken(service, "/readyz"), Some((200, _))) {
        assert!(begun.elapsed() < Duration::from_secs(60), "the service is not ready");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Requests a path, and takes all of the answer: its status and how many bytes it had.
fn taken(service: &Service, path: &str) -> Option<(u16, usize)> {
    let mut client = TcpStream::connect(service.address).ok()?;
    write!(client, "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", service.address).ok()?;
    let (mut some, mut first, mut bytes) = (vec![0; 256 * 1024], Vec::new(), 0);
    while let read @ 1.. = client.read(&mut some).ok()? {
        bytes += read;
        if first.len() < 16 {
            first.extend_from_slice(&some[..read]);
        }
    }
    let status = String::from_utf8_lossy(&first).split(' ').nth(1)?.parse().ok()?;
    Some((status, bytes))
}
