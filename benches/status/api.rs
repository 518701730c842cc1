//! The API beside a month of history: ten clients, each of which asks again when it has its answer.

use std::{thread, time::Duration};

use chrono::{DateTime, Days, NaiveTime, Utc};

use crate::{
    demo,
    figures::{ms, row, table},
    http, load,
    postgres_session::PostgresSession,
    server::Server,
    visitors::{self, Manner, Wish},
};

const CLIENTS: u32 = 10;
const ROUND: Duration = Duration::from_secs(10);
/// The time in which a new service completes its first cycles.
const WARM_UP: Duration = Duration::from_secs(5);
const POSITIONS_PER_FLIGHT: usize = 241;
const MONTH: &str = include_str!("../support/month.sql");

/// Lists and single things: what is asked, for a day, a month or a flight that is another one each time.
const LISTS: [(&str, &str); 12] = [
    ("flights of a day", "/api/v1/flights?DAY"),
    ("flights of a month", "/api/v1/flights?MONTH"),
    ("flights of a callsign", "/api/v1/flights?callsign=OLD77&MONTH"),
    ("flights through a sector", "/api/v1/flights?sector=S3&DAY"),
    ("visits", "/api/v1/visits?DAY"),
    ("visits to a sector", "/api/v1/visits?sector=S3&MONTH"),
    ("movements", "/api/v1/airports/YSSY/movements?MONTH"),
    ("sessions", "/api/v1/controllers/sessions?DAY"),
    ("staffing", "/api/v1/positions/P1_TWR/staffing?MONTH"),
    ("sectors", "/api/v1/sectors"),
    ("live", "/api/v1/live"),
    ("a flight", "/api/v1/flights/FLIGHT"),
];
const OF_A_FLIGHT: [(&str, &str); 3] = [
    ("its track", "/api/v1/flights/FLIGHT/track"),
    ("its visits", "/api/v1/flights/FLIGHT/visits"),
    ("its contacts", "/api/v1/flights/FLIGHT/contacts"),
];
const FIGURES: [(&str, &str); 14] = [
    ("occupancy of a day", "/api/v1/sectors/S3/occupancy?step=15m&DAY"),
    ("occupancy of a month", "/api/v1/sectors/S3/occupancy?step=1h&MONTH"),
    ("coverage of a day by sector", "/api/v1/coverage?by=sector&DAY"),
    ("coverage of a day by hour", "/api/v1/coverage?by=hour&DAY"),
    ("coverage of a day by facility", "/api/v1/coverage?by=facility&DAY"),
    ("coverage of the last day by sector", "/api/v1/coverage?by=sector&LAST"),
    ("coverage of the last day by hour", "/api/v1/coverage?by=hour&LAST"),
    ("coverage of a month by sector", "/api/v1/coverage?by=sector&MONTH"),
    ("coverage of a month by hour", "/api/v1/coverage?by=hour&tz=Australia/Sydney&MONTH"),
    (
        "coverage of a month by weekday",
        "/api/v1/coverage?by=weekday_hour&tz=Australia/Sydney&MONTH",
    ),
    ("coverage of a month by facility", "/api/v1/coverage?by=facility&MONTH"),
    ("hours of a day", "/api/v1/controllers/hours?DAY"),
    ("hours of a month", "/api/v1/controllers/hours?tz=Australia/Sydney&MONTH"),
    ("hours of a position", "/api/v1/controllers/hours?callsign=P1_TWR&MONTH"),
];

/// Fills the database with a month that ends at the last midnight, which is returned.
pub fn fill(server: &Server) -> DateTime<Utc> {
    let end = Utc::now().date_naive().and_time(NaiveTime::MIN).and_utc();
    load::migrate(server);
    let session = PostgresSession::open(server);
    let positions = load::rows();
    let flights = (positions / POSITIONS_PER_FLIGHT).to_string();
    let month = MONTH.replace("END", &end.to_rfc3339()).replace("FLIGHTS", &flights);
    session.wait(session.client.batch_execute(&month)).expect("a month");
    for statement in ["vacuum (analyze)", "checkpoint"] {
        session.wait(session.client.batch_execute(statement)).expect(statement);
    }
    end
}

/// Fills the database with a month, and asks for everything.
pub fn run(server: &Server) {
    let (positions, end) = (load::rows(), fill(server));
    let session = PostgresSession::open(server);
    let ids = "select id from flights where callsign like 'OLD%' order by random() limit 50";
    let ids: Vec<i64> = session
        .wait(session.client.query(ids, &[]))
        .expect("flights")
        .iter()
        .map(|row| row.get(0))
        .collect();
    let settings = [("SECTORWATCH_POLL_INTERVAL", "15s"), ("SECTORWATCH_ANONYMOUS_SCOPES", "read")];
    let service = demo::start(server, &settings);
    thread::sleep(WARM_UP);
    table(
        &format!(
            "The API beside {positions} positions in 29 days: {CLIENTS} clients, {} s each",
            ROUND.as_secs()
        ),
        &["what", "aim", "answers", "failed", "first", "p50", "p99", "longest", "size"],
    );
    let lists = LISTS.iter().chain(&OF_A_FLIGHT).map(|it| (it, "50 ms"));
    for ((name, pattern), aim) in lists.chain(FIGURES.iter().map(|it| (it, "200 ms"))) {
        let paths = paths(pattern, end, &ids);
        let first = std::time::Instant::now();
        let size = http::get(service.address, &paths[0]).unwrap_or_default().len();
        let first = first.elapsed().as_secs_f64() * 1e3;
        let wish = Wish { path: &paths.join(" "), compressed: false };
        let answers = visitors::send(service.address, wish, Manner::Closed(CLIENTS), ROUND);
        let mut cells = vec![(*name).to_owned(), aim.to_owned(), answers.times.0.len().to_string()];
        cells.extend([answers.failed.to_string(), ms(first)]);
        cells.extend([0.5, 0.99, 1.0].map(|share| ms(answers.times.percentile_ms(share))));
        cells.push(format!("{:.0} kB", size as f64 / 1e3));
        row(cells);
    }
}

/// The paths of a pattern, for days and months that begin at another time each, so that no answer is asked for twice
/// in a row.
fn paths(pattern: &str, end: DateTime<Utc>, ids: &[i64]) -> Vec<String> {
    let before = |days: u64, minutes: i64| {
        let at = end - Days::new(days) + chrono::TimeDelta::minutes(minutes);
        at.timestamp()
    };
    let path = |n: usize| {
        let minutes = n as i64 * 7;
        let days = n as u64 % 25;
        pattern
            .replace("FLIGHT", &ids[n % ids.len()].to_string())
            .replace("MONTH", &format!("from={}&to={}", before(29, minutes), before(0, minutes)))
            .replace(
                "DAY",
                &format!("from={}&to={}", before(28 - days, minutes), before(27 - days, minutes)),
            )
            .replace("LAST", &format!("from={}&to={}", before(1, minutes), before(0, minutes)))
    };
    (0..50).map(path).collect()
}
