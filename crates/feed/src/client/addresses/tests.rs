use OptionalUrl::{Default as Unset, Off};

use super::*;

const OWN_FEED: &str = "http://own.example/feed";
const OWN_RADIOS: &str = "http://own.example/radios";
const FOUND: &[u8] = br#"{"data": {
    "v3": [7, null, "", "ftp://a.example/x", "not a url", "https://found.example/feed", "https://b.example"],
    "transceivers": ["https://found.example/radios"]
}}"#;
const FOUND_FEED: &str = "https://found.example/feed";
const FOUND_RADIOS: &str = "https://found.example/radios";

fn addresses(feed: Option<&str>, transceivers: OptionalUrl, status: OptionalUrl) -> Addresses {
    Addresses::new(ClientSettings {
        feed_url: feed.map(|url| Url::parse(url).unwrap()),
        transceivers_url: transceivers,
        status_url: status,
        user_agent: String::new(),
        request_timeout: Duration::ZERO,
        body_cap_bytes: 0,
    })
    .unwrap()
}

fn given(url: &str) -> OptionalUrl {
    OptionalUrl::Given(Url::parse(url).unwrap())
}

fn own_status() -> OptionalUrl {
    given("http://own.example/status")
}

/// The effective URLs: feed, transceivers.
fn in_force(addresses: &Addresses) -> (&str, Option<&str>) {
    let transceivers = addresses.transceivers().map(Url::as_str);
    (addresses.feed().as_str(), transceivers)
}

#[test]
fn what_is_given_beats_what_is_found_beats_what_is_built_in() {
    let network = (FEED_URL, Some(TRANSCEIVERS_URL));
    let found = (FOUND_FEED, Some(FOUND_RADIOS));
    let own = (OWN_FEED, Some(OWN_RADIOS));
    let own_alone = (OWN_FEED, None);
    let (feed, radios) = (Some(OWN_FEED), given(OWN_RADIOS));
    // Settings; before discovery; after it, if it is requested at all.
    for (mut addresses, before, after) in [
        (addresses(None, Unset, Unset), network, Some(found)),
        (addresses(None, Unset, own_status()), network, Some(found)),
        (addresses(None, Unset, Off), network, None),
        (addresses(None, Off, Unset), (FEED_URL, None), Some((FOUND_FEED, None))),
        (addresses(feed, Unset, Unset), own_alone, None),
        (addresses(feed, Unset, own_status()), own_alone, Some((OWN_FEED, Some(FOUND_RADIOS)))),
        (addresses(feed, Off, own_status()), own_alone, None),
        (addresses(feed, radios, own_status()), own, None),
    ] {
        assert_eq!(in_force(&addresses), before);
        assert_eq!(addresses.status().is_some(), after.is_some(), "{before:?}");
        assert_eq!(addresses.ask_now(Instant::now(), 5), after.is_some());
        if let Some(after) = after {
            addresses.take(FOUND).unwrap();
            assert_eq!(in_force(&addresses), after);
        }
    }
}

#[test]
fn each_list_is_optional() {
    for (document, feed, radios) in [
        (r#"{"data": {}}"#, FEED_URL, TRANSCEIVERS_URL),
        (r#"[]"#, FEED_URL, TRANSCEIVERS_URL),
        (r#"{"data": {"v3": null, "transceivers": "x"}}"#, FEED_URL, TRANSCEIVERS_URL),
        (r#"{"data": {"v3": ["https://found.example/feed"]}}"#, FOUND_FEED, TRANSCEIVERS_URL),
        (r#"{"data": {"transceivers": ["https://found.example/radios"]}}"#, FEED_URL, FOUND_RADIOS),
    ] {
        let mut addresses = addresses(None, Unset, Unset);
        addresses.take(document.as_bytes()).unwrap();
        assert_eq!(in_force(&addresses), (feed, Some(radios)), "{document}");
    }
}

#[test]
fn what_else_is_in_the_document_costs_nothing() {
    let deep = "[".repeat(500) + &"]".repeat(500);
    for odd in ["1e999", r#""\ud800""#, r#"{"\udfff": 1}"#, deep.as_str()] {
        let document = format!(
            r#"{{"odd": {odd}, "data": {{"user": {odd}, "transceivers": {odd}, "v3": [{odd}, "{FOUND_FEED}"]}}}}"#
        );
        let mut addresses = addresses(None, Unset, Unset);
        addresses.take(document.as_bytes()).unwrap();
        assert_eq!(in_force(&addresses), (FOUND_FEED, Some(TRANSCEIVERS_URL)), "{odd:.20}");
    }
}

#[test]
fn a_broken_document_changes_nothing() {
    let mut addresses = addresses(None, Unset, Unset);
    addresses.take(FOUND).unwrap();
    assert!(addresses.take(b"<html>").is_err());
    assert_eq!(in_force(&addresses), (FOUND_FEED, Some(FOUND_RADIOS)));
}

#[test]
fn radios_of_the_network_never_meet_a_feed_of_ones_own() {
    let mut addresses = addresses(None, Unset, own_status());
    addresses.take(br#"{"data": {"v3": ["http://own.example/feed"]}}"#).unwrap();
    assert_eq!(in_force(&addresses), (OWN_FEED, None));
}

#[test]
fn asks_at_first_hourly_and_after_each_five_failures() {
    let mut addresses = addresses(None, Unset, Unset);
    let start = Instant::now();
    let asked: Vec<bool> =
        [(0, 0), (15, 0), (30, 4), (45, 5), (60, 6), (75, 10), (3674, 0), (3675, 0), (3690, 0)]
            .map(|(seconds, failures)| {
                addresses.ask_now(start + Duration::from_secs(seconds), failures)
            })
            .into();
    assert_eq!(asked, [true, false, false, true, false, true, false, true, false]);
}
