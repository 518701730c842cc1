//! The effective URLs, and when to request `status.json`.

use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use url::{ParseError, Url};

use super::{ClientSettings, optional_url::OptionalUrl};
use crate::{
    decode::without_mark,
    wire::{Fields, Text, Value as _},
};

const STATUS_URL: &str = "https://status.vatsim.net/status.json";
const FEED_URL: &str = "https://data.vatsim.net/v3/vatsim-data.json";
const TRANSCEIVERS_URL: &str = "https://data.vatsim.net/v3/transceivers-data.json";

const ASK_EVERY: Duration = Duration::from_secs(3600);
const ASK_AFTER_FAILURES: u32 = 5;

/// The settings, the discovered URLs, and the built-in ones.
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

    /// The URL of `status.json`; `None` when its contents would not be used.
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

    /// Radios are joined by callsign only, so those of the network must never be joined with another feed.
    fn is_the_network(&self) -> bool {
        let found_by_ones_own =
            self.found.feed.is_some() && matches!(self.status, OptionalUrl::Given(_));
        self.feed.is_none() && !found_by_ones_own
    }

    /// Whether discovery is due. If so, it counts as done now.
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

    /// Takes the first usable URL of each list in a `status.json`. A list without one removes the discovered
    /// URL. Nothing else in the document is read.
    pub(super) fn take(&mut self, document: &[u8]) -> serde_json::Result<()> {
        let document: &RawValue = serde_json::from_slice(without_mark(document))?;
        let data = fields(document).and_then(|document| fields(document.get("data")?));
        let first = |list: &str| {
            let urls = data.as_ref()?.get(list)?;
            let urls: Vec<&RawValue> = serde_json::from_str(urls.get()).ok()?;
            let texts = urls.into_iter().filter_map(|url| Text::read(url.get()));
            texts.filter_map(|text| web_url(text.as_ref())).next()
        };
        self.found = Found { feed: first("v3"), transceivers: first("transceivers") };
        Ok(())
    }
}

fn fields(json: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(json.get()).ok()
}

fn web_url(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

#[cfg(test)]
mod tests;
