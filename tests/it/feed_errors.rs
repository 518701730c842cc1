//! A feed that fails, sends wrong data or does not change: the cycle ends with its outcome, and nothing is
//! lost.

use std::{
    io::Write as _,
    thread,
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;

use crate::support::{
    documents::{Feed, Pilot, second},
    feed_server::{Answer, FeedServer, MAIN},
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

mod stale;

const MIB: usize = 1 << 20;

/// A service that has stored one flight from one good document.
struct Rig {
    database: Database,
    feed: FeedServer,
    setup: Setup,
    service: Service,
    good: i64,
}

impl Rig {
    fn start() -> Self {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        feed.publish(&document(0));
        // Both are secrets, and must not be logged.
        let url = feed.url(MAIN).replace("http://", "http://me:hunter2@");
        let setup = Setup::serve(&database, &feed)
            .env("SECTORWATCH_FEED_URL", &format!("{url}?key=hunter2"));
        let mut service = setup.start();
        service.wait_until("the first success", PATIENCE, |it| it.cycles_of("success") == 1);
        Self { database, feed, setup, service, good: 1 }
    }

    /// Publishes the next good document, and waits until it is stored.
    fn recover(&mut self, mend: impl FnOnce(&FeedServer)) {
        self.feed.publish(&document(self.good));
        mend(&self.feed);
        self.good += 1;
        let good = u64::try_from(self.good).expect("positive");
        self.service
            .wait_until("the next good snapshot", PATIENCE, |it| it.cycles_of("success") == good);
    }

    fn lines(&self, text: &str) -> usize {
        self.service.logged(text).len()
    }

    /// Everything that a cycle can write.
    fn stored(&self) -> String {
        let client = self.database.client();
        let ledger = client.count("select count(*) from poll_cycles");
        let rejected = client.count("select count(*) from rejected_records");
        let mark = client.one("select mark from collector_state");
        let dump = self.database.dump();
        format!("{ledger} {rejected} {mark}\n{dump}")
    }
}

fn document(number: i64) -> Feed {
    Feed::second(15 * number).pilot(Pilot::new("QFA1", 1).inside("SYD").kt(120))
}

/// A gzip with this many MiB of zeros. Each MiB ends on a byte boundary and is independent, so that one can
/// be repeated.
fn gzip_of_zeros(mebibytes: usize) -> Vec<u8> {
    let mut deflate = flate2::Compress::new(flate2::Compression::fast(), false);
    let mut one = Vec::with_capacity(MIB);
    deflate.compress_vec(&vec![0; MIB], &mut one, flate2::FlushCompress::Full).expect("compress");
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    for _ in 0..mebibytes {
        gzip.write_all(&one).expect("write to memory");
    }
    gzip
}

fn zeros() -> Answer {
    Answer::ok(gzip_of_zeros(1024)).header("Content-Encoding", "gzip")
}

fn two_days_ahead() -> Answer {
    let ahead = chrono::Utc::now() + chrono::Duration::days(2);
    Answer::ok(Feed::at(&ahead.to_rfc3339()).json())
}

fn cut() -> Answer {
    let json = document(999).json();
    Answer::ok(&json).cut_after(json.len() / 2)
}

/// The service must not need more memory than this for a bad answer.
const MOST_RESIDENT_KIB: u64 = 400 << 10;

fn peak_resident_kib(service: &Service) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.pid()));
    let status = status.expect("its status");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.and_then(|kib| kib.parse().ok()).expect("VmHWM")
}

#[test]
fn every_bad_answer_ends_its_cycles_alone() {
    let mut rig = Rig::start();
    let not_a_number = r#"{"cid":1,"groundspeed":NaN}"#;
    let bare_nan = document(999).raw_pilot(not_a_number).json();
    let mut latin = document(999).json().into_bytes();
    latin.extend_from_slice(b"\xe9");
    let cases: [(&str, Option<Answer>, &str, &str); 12] = [
        ("nobody listens", None, "fetch_error", "connect"),
        ("404", Some(Answer::status(404)), "fetch_error", "status"),
        ("500", Some(Answer::status(500)), "fetch_error", "status"),
        ("429", Some(Answer::status(429)), "fetch_error", "rate_limited"),
        ("cut in the middle", Some(cut()), "fetch_error", "body"),
        ("1 GiB of zeros", Some(zeros()), "fetch_error", "too_large"),
        ("HTML", Some(Answer::ok("<html><body>Sorry</body></html>")), "decode_error", "json"),
        ("a bare NaN", Some(Answer::ok(bare_nan)), "decode_error", "json"),
        ("nothing", Some(Answer::ok("")), "decode_error", "json"),
        ("another document", Some(Answer::ok(r#"{"data":{}}"#)), "decode_error", "schema"),
        ("not UTF-8", Some(Answer::ok(latin)), "decode_error", "utf8"),
        ("two days ahead", Some(two_days_ahead()), "decode_error", "future"),
    ];
    for (name, answer, outcome, kind) in cases {
        let (begun, ended) = (rig.lines("cycles fail"), rig.lines("cycles succeed again"));
        let before = rig.stored();
        let is_refusal = answer.is_none();
        match answer {
            Some(answer) => rig.feed.answer(MAIN, answer),
            None => rig.feed.refuse(),
        }
        rig.service.await_cycles(outcome, 3);
        let status = rig.service.status();
        let last = &status["poller"]["last_error"];
        let phase = outcome.trim_end_matches("_error");
        assert_eq!((&last["phase"], &last["kind"]), (&phase.into(), &kind.into()), "{name}");
        assert!(status["poller"]["consecutive_failures"].as_u64() >= Some(3));
        for page in ["/livez", "/readyz", "/metrics"] {
            assert_eq!(rig.service.get(page).status, 200, "{name}: {page}");
        }
        // Without the ledger, which has the failed cycles.
        let rows = |stored: &str| stored.split_once(' ').map(|(_, rest)| rest.to_owned());
        assert_eq!(rows(&rig.stored()), rows(&before), "{name}");

        rig.recover(|feed| {
            if is_refusal {
                feed.accept();
            }
        });
        rig.service.wait_until("the end is logged", PATIENCE, |it| {
            it.logged("cycles succeed again").len() > ended
        });
        let warnings = rig.service.logged("cycles fail").split_off(begun);
        assert_eq!(warnings.len(), 1, "{name}: {warnings:?}");
        assert_eq!((&warnings[0]["level"], &warnings[0]["kind"]), (&"WARN".into(), &kind.into()));
        let text = warnings[0]["error"].as_str().unwrap_or_default();
        assert!(text.len() > 20 && text.len() < 400, "{name}: {text}");
        assert_eq!(rig.lines("cycles succeed again"), ended + 1, "{name}");
    }
    let log = rig.service.log().join("\n");
    let status = rig.service.get("/api/status").text();
    assert!(!log.contains("hunter2") && !status.contains("hunter2"));
    let peak = peak_resident_kib(&rig.service);
    assert!(peak < MOST_RESIDENT_KIB, "{peak} KiB for a body of zeros");
    assert_nothing_was_lost(&rig);
}

fn assert_nothing_was_lost(rig: &Rig) {
    let client = rig.database.client();
    let visit = client.rows(
        "select sector_name, entry_timestamp = '2025-01-01T12:00:00Z', exit_timestamp is null \
         from flight_sector_occupancy",
    );
    let one = |text: &str| Some(text.to_owned());
    assert_eq!(visit, [[one("SYD"), one("t"), one("t")]]);
    let positions = client.count("select count(*) from flight_positions");
    assert_eq!(i64::try_from(positions), Ok(rig.good));
    for outcome in ["success", "fetch_error", "decode_error"] {
        let kept =
            client.count(&format!("select count(*) from poll_cycles where outcome = '{outcome}'"));
        assert_eq!(kept, rig.service.cycles_of(outcome), "{outcome}");
        let series = format!("sectorwatch_poll_cycles_total{{outcome=\"{outcome}\"}}");
        assert_eq!(rig.service.metric(&series), kept as f64);
    }
    for (class, at_least) in [("4xx", 6.0), ("5xx", 3.0), ("error", 6.0)] {
        let series =
            format!("sectorwatch_feed_requests_total{{feed=\"v3\",status_class=\"{class}\"}}");
        assert!(rig.service.metric(&series) >= at_least, "{class}");
    }
}

#[test]
fn a_feed_that_fails_is_left_alone_for_longer() {
    let mut rig = Rig::start();
    let asked = |rig: &Rig| rig.feed.requests(MAIN).len();
    rig.feed.answer(MAIN, Answer::status(503));
    rig.service.await_cycles("fetch_error", 1);
    let before = asked(&rig);
    // This test is about the number of requests in a given time.
    thread::sleep(Duration::from_millis(1500));
    // In 15 intervals, a doubling wait leaves time for four requests, with jitter for five.
    let more = asked(&rig) - before;
    assert!((2..=5).contains(&more), "{more} requests in 1.5 s");
    let backs_off = |service: &Service| service.status()["poller"]["state"] == "backoff";
    rig.service.wait_until("it backs off", Duration::from_secs(5), backs_off);

    rig.recover(|_| ());
    let patient = Answer::status(429).header("Retry-After", "2");
    rig.feed.answer(MAIN, patient);
    rig.service.await_cycles("fetch_error", 1);
    let (refused, before) = (Instant::now(), asked(&rig));
    rig.recover(|_| ());
    assert!(refused.elapsed() > Duration::from_millis(1800), "too early");
    assert!(refused.elapsed() < Duration::from_secs(8), "too late");
    assert!(asked(&rig) > before);

    // A recovered feed is requested as often as before.
    let before = asked(&rig);
    // The first one may have asked already.
    rig.service.await_cycles("unchanged", 6);
    assert!(asked(&rig) >= before + 5);
}

#[test]
fn a_feed_that_never_ends_times_out() {
    let mut rig = Rig::start();
    let hanging = Answer::ok(document(1).json()).hanging();
    rig.feed.answer(MAIN, hanging);
    let unchanged = rig.service.cycles_of("unchanged");
    let begun = Instant::now();
    rig.service.await_cycles("fetch_error", 1);
    assert!(begun.elapsed() > Duration::from_secs(9), "too early");
    assert_eq!(rig.service.status()["poller"]["last_error"]["kind"], "timeout");
    let timeouts = "sectorwatch_feed_requests_total{feed=\"v3\",status_class=\"timeout\"}";
    assert_eq!(rig.service.metric(timeouts), 1.0);
    assert!(rig.service.cycles_of("unchanged") <= unchanged + 1);
    assert_eq!(rig.service.get("/livez").status, 200);
    assert_eq!(rig.lines("cycles fail"), 1);
    let restarts = rig.service.metric("sectorwatch_poller_restarts_total");
    assert_eq!(restarts, 0.0, "a slow feed is no blocked thread");
    rig.recover(|_| ());
}
