//! Foreign texts stay text: names of sectors, callsigns, the feed's host, the instance.

use super::{forms::page_of, sample, *};
use crate::status::SectorOutline;

const HOSTILE: [&str; 4] = [
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onload='alert(1)",
    "</title></style><img src=x onerror=alert(1)>",
];

fn with(hostile: &str) -> StatusReport {
    let (mut snapshot, mut live) = sample::busy();
    let airspace = &mut snapshot.airspace;
    airspace.sectors[0].name = hostile.into();
    airspace.sectors[1].staff = Some(vec![hostile.into()]);
    airspace.revision = hostile.into();
    let mut outlines = (*airspace.outlines).clone();
    let outline = &outlines.sectors[0];
    let volumes = outline.volumes.clone();
    outlines.sectors[0] = SectorOutline { id: hostile.into(), name: hostile.into(), volumes };
    airspace.outlines = Arc::new(outlines);
    let mut aircraft = airspace.aircraft.to_vec();
    aircraft[0].callsign = hostile.into();
    aircraft[1].sector = Some(hostile.into());
    airspace.aircraft = aircraft.into_iter().collect();
    snapshot.service.instance = hostile.into();
    snapshot.feed.url_host = Some(hostile.into());
    live.database.server_version = Some(hostile.into());
    live.tables[0].name = hostile.into();
    snapshot.report(&live, sample::at(sample::NOW))
}

/// The one tag of a script; the policy of the page allows no other text in it.
const OUR_SCRIPT: &str = "script";

/// Each tag from `<` to `>`. No tag is open at the end of the document.
fn tags(html: &str) -> Vec<&str> {
    let tags = html.split('<').skip(1).map(|rest| rest.split_once('>').expect("an end").0);
    tags.collect()
}

#[test]
fn nothing_that_others_wrote_becomes_markup() {
    for hostile in HOSTILE {
        // Of the same length, because a long id is placed differently.
        let usual = tags(&page_of(&with(&"P".repeat(hostile.len())))).len();
        let html = page_of(&with(hostile));
        let tags = tags(&html);
        assert_eq!(tags.len(), usual, "{hostile}: as many tags as without it");
        for tag in tags {
            assert!(!tag.contains("alert(") && !tag.contains(" on"), "{hostile}: <{tag}>");
            assert!(tag == OUR_SCRIPT || !tag.starts_with("script"), "{hostile}: <{tag}>");
            assert!(!tag.starts_with("img"), "{hostile}: <{tag}>");
            assert_eq!(tag.matches('"').count() % 2, 0, "{hostile}: <{tag}>");
        }
        // It is present as text at each of its places.
        assert!(html.matches("alert(1)").count() >= 12, "{}", html.matches("alert(1)").count());
        // Attributes are in double quotes.
        let is_harmless = !hostile.contains(['<', '"']);
        assert!(is_harmless || !html.contains(hostile), "{hostile} is raw");
    }
}

#[test]
fn nothing_leads_elsewhere_nor_is_loaded_from_there() {
    let html = page_of(&with("https://elsewhere.example/"));
    assert_eq!(html.matches("<script").count(), 1, "that of the page");
    assert!(!html.contains(" style="));
    for attribute in ["href=\"", "src=\"", "url("] {
        for target in html.split(attribute).skip(1) {
            assert!(target.starts_with(['/', '?']) || target.starts_with("data:"), "{target:.60}");
        }
    }
}

#[test]
fn a_terminal_gets_no_control_character() {
    let text = crate::web::text::text(
        &with("\u{1b}[31mred\u{7}\r\u{202e}x"),
        &crate::web::routes::ENDPOINTS,
    );
    let controls: Vec<char> = text.chars().filter(|c| c.is_control() && *c != '\n').collect();
    assert_eq!(controls, Vec::<char>::new());
}
