//! The service as a child process, one cycle at a time.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use tokio_postgres::Client;

use crate::{
    feed::{Feed, MAIN, RADIOS},
    http,
    rig::Rig,
    service::Service,
};

/// The longest wait for a cycle.
const PATIENCE: Duration = Duration::from_secs(30);

/// Short enough to see a cycle before the next one begins.
const GLANCE: Duration = Duration::from_millis(20);

/// A service that collects into a database of its own.
pub struct Turn {
    service: Service,
    client: Client,
    database: String,
}

/// One cycle.
pub struct Taken {
    /// All of it.
    pub cycle: Duration,
    /// From decode to publish: without the fetch.
    pub worked: Duration,
    /// PostgreSQL's processor time.
    pub server: Duration,
}

/// The cycles so far according to `/metrics`.
struct Cycles {
    stored: f64,
    all: f64,
    seconds: f64,
    worked: f64,
}

impl Turn {
    /// Starts the service on a new database, and waits until it answers.
    pub fn start(rig: &Rig, program: &Path, database: &str, feed: &Feed) -> Self {
        Self::with(rig, program, database, feed, &[])
    }

    /// The same with more settings.
    pub fn with(
        rig: &Rig,
        program: &Path,
        database: &str,
        feed: &Feed,
        more: &[(&str, &str)],
    ) -> Self {
        let client = rig.wait(rig.create(database));
        let (url, flights, radios) = (rig.url(database), feed.url(MAIN), feed.url(RADIOS));
        let mut settings = vec![
            ("DATABASE_URL", url.as_str()),
            ("SECTORWATCH_FEED_URL", flights.as_str()),
            ("SECTORWATCH_TRANSCEIVERS_URL", radios.as_str()),
        ];
        settings.extend(more);
        let service = Service::start(program, &["serve"], &settings);
        let turn = Self { service, client, database: database.to_owned() };
        let begun = Instant::now();
        while turn.cycles().is_none() {
            assert!(begun.elapsed() < PATIENCE, "{database}: the service does not answer");
            std::thread::sleep(GLANCE);
        }
        turn
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    pub fn address(&self) -> SocketAddr {
        self.service.address
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Publishes, and waits for the cycle that stores the document. Returns `None` when another cycle ended in between.
    pub fn take(&self, rig: &Rig, publish: impl FnOnce()) -> Option<Taken> {
        let (before, spent) = (self.cycles()?, self.server_time(rig));
        publish();
        let begun = Instant::now();
        let after = loop {
            let now = self.cycles()?;
            if now.stored > before.stored {
                break now;
            }
            assert!(begun.elapsed() < PATIENCE, "{} stores nothing", self.database);
            std::thread::sleep(GLANCE);
        };
        let server = self.server_time(rig).saturating_sub(spent);
        let cycle = Duration::from_secs_f64(after.seconds - before.seconds);
        let worked = Duration::from_secs_f64(after.worked - before.worked);
        (after.all - before.all < 1.5).then_some(Taken { cycle, worked, server })
    }

    /// The processor time of all sessions of the service with its database, from the kernel's
    /// statistics.
    fn server_time(&self, rig: &Rig) -> Duration {
        let sql = "select pid from pg_stat_activity where datname = $1 and application_name like 'sectorwatch:%'";
        let sessions = rig.wait(self.client.query(sql, &[&self.database])).expect("the sessions");
        let nanoseconds = sessions.iter().map(|session| {
            let path = format!("/proc/{}/schedstat", session.get::<_, i32>(0));
            let account = std::fs::read_to_string(path).unwrap_or_default();
            account.split(' ').next().and_then(|spent| spent.parse::<u64>().ok()).unwrap_or(0)
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// The current counts. Returns `None` while the service does not answer.
    fn cycles(&self) -> Option<Cycles> {
        let text = http::get(self.service.address, "/metrics")?;
        let value = |series: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
            line?.parse().ok()
        };
        let phases = text.lines().filter_map(|line| {
            let (labels, seconds) = line
                .strip_prefix("sectorwatch_poll_phase_duration_seconds_sum{")?
                .rsplit_once(' ')?;
            (!labels.contains("phase=\"fetch\"")).then(|| seconds.parse::<f64>().ok())?
        });
        Some(Cycles {
            worked: phases.sum(),
            stored: value("sectorwatch_poll_cycles_total{outcome=\"success\"}")?,
            all: value("sectorwatch_poll_cycle_duration_seconds_count")?,
            seconds: value("sectorwatch_poll_cycle_duration_seconds_sum")?,
        })
    }
}
