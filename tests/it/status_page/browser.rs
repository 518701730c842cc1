//! The page of a demo in a real browser.

use std::{
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    chromium::Chromium,
    windows::{LOOKS, open_and_check, picture, take_picture},
};
use crate::support::{
    postgres::Database,
    service::{PATIENCE, Service, Setup},
    wait,
};

const LARGEST_PICTURE: u64 = 150_000;

/// A demo with aircraft in its sectors.
fn demo_setup(database: &Database, interval: &str) -> Setup {
    Setup::bare(&["serve", "--demo"])
        .env("DATABASE_URL", &database.url())
        .env("SECTORWATCH_INSTANCE", "demo")
        .env("SECTORWATCH_POLL_INTERVAL", interval)
}

pub fn demo(database: &Database, interval: &str) -> (Service, SocketAddr) {
    let setup = demo_setup(database, interval);
    let mut service = setup.start();
    service.wait_until("aircraft", PATIENCE, |it| {
        it.status()["aircraft"].as_array().is_some_and(|aircraft| aircraft.len() > 20)
    });
    (service, setup.address())
}

pub fn is_error(event: &Value) -> bool {
    let level = event["entry"]["level"].as_str().or(event["type"].as_str());
    matches!(level, Some("error" | "warning"))
}

#[test]
fn the_page_is_whole_legible_and_alone() {
    let database = Database::migrated();
    // The map must not change between two readings, and a publication is stale after 300 s.
    let (service, address) = demo(&database, "4m");
    let url = format!("http://{address}/");
    let mut browser = Chromium::start();
    for look in LOOKS {
        let name = look.0;
        open_and_check(&mut browser, &url, look);
        let status = service.status();
        let aircraft = status["aircraft"].as_array().expect("a list").len();
        let count = |browser: &mut Chromium, what: &str| {
            browser.evaluate(&format!("document.querySelectorAll('{what}').length"))
        };
        assert_eq!(count(&mut browser, "svg .aircraft"), aircraft, "{name}");
        assert_eq!(count(&mut browser, "svg .aircraft title"), aircraft, "{name}");
        let sectors = status["sectors"].as_array().expect("a list").len();
        assert_eq!(count(&mut browser, "svg path.sector"), sectors, "{name}");
        assert_eq!(count(&mut browser, ".sectors tbody tr"), sectors, "{name}");
        let drawn = "(() => { const box = document.querySelector('svg').getBoundingClientRect(); \
            return [...document.querySelectorAll('svg .aircraft path')].filter(mark => { \
            const b = mark.getBoundingClientRect(); return b.width > 2 && b.left >= box.left - 9 \
            && b.right <= box.right + 9 && b.top >= box.top - 9 && b.bottom <= box.bottom + 9; \
            }).length; })()";
        assert_eq!(browser.evaluate(drawn), aircraft, "{name}: all lie on the map");
        let since = browser.evaluate("document.querySelector('.since').textContent");
        let since = since.as_str().expect("a text");
        assert!(since.contains("counted since the start"), "{name}: {since}");
        let started = status["service"]["started_at"].as_str().expect("a time");
        assert_eq!(status["airspace"]["moves_since"], started, "{name}");
        assert!(since.contains(&started[11..19]), "{name}: {since}, {started}");
    }
    for method in ["Log.entryAdded", "Runtime.consoleAPICalled"] {
        let errors: Vec<_> = browser.take(method).into_iter().filter(is_error).collect();
        assert_eq!(errors, Vec::<Value>::new());
    }
    assert_eq!(browser.take("Runtime.exceptionThrown"), Vec::<Value>::new());
    let requests: Vec<String> = (browser.take("Network.requestWillBeSent").iter())
        .filter_map(|event| event["request"]["url"].as_str().map(str::to_owned))
        .filter(|requested| !requested.starts_with("data:") && *requested != url)
        .filter(|requested| !requested.ends_with("/api/v1/live/stream"))
        .collect();
    assert_eq!(requests, Vec::<String>::new(), "the page is one request, and the stream");
}

const GENERATED_AT: &str = "document.querySelector('[data-leaf=\"/generated_at\"]').textContent";

/// Waits until an expression has another value.
fn await_change(browser: &mut Chromium, expression: &str, value: &Value) {
    wait::until(expression, PATIENCE, || browser.evaluate(expression) != *value);
}

#[test]
fn the_page_follows_the_stream_and_is_not_loaded_anew() {
    let database = Database::migrated();
    let (service, address) = demo(&database, "1s");
    let mut browser = Chromium::start();
    browser.open(&format!("http://{address}/"));
    browser.evaluate("document.querySelector('footer details').open = true");
    browser.take("Page.loadEventFired");
    let begun = Instant::now();
    // For longer than until the page would be loaded anew.
    while begun.elapsed() < Duration::from_secs(20) {
        let shown = browser.evaluate(GENERATED_AT);
        await_change(&mut browser, GENERATED_AT, &shown);
    }
    assert_eq!(browser.take("Page.loadEventFired"), Vec::<Value>::new());
    assert_eq!(browser.evaluate("document.querySelector('footer details').open"), true);
    assert_eq!(browser.evaluate("document.querySelector('#not-updated')"), Value::Null);
    for method in ["Log.entryAdded", "Runtime.consoleAPICalled"] {
        let errors: Vec<_> = browser.take(method).into_iter().filter(is_error).collect();
        assert_eq!(errors, Vec::<Value>::new());
    }
    // A reader sees that what is shown is old.
    service.terminate(PATIENCE);
    await_change(&mut browser, "document.querySelector('#not-updated')?.textContent", &Value::Null);
    let notice = browser.evaluate("document.querySelector('#not-updated').textContent");
    assert!(notice.as_str().is_some_and(|it| it.contains("does not answer")), "{notice}");
}

#[test]
fn the_page_loads_itself_anew_where_the_stream_is_refused() {
    let database = Database::migrated();
    let mut service = demo_setup(&database, "1s").env("SECTORWATCH_LIVE_CLIENTS", "0").start();
    service.wait_until("a cycle", PATIENCE, |it| it.cycles_of("success") > 0);
    let address = service.address();
    let mut browser = Chromium::start();
    browser.open(&format!("http://{address}/"));
    let first = browser.evaluate(GENERATED_AT);
    browser.await_event("Page.loadEventFired", 1, Duration::from_secs(40));
    assert_ne!(browser.evaluate(GENERATED_AT), first);
    // It does not refresh once that was switched off.
    browser.open(&format!("http://{address}/?refresh=off"));
    let still = browser.evaluate(GENERATED_AT);
    // In the time that another page takes to refresh.
    let mut other = Chromium::start();
    other.open(&format!("http://{address}/"));
    other.await_event("Page.loadEventFired", 1, Duration::from_secs(40));
    assert_eq!(browser.evaluate(GENERATED_AT), still);
}

/// Takes the screenshots when a number of seconds for the demo is given, so that the table has values;
/// `docs/architecture.md` has the command.
#[test]
fn the_pictures_are_taken_when_asked() {
    let Some(after) = std::env::var_os("SECTORWATCH_PICTURES_AFTER") else { return };
    let after = after.to_str().and_then(|after| after.parse().ok()).expect("seconds");
    let database = Database::migrated();
    let begun = Instant::now();
    let (mut service, address) = demo(&database, "15s");
    // As long as was asked for.
    std::thread::sleep(Duration::from_secs(after).saturating_sub(begun.elapsed()));
    let mut browser = Chromium::start();
    for look in LOOKS {
        // Just after a cycle, as a reader sees it most of the time.
        service.wait_until("a fresh cycle", PATIENCE, |it| {
            it.status()["poller"]["seconds_since_success"].as_f64() < Some(4.0)
        });
        open_and_check(&mut browser, &format!("http://{address}/?refresh=off"), look);
        take_picture(&mut browser, look.0);
    }
}

#[test]
fn the_pictures_are_there_small_and_shown() {
    let readme = include_str!("../../../README.md");
    for (name, ..) in LOOKS {
        let path = picture(name);
        let size = fs::metadata(&path).map(|file| file.len());
        let size = size.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(size < LARGEST_PICTURE, "{name}: {size} bytes");
        assert!(readme.contains(&format!("docs/status-{name}.webp")), "{name}");
    }
}
