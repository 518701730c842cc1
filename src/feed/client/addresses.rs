//! Which URLs are in force, and when to ask `status.json` for others.

use std::time::{Duration, Instant};

use serde_json::Value;
use url::{ParseError, Url};

use super::ClientSettings;
use crate::config::OptionalUrl;

const STATUS_URL: &str = "https://status.vatsim.net/status.json";
const FEED_URL: &str = "https://data.vatsim.net/v3/vatsim-data.json";
const TRANSCEIVERS_URL: &str = "https://data.vatsim.net/v3/transceivers-data.json";

const ASK_EVERY: Duration = Duration::from_secs(3600);
const ASK_AFTER_FAILURES: u32 = 5;

/// The settings, what discovery found, and what is built in.
pub(super) struct Addresses {
    feed: Option<Url>,
    transceivers: OptionalUrl,
    status: OptionalUrl,
    found: Found,
    built_in: BuiltIn,
    asked_at: Option<Instant>,
}

#[derive(Default)]
struct Found {
    feed: Option<Url>,
    transceivers: Option<Url>,
}

struct BuiltIn {
    status: Url,
    feed: Url,
    transceivers: Url,
}

impl Addresses {
    pub(super) fn new(settings: ClientSettings) -> Result<Self, ParseError> {
        Ok(Self {
            feed: settings.feed_url,
            transceivers: settings.transceivers_url,
            status: settings.status_url,
            found: Found::default(),
            built_in: BuiltIn {
                status: Url::parse(STATUS_URL)?,
                feed: Url::parse(FEED_URL)?,
                transceivers: Url::parse(TRANSCEIVERS_URL)?,
            },
            asked_at: None,
        })
    }

    pub(super) fn feed(&self) -> &Url {
        let found = self.found.feed.as_ref().unwrap_or(&self.built_in.feed);
        self.feed.as_ref().unwrap_or(found)
    }

    pub(super) fn transceivers(&self) -> Option<&Url> {
        match &self.transceivers {
            OptionalUrl::Off => None,
            OptionalUrl::Given(url) => Some(url),
            OptionalUrl::Default => {
                let found = self.found.transceivers.as_ref();
                found.or_else(|| self.is_the_network().then_some(&self.built_in.transceivers))
            }
        }
    }

    /// `None` when nothing that discovery could say would be used.
    pub(super) fn status(&self) -> Option<&Url> {
        match &self.status {
            OptionalUrl::Off => None,
            OptionalUrl::Default => self.feed.is_none().then_some(&self.built_in.status),
            OptionalUrl::Given(url) => {
                let used = self.feed.is_none() || self.transceivers == OptionalUrl::Default;
                used.then_some(url)
            }
        }
    }

    pub(super) fn are_official(&self) -> bool {
        self.feed.is_none()
    }

    /// Radios are joined by callsign alone, so those of the network must never meet another feed.
    fn is_the_network(&self) -> bool {
        let found_by_ones_own =
            self.found.feed.is_some() && matches!(self.status, OptionalUrl::Given(_));
        self.feed.is_none() && !found_by_ones_own
    }

    /// Whether discovery is due; if so, it counts as done now.
    pub(super) fn ask_now(&mut self, now: Instant, failures: u32) -> bool {
        let hour_over = self
            .asked_at
            .is_none_or(|asked_at| now.saturating_duration_since(asked_at) >= ASK_EVERY);
        let moved = failures > 0 && failures.is_multiple_of(ASK_AFTER_FAILURES);
        let due = self.status().is_some() && (hour_over || moved);
        if due {
            self.asked_at = Some(now);
        }
        due
    }

    /// Takes the first usable URL of each list of a `status.json`; a list without one is forgotten.
    pub(super) fn take(&mut self, document: &[u8]) -> serde_json::Result<()> {
        let document: Value = serde_json::from_slice(document)?;
        let first = |list: &str| {
            let urls = document.get("data")?.get(list)?.as_array()?;
            urls.iter().filter_map(Value::as_str).find_map(web_url)
        };
        self.found = Found {
            feed: first("v3"),
            transceivers: first("transceivers"),
        };
        Ok(())
    }
}

fn web_url(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

#[cfg(test)]
mod tests {
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

    /// (feed, transceivers) in force.
    fn in_force(addresses: &Addresses) -> (&str, Option<&str>) {
        let transceivers = addresses.transceivers().map(Url::as_str);
        (addresses.feed().as_str(), transceivers)
    }

    #[test]
    fn what_is_given_beats_what_is_found_beats_what_is_built_in() {
        let network = (FEED_URL, Some(TRANSCEIVERS_URL));
        let found = (FOUND_FEED, Some(FOUND_RADIOS));
        let own = (OWN_FEED, None);
        // settings, whether they discover; in force before discovery, and after it
        for (name, addresses, discovers, before, after) in [
            (
                "nothing set",
                addresses(None, Unset, Unset),
                true,
                network,
                found,
            ),
            (
                "discovery off",
                addresses(None, Unset, Off),
                false,
                network,
                found,
            ),
            (
                "own status",
                addresses(None, Unset, own_status()),
                true,
                network,
                found,
            ),
            (
                "radios off",
                addresses(None, Off, Unset),
                true,
                (FEED_URL, None),
                (FOUND_FEED, None),
            ),
            (
                "own feed",
                addresses(Some(OWN_FEED), Unset, Unset),
                false,
                own,
                (OWN_FEED, Some(FOUND_RADIOS)),
            ),
            (
                "own feed and status",
                addresses(Some(OWN_FEED), Unset, own_status()),
                true,
                own,
                (OWN_FEED, Some(FOUND_RADIOS)),
            ),
            (
                "all one's own",
                addresses(Some(OWN_FEED), given(OWN_RADIOS), own_status()),
                false,
                (OWN_FEED, Some(OWN_RADIOS)),
                (OWN_FEED, Some(OWN_RADIOS)),
            ),
        ] {
            let mut addresses = addresses;
            assert_eq!(addresses.status().is_some(), discovers, "{name}");
            assert_eq!(addresses.ask_now(Instant::now(), 0), discovers, "{name}");
            assert_eq!(in_force(&addresses), before, "{name}");
            addresses.take(FOUND).unwrap();
            assert_eq!(in_force(&addresses), after, "{name}");
        }
    }

    #[test]
    fn each_list_is_optional() {
        for (document, feed, radios) in [
            (r#"{"data": {}}"#, FEED_URL, TRANSCEIVERS_URL),
            (r#"[]"#, FEED_URL, TRANSCEIVERS_URL),
            (
                r#"{"data": {"v3": null, "transceivers": "x"}}"#,
                FEED_URL,
                TRANSCEIVERS_URL,
            ),
            (
                r#"{"data": {"v3": ["https://found.example/feed"]}}"#,
                FOUND_FEED,
                TRANSCEIVERS_URL,
            ),
            (
                r#"{"data": {"transceivers": ["https://found.example/radios"]}}"#,
                FEED_URL,
                FOUND_RADIOS,
            ),
        ] {
            let mut addresses = addresses(None, Unset, Unset);
            addresses.take(document.as_bytes()).unwrap();
            assert_eq!(in_force(&addresses), (feed, Some(radios)), "{document}");
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
        addresses
            .take(br#"{"data": {"v3": ["http://own.example/feed"]}}"#)
            .unwrap();
        assert_eq!(in_force(&addresses), (OWN_FEED, None));
    }

    #[test]
    fn asks_at_first_hourly_and_after_each_five_failures() {
        let mut addresses = addresses(None, Unset, Unset);
        let start = Instant::now();
        let asked: Vec<bool> = [
            (0, 0),
            (15, 0),
            (30, 4),
            (45, 5),
            (60, 6),
            (75, 10),
            (3674, 0),
            (3675, 0),
            (3690, 0),
        ]
        .map(|(seconds, failures)| {
            addresses.ask_now(start + Duration::from_secs(seconds), failures)
        })
        .into();
        assert_eq!(
            asked,
            [true, false, false, true, false, true, false, true, false]
        );
    }
}
