//! The page of a demo in a real browser.

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{axe, chromium::Chromium};
use crate::support::{
    postgres::Database,
    service::{PATIENCE, Service, Setup},
};

/// Widths, heights and colours; a picture of each is in `docs/`.
const LOOKS: [(&str, u32, u32, &str); 4] = [
    ("wide-dark", 1600, 900, "dark"),
    ("wide-light", 1600, 900, "light"),
    ("narrow-dark", 360, 780, "dark"),
    ("narrow-light", 360, 780, "light"),
];
const LARGEST_PICTURE: u64 = 200_000;

/// A demo that has filled its sectors.
fn demo(database: &Database, interval: &str) -> (Service, SocketAddr) {
    let setup = Setup::bare(&["serve", "--demo"])
        .env("DATABASE_URL", &database.url())
        .env("SECTORWATCH_INSTANCE", "demo")
        .env("SECTORWATCH_POLL_INTERVAL", interval);
    let mut service = setup.start();
    service.wait_until("aircraft", PATIENCE, |it| {
        it.status()["aircraft"].as_array().is_some_and(|aircraft| aircraft.len() > 20)
    });
    (service, setup.address())
}

fn is_error(event: &Value) -> bool {
    let level = event["entry"]["level"].as_str().or(event["type"].as_str());
    matches!(level, Some("error" | "warning"))
}

#[test]
fn the_page_is_whole_legible_and_alone() {
    let database = Database::migrated();
    // The picture must stand still between two readings, and a publication is stale after 300 s.
    let (service, address) = demo(&database, "4m");
    let url = format!("http://{address}/");
    let mut browser = Chromium::start();
    for (name, width, height, scheme) in LOOKS {
        browser.look(width, height, scheme);
        browser.open(&url);
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
        let overflow = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
        assert!(overflow.as_i64() <= Some(0), "{name}: {overflow} px too wide");
        let styled = browser.evaluate("getComputedStyle(document.body).backgroundColor");
        assert_eq!(styled == "rgb(244, 246, 247)", scheme == "light", "{name}: {styled}");
        write_picture(name, &mut browser);
        assert_eq!(axe::violations(&mut browser), Vec::<String>::new(), "{name}");
    }
    for method in ["Log.entryAdded", "Runtime.consoleAPICalled"] {
        let errors: Vec<_> = browser.take(method).into_iter().filter(is_error).collect();
        assert_eq!(errors, Vec::<Value>::new());
    }
    assert_eq!(browser.take("Runtime.exceptionThrown"), Vec::<Value>::new());
    let requests: Vec<String> = (browser.take("Network.requestWillBeSent").iter())
        .filter_map(|event| event["request"]["url"].as_str().map(str::to_owned))
        .filter(|requested| !requested.starts_with("data:") && *requested != url)
        .collect();
    assert_eq!(requests, Vec::<String>::new(), "the page is one request");
}

#[test]
fn the_page_loads_itself_anew() {
    let database = Database::migrated();
    let (_service, address) = demo(&database, "1s");
    let mut browser = Chromium::start();
    browser.open(&format!("http://{address}/"));
    let read = "document.querySelector('[data-leaf=\"/generated_at\"]').textContent";
    let first = browser.evaluate(read);
    browser.await_event("Page.loadEventFired", 1, Duration::from_secs(40));
    assert_ne!(browser.evaluate(read), first);
    // And does not, once that was asked for.
    browser.open(&format!("http://{address}/?refresh=off"));
    let still = browser.evaluate(read);
    std::thread::sleep(Duration::from_secs(20));
    assert_eq!(browser.evaluate(read), still);
}

/// The picture of the README, on request.
fn write_picture(name: &str, browser: &mut Chromium) {
    if std::env::var_os("SECTORWATCH_WRITE_DOCS").is_none() {
        return;
    }
    let image = BASE64_STANDARD.decode(browser.screenshot()).expect("base64");
    fs::write(picture(name), image).expect("write the picture");
}

fn picture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/status-{name}.png"))
}

#[test]
fn the_pictures_are_there_small_and_shown() {
    let readme = include_str!("../../../README.md");
    for (name, ..) in LOOKS {
        let path = picture(name);
        let size = fs::metadata(&path).map(|file| file.len());
        let size = size.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(size < LARGEST_PICTURE, "{name}: {size} bytes");
        assert!(readme.contains(&format!("docs/status-{name}.png")), "{name}");
    }
}
