//! Fetches the feed over HTTP: addresses, conditional requests, limits and waits.
//!
//! It returns bytes and does not read snapshots. Add a kind of failure in `error.rs`, a limit of answers in
//! `response.rs`, a rule about addresses in `addresses.rs`.

mod addresses;
mod backoff;
pub(crate) mod error;
mod optional_url;
pub(crate) mod response;
#[cfg(test)]
pub(crate) mod tests;

use std::{
    error::Error,
    hash::{DefaultHasher, Hasher as _},
    time::{Duration, Instant},
};

use reqwest::{StatusCode, header, redirect};
use url::Url;

use self::addresses::Addresses;
pub use self::{
    backoff::{Backoff, LONGEST_WAIT},
    error::{Fault, FeedError, redacted},
    optional_url::OptionalUrl,
    response::{Body, Fetched},
};
use super::metrics::{Feed, FeedMetrics};
use sectorwatch_core::Time;

/// The default limit of a decoded body, in bytes.
pub const BODY_CAP_BYTES: usize = 64 << 20;
/// The default limit from sending a request to the last byte of its body.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
pub(crate) const MOST_REDIRECTS: usize = 5;

/// The addresses and limits.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The main feed; `None` means discovery, then the built-in URL.
    pub feed_url: Option<Url>,
    /// The radios. The built-in URL is never used with a custom feed.
    pub transceivers_url: OptionalUrl,
    /// The URL for discovery; off when empty.
    pub status_url: OptionalUrl,
    /// Sent with each request; should contain a contact.
    pub user_agent: String,
    /// The limit from sending a request to the last byte of its body.
    pub request_timeout: Duration,
    /// The limit of a decoded body, in bytes.
    pub body_cap_bytes: usize,
}

/// Fetches the feeds, one request at a time: each request borrows the client mutably.
///
/// Its connections belong to the runtime that makes the requests, so each poller creates its own client.
///
/// ```compile_fail,E0499
/// # async fn both(client: &mut sectorwatch_feed::client::Client) {
/// tokio::join!(client.fetch(), client.fetch_transceivers());
/// # }
/// ```
pub struct Client {
    http: reqwest::Client,
    addresses: Addresses,
    body_cap_bytes: usize,
    metrics: FeedMetrics,
    etag: Option<String>,
    /// Failures of the main feed in a row.
    failures: u32,
    radios: Option<Radios>,
}

/// The radios as last fetched, to detect changes.
#[derive(Clone, Copy)]
struct Radios {
    hash: u64,
    since: Time,
}

impl Client {
    /// Creates a client that has not sent a request yet.
    ///
    /// # Errors
    /// [`FeedError::Setup`] when the user agent is not valid in a header.
    pub fn new(settings: ClientSettings, metrics: FeedMetrics) -> Result<Self, FeedError> {
        let redirects = || redirect::Policy::limited(MOST_REDIRECTS);
        let http = http_client(&settings.user_agent, settings.request_timeout, redirects)?;
        let body_cap_bytes = settings.body_cap_bytes;
        let addresses = Addresses::new(settings).map_err(FeedError::setup)?;
        let client = Self {
            http,
            addresses,
            body_cap_bytes,
            metrics,
            etag: None,
            failures: 0,
            radios: None,
        };
        client.bear_timestamps();
        Ok(client)
    }

    /// Fetches the main feed. The request is conditional while an `ETag` is remembered.
    ///
    /// # Errors
    /// Any [`FeedError`]; the next request is then unconditional.
    pub async fn fetch(&mut self) -> Result<Fetched, FeedError> {
        if self.addresses.ask_now(Instant::now(), self.failures) {
            self.discover().await;
        }
        let url = self.addresses.feed();
        let fetched = self.counted(Feed::V3, url, self.etag.as_deref()).await;
        if fetched.is_ok() {
            self.failures = 0;
        } else {
            self.failures = self.failures.saturating_add(1);
            self.forget();
        }
        fetched
    }

    /// Fetches the radios; `None` when they are switched off.
    ///
    /// The request is never conditional, because the radios are joined with the main feed of the same cycle.
    ///
    /// # Errors
    /// Any [`FeedError`].
    pub async fn fetch_transceivers(&mut self) -> Result<Option<Body>, FeedError> {
        let Some(url) = self.addresses.transceivers() else {
            return Ok(None);
        };
        match self.counted(Feed::Transceivers, url, None).await? {
            Fetched::NotModified => Ok(None),
            Fetched::Body(mut body) => {
                self.date(&mut body);
                Ok(Some(body))
            }
        }
    }

    /// Records that the snapshot with this `ETag` is stored, so that the next request may be conditional.
    pub fn remember(&mut self, etag: Option<String>) {
        self.etag = etag;
    }

    /// Records that the last snapshot was not stored, so that the next request is not conditional.
    pub fn forget(&mut self) {
        self.etag = None;
    }

    /// The effective URL of the main feed. Log it only as [`redacted`], because it can hold a password.
    pub fn feed_url(&self) -> &Url {
        self.addresses.feed()
    }

    /// The effective URL of the transceivers feed; `None` when off. Log it only as [`redacted`].
    pub fn transceivers_url(&self) -> Option<&Url> {
        self.addresses.transceivers()
    }

    async fn discover(&mut self) {
        let Some(url) = self.addresses.status() else {
            return;
        };
        let feed = self.addresses.feed().clone();
        let answer = get(&self.http, url, None, self.body_cap_bytes).await;
        let taken: Result<(), Box<dyn Error>> = match answer {
            Ok(Fetched::Body(body)) => self.addresses.take(&body.bytes).map_err(Into::into),
            Ok(Fetched::NotModified) => Ok(()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = taken {
            let error = error::causes(error.as_ref());
            let feed = redacted(&feed);
            tracing::warn!(error, feed, "discovery failed; the addresses stay as they are");
        }
        if *self.addresses.feed() != feed {
            tracing::info!(feed = redacted(self.addresses.feed()), "the feed has a new address");
            self.forget();
        }
        self.bear_timestamps();
    }

    fn bear_timestamps(&self) {
        self.metrics.switched_on(Feed::V3);
        if self.addresses.transceivers().is_some() {
            self.metrics.switched_on(Feed::Transceivers);
        }
    }

    async fn counted(
        &self,
        feed: Feed,
        url: &Url,
        etag: Option<&str>,
    ) -> Result<Fetched, FeedError> {
        let start = Instant::now();
        let fetched = get(&self.http, url, etag, self.body_cap_bytes).await;
        self.metrics.requested(feed, &fetched, start.elapsed());
        fetched
    }

    /// Without a `Last-Modified`, the radios are as old as the last change of their bytes.
    fn date(&mut self, body: &mut Body) {
        let mut hasher = DefaultHasher::new();
        hasher.write(&body.bytes);
        let hash = hasher.finish();
        let radios = match self.radios {
            Some(known) if known.hash == hash => known,
            _ => Radios { hash, since: body.received_at },
        };
        self.radios = Some(radios);
        body.changed_at.get_or_insert(radios.since);
    }
}

/// Sends one request, which is conditional when an `ETag` is given.
pub(crate) async fn get(
    http: &reqwest::Client,
    url: &Url,
    etag: Option<&str>,
    cap_bytes: usize,
) -> Result<Fetched, FeedError> {
    let mut request = http.get(url.clone());
    if let Some(etag) = etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    let response = request.send().await.map_err(|error| FeedError::transport(url, error))?;
    match response.status() {
        StatusCode::NOT_MODIFIED if etag.is_some() => Ok(Fetched::NotModified),
        status if status.is_success() => {
            response::read(url, response, cap_bytes).await.map(Fetched::Body)
        }
        _ => Err(response::refusal(url, &response)),
    }
}

/// An HTTP client with the system's certificates and without proxies.
pub(crate) fn http_client(
    user_agent: &str,
    time_limit: Duration,
    redirects: impl Fn() -> redirect::Policy,
) -> Result<reqwest::Client, FeedError> {
    let builder = || {
        reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(time_limit)
            .redirect(redirects())
            // All settings have our names. A proxy from the environment would also be used for a feed on
            // loopback, where `--demo` has its own.
            .no_proxy()
            .pool_max_idle_per_host(1)
    };
    let built: reqwest::Result<_> = builder().build().or_else(|error| {
        // A machine without CA certificates can still fetch a feed over plain HTTP.
        let without_tls = builder().tls_certs_only([]).build()?;
        tracing::warn!(
            error = error::causes(&error),
            "no CA certificates found, so https cannot work; on Debian: apt-get install ca-certificates"
        );
        Ok(without_tls)
    });
    built.map_err(FeedError::setup)
}
