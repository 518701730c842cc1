//! The page of each imported airspace, with the traffic of a recorded snapshot, and of the built-in one.
//!
//! Its pictures are in `maps` in the folder for files of tests below `target`, for whoever wants to look at them.

use std::{
    fs::{self, File},
    io::Read as _,
    path::Path,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::{
    axe,
    browser::is_error,
    chromium::Chromium,
    windows::{LOOKS, Look, SMALLEST_LETTER},
};
use crate::{
    imported_airspace::imported,
    support::{
        feed_server::{Answer, FeedServer, MAIN, TRANSCEIVERS},
        postgres::Database,
        real_data,
        service::{PATIENCE, Service, Setup},
    },
};

/// An airspace: its name, its files, and the number of labels on a wide and on a narrow page at least.
const AIRSPACES: [(&str, &[&str], [u64; 2]); 6] = [
    ("built-in", &[], [10, 10]),
    ("vatspy", &["vatspy.dat", "vatspy-boundaries.geojson"], [60, 8]),
    ("vatsys", &["vatsys-sectors.xml", "vatsys-volumes.xml"], [30, 6]),
    ("simaware", &["simaware-boundaries.tar.gz"], [60, 8]),
    ("euroscope", &["euroscope-fasa.ese"], [8, 2]),
    ("vatglasses", &["vatglasses-eg.json"], [8, 2]),
];

/// The visible labels of the map and the pairs whose boxes intersect, as a browser has laid them out.
const LABELS: &str = "(() => { \
    const shown = [...document.querySelectorAll('svg .ids text')].filter(t => t.getClientRects().length); \
    const labels = shown.map(t => ({id: t.textContent, box: t.getBoundingClientRect(), \
        px: parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a})); \
    const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; \
    const pairs = labels.flatMap((a, i) => labels.slice(i + 1).filter(b => over(a.box, b.box)) \
        .map(b => a.id + ' over ' + b.id)); \
    const sheet = document.querySelector('svg').getBoundingClientRect(); \
    return {count: labels.length, pairs, smallest: Math.min(...labels.map(l => l.px)), \
        beyond: labels.filter(l => l.box.left < sheet.left || l.box.right > sheet.right).map(l => l.id), \
        overflow: document.documentElement.scrollWidth - innerWidth, \
        sectors: document.querySelectorAll('svg path.sector').length, \
        named: document.querySelectorAll('svg path.sector > title').length, \
        coast: document.querySelector('svg .coast').getAttribute('d').length}; })()";

/// The newest recorded snapshot.
fn newest(feeds: &Path) -> Vec<u8> {
    let entries = feeds.read_dir().expect("the folder");
    // They are named after their times.
    let newest = entries.map(|entry| entry.expect("an entry").path()).max().expect("a snapshot");
    let mut document = Vec::new();
    let mut unpacked = GzDecoder::new(File::open(newest).expect("a snapshot"));
    unpacked.read_to_end(&mut document).expect("gzip");
    document
}

/// A service with this airspace that has stored the snapshot.
fn service(database: &Database, feed: &FeedServer, airspace: Option<&Path>) -> (Service, String) {
    let mut setup = Setup::serve(database, feed).env("SECTORWATCH_POLL_INTERVAL", "1s");
    if let Some(airspace) = airspace {
        setup = setup.env("SECTORWATCH_AIRSPACE", airspace.to_str().expect("UTF-8"));
    }
    let mut service = setup.start();
    service.wait_until("aircraft", PATIENCE, |it| {
        let status = it.get("/api/status?always200=1&format=json").json();
        status["aircraft"].as_array().is_some_and(|aircraft| !aircraft.is_empty())
    });
    // The recorded publication is long past, which is an alarm.
    (service, format!("http://{}/?format=html&refresh=off&always200=1", setup.address()))
}

fn check(browser: &mut Chromium, name: &str, url: &str, look: Look, least: [u64; 2]) -> Value {
    let (window, width, height, scheme) = look;
    browser.look(width, height, scheme);
    browser.open(url);
    let map = browser.evaluate(LABELS);
    let what = format!("{name} {window}");
    let image = BASE64_STANDARD.decode(browser.screenshot()).expect("base64");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("maps");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{name}-{window}.webp")), image).expect("write the picture");
    eprintln!("{what}: {map}");
    assert_eq!(map["pairs"], json!([]), "{what}");
    assert_eq!(map["beyond"], json!([]), "{what}");
    assert!(map["overflow"].as_i64() <= Some(0), "{what}: {} px too wide", map["overflow"]);
    assert!(map["smallest"].as_f64() >= Some(SMALLEST_LETTER), "{what}: {}", map["smallest"]);
    let least = if width > 1000 { least[0] } else { least[1] };
    assert!(map["count"].as_u64() >= Some(least), "{what}: {} labels", map["count"]);
    assert_eq!(map["sectors"], map["named"], "{what}: each is named by pointing at it");
    assert!(map["coast"].as_u64() > Some(1_000), "{what}: {} bytes of coast", map["coast"]);
    assert_eq!(axe::violations(browser), Vec::<String>::new(), "{what}");
    map
}

#[test]
fn the_map_of_each_airspace_is_legible() {
    let Some(feeds) = real_data::folder("feeds") else {
        return;
    };
    let feed = FeedServer::start();
    feed.answer(TRANSCEIVERS, Answer::ok("[]"));
    feed.answer(MAIN, Answer::ok(newest(&feeds)));
    let mut browser = Chromium::start();
    for (name, files, least) in AIRSPACES {
        let airspace = if files.is_empty() { None } else { imported(files) };
        if airspace.is_none() && !files.is_empty() {
            return;
        }
        let database = Database::migrated();
        let (service, url) = service(&database, &feed, airspace.as_deref());
        for look in LOOKS {
            let all = check(&mut browser, name, &url, look, least);
            let sectors = service.status()["sectors"].as_array().map(Vec::len);
            assert_eq!(all["sectors"].as_u64(), sectors.map(|count| count as u64), "{name}");
        }
        // A level has no more sectors than all levels have.
        let all = check(&mut browser, name, &format!("{url}&fl=245"), LOOKS[0], [1, 1]);
        assert!(all["sectors"].as_u64() > Some(0), "{name}");
        let page = service.get("/?format=html&always200=1").text().len();
        eprintln!("{name}: {page} bytes");
        assert!(page < 1_000_000, "{name}: {page} bytes");
    }
    for method in ["Log.entryAdded", "Runtime.consoleAPICalled"] {
        let errors: Vec<_> = browser.take(method).into_iter().filter(is_error).collect();
        assert_eq!(errors, Vec::<Value>::new());
    }
}

#[test]
fn a_reader_chooses_a_level_without_a_script() {
    let database = Database::migrated();
    let (service, address) = super::browser::demo(&database, "4m");
    let mut browser = Chromium::start();
    browser.open(&format!("http://{address}/?refresh=off"));
    let count = "document.querySelectorAll('svg path.sector').length";
    assert_eq!(browser.evaluate(count), 10);
    // The terminal sectors end at 24,500 feet, but for Sydney's at 28,000.
    for (level, sectors) in [("245", 10), ("250", 3), ("300", 2)] {
        browser.evaluate(&format!("document.querySelector('#fl').value = '{level}'; 0"));
        browser.evaluate("document.querySelector('form.level button').click()");
        browser.await_event("Page.loadEventFired", 1, PATIENCE);
        assert_eq!(browser.evaluate(count), sectors, "{level}");
        let query = browser.evaluate("location.search");
        assert_eq!(query, format!("?format=html&refresh=off&fl={level}"), "what was chosen stays");
        assert_eq!(browser.evaluate("document.querySelector('#fl').value"), level);
    }
    browser.evaluate("document.querySelector('form.level a').click()");
    browser.await_event("Page.loadEventFired", 1, PATIENCE);
    assert_eq!(browser.evaluate(count), 10);
    for wrong in ["abc", "1000", "-1", "24.5"] {
        let answer = service.get(&format!("/?format=html&fl={wrong}"));
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.text().contains("bad_fl"), "{wrong}: {}", answer.text());
    }
}
