//! The windows in which the page is checked, and what must hold in each for any verdict.

use std::{fs, path::PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{axe, chromium::Chromium};

/// A window: its name in `docs/`, width, height, and preferred colours.
pub type Look = (&'static str, u32, u32, &'static str);

pub const LOOKS: [Look; 4] = [
    ("wide-dark", 1600, 900, "dark"),
    ("wide-light", 1600, 900, "light"),
    ("narrow-dark", 360, 780, "dark"),
    ("narrow-light", 360, 780, "light"),
];

/// The height of a letter on the map, in pixels.
pub const SMALLEST_LETTER: f64 = 11.0;

/// The labels that are visible on the map, and their faults.
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

/// Opens the page in a window. It must fit the width, its labels must not overlap and must be readable, and
/// it must have no accessibility faults.
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

/// Writes a screenshot of the window to `docs/`.
pub fn take_picture(browser: &mut Chromium, name: &str) {
    let image = BASE64_STANDARD.decode(browser.screenshot()).expect("base64");
    fs::write(picture(name), image).expect("write the picture");
}

/// The path of a screenshot.
pub fn picture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("docs/status-{name}.webp"))
}
