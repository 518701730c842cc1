//! A fault is visible from a distance, and readable for everyone.

use super::{
    browser::demo,
    chromium::Chromium,
    windows::{LOOKS, open_and_check},
};
use crate::support::{
    http,
    postgres::{Database, Server},
    service::{PATIENCE, Setup},
};

/// In each window the tab begins with the verdict, and the head has its colour over the whole width.
fn alarms(browser: &mut Chromium, url: &str, verdict: &str, colour: &str) {
    for look in LOOKS {
        let name = look.0;
        open_and_check(browser, url, look);
        let tab = browser.evaluate("document.title");
        assert!(tab.as_str().is_some_and(|tab| tab.starts_with(verdict)), "{name}: {tab}");
        let head = browser.evaluate(
            "(() => { const head = document.querySelector('header'); \
             const word = document.querySelector('.verdict'); \
             const box = head.getBoundingClientRect(); \
             return [getComputedStyle(head).backgroundColor, box.left, box.right - innerWidth, \
             box.top, parseFloat(getComputedStyle(word).fontSize) > 34, \
             word.innerText.trim().split(/\\s+/).pop()]; })()",
        );
        assert_eq!(head, serde_json::json!([colour, 0, 0, 0, true, verdict]), "{name}");
    }
}

#[test]
fn a_database_that_is_gone_is_seen_from_across_the_room() {
    let server = Server::own(&[]);
    let database = Database::migrated_on(server.clone());
    let (mut service, address) = demo(&database, "15s");
    server.stop();
    service.wait_until("critical", 3 * PATIENCE, |it| it.get("/").status == 503);
    let mut browser = Chromium::start();
    alarms(&mut browser, &format!("http://{address}/?refresh=off"), "CRITICAL", "rgb(179, 22, 29)");
    // The map is the last known one.
    assert!(
        browser.evaluate("document.querySelectorAll('svg .aircraft').length").as_u64() > Some(20)
    );
    service.kill();
}

#[test]
fn a_feed_that_was_never_reached_is_seen_from_across_the_room() {
    let database = Database::migrated();
    let nobody = http::free_address();
    let setup = Setup::bare(&["serve"])
        .env("DATABASE_URL", &database.url())
        .env("SECTORWATCH_FEED_URL", &format!("http://{nobody}/feed.json"))
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "15s");
    let mut service = setup.start();
    service.wait_until("degraded", PATIENCE, |it| it.status()["status"] == "degraded");
    let mut browser = Chromium::start();
    alarms(
        &mut browser,
        &format!("http://{}/?refresh=off", setup.address()),
        "DEGRADED",
        "rgb(242, 184, 75)",
    );
    let text = browser.evaluate("document.querySelector('main').innerText");
    let text = text.as_str().expect("a text");
    assert!(text.contains("The feed has not answered since the start."), "{text}");
    // Nothing is invented: the number of aircraft is unknown.
    let aircraft = "document.querySelector('[data-leaf=\"/airspace/flights\"]').textContent";
    assert_eq!(browser.evaluate(aircraft), "–");
    service.kill();
}
