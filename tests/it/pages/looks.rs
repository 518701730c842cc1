//! The pages in a browser: wide and narrow, dark and light.

use std::fs;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::scene::{PAGES, Scene};
use crate::{
    status_page::{
        axe,
        browser::{demo, is_error},
        chromium::Chromium,
        windows::{LOOKS, Look},
    },
    support::postgres::Database,
};

/// The smallest letter of a plot, in pixels.
const SMALLEST_LETTER: f64 = 9.5;

/// What a browser has laid out: how much it is too wide, and the visible plots with their letters and colours.
const LAYOUT: &str = "(() => { \
    const shown = [...document.querySelectorAll('svg.plot')].filter(p => p.getClientRects().length); \
    const letters = shown.flatMap(p => [...p.querySelectorAll('text')]); \
    const px = letters.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a); \
    const quiet = getComputedStyle(document.querySelector('h2')).color; \
    return {overflow: document.documentElement.scrollWidth - innerWidth, \
        kinds: [...new Set(shown.map(p => p.classList[1]))], smallest: Math.min(999, ...px), \
        foreign: letters.filter(t => getComputedStyle(t).fill !== quiet).length, \
        untitled: shown.filter(p => !p.querySelector('title').textContent || !p.querySelector('desc').textContent).length, \
        outside: letters.filter(t => { const box = t.getBoundingClientRect(); \
            return box.left < 0 || box.right > innerWidth + 1; }).map(t => t.textContent)}; })()";

fn check(browser: &mut Chromium, name: &str, url: &str, (window, width, height, scheme): Look) {
    let what = format!("{name} {window}");
    browser.look(width, height, scheme);
    browser.open(url);
    let layout = browser.evaluate(LAYOUT);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).expect("a folder");
    let image = BASE64_STANDARD.decode(browser.screenshot()).expect("base64");
    fs::write(folder.join(format!("{name}-{window}.webp")), image).expect("write the picture");
    assert!(layout["overflow"].as_i64() <= Some(0), "{what}: {layout}");
    assert_eq!(layout["outside"], json!([]), "{what}");
    assert!(layout["smallest"].as_f64() >= Some(SMALLEST_LETTER), "{what}: {layout}");
    assert_eq!(
        (&layout["foreign"], &layout["untitled"]),
        (&json!(0), &json!(0)),
        "{what}: {layout}"
    );
    let kinds = layout["kinds"].to_string();
    assert!(!kinds.contains(if width > 1000 { "narrow" } else { "wide" }), "{what}: {kinds}");
    // What is folded is looked at, too.
    browser.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)");
    let overflow = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert!(overflow.as_i64() <= Some(0), "{what}: {overflow} px too wide, unfolded");
    browser.evaluate(
        "document.querySelectorAll('tbody tr:nth-child(n + 30)').forEach(it => it.remove())",
    );
    assert_eq!(axe::violations(browser), Vec::<String>::new(), "{what}");
}

/// Nothing else was requested than these pages, and nothing was refused by their policy.
fn alone(browser: &mut Chromium, origin: &str) {
    for method in ["Log.entryAdded", "Runtime.consoleAPICalled"] {
        let errors: Vec<_> = browser.take(method).into_iter().filter(is_error).collect();
        assert_eq!(errors, Vec::<Value>::new());
    }
    let requests: Vec<String> = (browser.take("Network.requestWillBeSent").iter())
        .filter(|event| event["type"] != "Document")
        .filter_map(|event| event["request"]["url"].as_str().map(str::to_owned))
        .filter(|requested| !requested.starts_with("data:"))
        .collect();
    assert_eq!(requests, Vec::<String>::new(), "a page is one request to {origin}");
}

/// A name for the picture of a path.
fn name_of(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

#[test]
fn pages_are_whole_legible_and_alone() {
    let scene = Scene::filled();
    let origin = format!("http://{}", scene.service.address());
    let mut browser = Chromium::start();
    for path in PAGES {
        for look in LOOKS {
            check(&mut browser, &name_of(path), &format!("{origin}{path}"), look);
        }
    }
    alone(&mut browser, &origin);
}

#[test]
fn pages_of_an_empty_database_and_errors_are_whole_too() {
    let scene = Scene::empty();
    let origin = format!("http://{}", scene.service.address());
    let mut browser = Chromium::start();
    for path in
        ["/sectors", "/sectors/YMMM", "/controllers", "/coverage", "/airports/YSSY", "/flights/1"]
    {
        for look in [LOOKS[0], LOOKS[3]] {
            check(
                &mut browser,
                &format!("empty{}", name_of(path)),
                &format!("{origin}{path}"),
                look,
            );
        }
    }
}

#[test]
fn a_reader_of_the_demo_goes_from_the_status_to_a_flight_without_a_script() {
    let database = Database::migrated();
    let (_service, address) = demo(&database, "4m");
    let mut browser = Chromium::start();
    for (path, look) in
        [("/sectors", LOOKS[1]), ("/controllers", LOOKS[2]), ("/coverage", LOOKS[2])]
    {
        check(
            &mut browser,
            &format!("demo{}", name_of(path)),
            &format!("http://{address}{path}"),
            look,
        );
    }
    browser.open(&format!("http://{address}/?refresh=off"));
    for link in [
        "a[href=\"/sectors\"]",
        "section h2 a",
        "tbody a[href^=\"/flights/\"]",
        "a[href^=\"/airports/\"]",
    ] {
        let click = format!(
            "(() => {{ const all = [...document.querySelectorAll('{link}')]; all.at(-1).click(); return all.length; }})()"
        );
        let links = browser.evaluate(&click);
        assert!(links.as_u64() > Some(0), "{link}");
        browser.await_event("Page.loadEventFired", 1, crate::support::service::PATIENCE);
    }
    let heading = browser.evaluate("document.querySelector('h1').textContent");
    assert!(heading.as_str().is_some_and(|it| it.starts_with("Airport ")), "{heading}");
}
