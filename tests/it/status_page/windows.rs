//! The windows in which the page is looked at, and what holds in each, whatever the verdict.

use std::{fs, path::PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{axe, chromium::Chromium};

/// A window: its name in `docs/`, width, height, and the colours that its reader prefers.
pub type Look = (&'static str, u32, u32, &'static str);

pub const LOOKS: [Look; 4] = [
    ("wide-dark", 1600, 900, "dark"),
    ("wide-light", 1600, 900, "light"),
    ("narrow-dark", 360, 780, "dark"),
    ("narrow-light", 360, 780, "light"),
];

/// Of a letter on the map, in pixels.
const SMALLEST_LETTER: f64 = 11.0;

/// The ids that are to be seen on the map, and what is wrong with them.
const IDS: &str = "(() => { \
    const shown = [...document.querySelectorAll('svg .ids text')] \
        .filter(t => t.getClientRects().length > 0); \
    const ids = shown.map(t => ({id: t.textContent, box: t.getBBox(), \
        px: parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a})); \
    const over = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width \
        && a.y < b.y + b.height && b.y < a.y + a.height; \
    const pairs = ids.flatMap((a, i) => ids.slice(i + 1).filter(b => over(a.box, b.box)) \
        .map(b => a.id + ' over ' + b.id)); \
    return {ids: ids.map(i => i.id).sort(), pairs, smallest: Math.min(...ids.map(i => i.px))}; })()";

/// Opens the page in a window. It is not wider than that, its ids lie apart and can be read, and
/// nothing keeps anybody from reading it.
pub fn open_and_check(browser: &mut Chromium, url: &str, (name, width, height, scheme): Look) {
    browser.look(width, height, scheme);
    browser.open(url);
    let overflow = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert!(overflow.as_i64() <= Some(0), "{name}: {overflow} px too wide");
    let styled = browser.evaluate("getComputedStyle(document.body).backgroundColor");
    assert_eq!(styled == "rgb(244, 246, 247)", scheme == "light", "{name}: {styled}");
    let ids = browser.evaluate(IDS);
    let all = ["ADL", "BNE", "CBR", "CNS", "DRW", "MEL", "PER", "SYD", "YBBB", "YMMM"];
    assert_eq!(ids["ids"], serde_json::json!(all), "{name}");
    assert_eq!(ids["pairs"], serde_json::json!([]), "{name}");
    assert!(ids["smallest"].as_f64() >= Some(SMALLEST_LETTER), "{name}: {}", ids["smallest"]);
    assert_eq!(axe::violations(browser), Vec::<String>::new(), "{name}");
}

/// Writes what the window shows to its picture in `docs/`.
pub fn take_picture(browser: &mut Chromium, name: &str) {
    let image = BASE64_STANDARD.decode(browser.screenshot()).expect("base64");
    fs::write(picture(name), image).expect("write the picture");
}

/// Where a picture lies.
pub fn picture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("docs/status-{name}.png"))
}
