//! Why a request brought nothing.

use std::{error::Error, io, time::Duration};

use reqwest::StatusCode;
use url::Url;

/// A request that brought nothing usable. Shows no credentials.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The client cannot be made.
    #[error("the HTTP client cannot be set up")]
    Setup(#[source] Box<dyn Error + Send + Sync>),
    /// There was no whole answer.
    #[error("{url}: {fault}")]
    Transport {
        /// As [`redacted`].
        url: String,
        /// In which step the request failed.
        fault: Fault,
        /// What the HTTP library says, without the URL.
        #[source]
        source: reqwest::Error,
    },
    /// The answer was no snapshot.
    #[error("{url} answered {status}{}", wait(.retry_after))]
    Status {
        /// As [`redacted`].
        url: String,
        /// The status code of the answer.
        status: StatusCode,
        /// What the server asked us to wait, at most [`LONGEST_WAIT`](super::LONGEST_WAIT).
        retry_after: Option<Duration>,
    },
    /// The body was left where it passed the cap.
    #[error("{url}: the decoded body is larger than {cap_bytes} bytes")]
    TooLarge {
        /// As [`redacted`].
        url: String,
        /// The most bytes that are taken.
        cap_bytes: usize,
    },
}

/// Where on the way a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The host's name does not resolve.
    #[error("the host is not found")]
    Dns,
    /// Nobody answers at that address.
    #[error("no connection")]
    Connect,
    /// The certificate is not accepted, or the peer does not speak TLS.
    #[error("no secure connection")]
    Tls,
    /// A limit of time passed, wherever the request was by then.
    #[error("no whole answer in time")]
    Timeout,
    /// Too many redirects, or one that leads nowhere.
    #[error("redirected without end")]
    Redirect,
    /// The connection ended before an answer began, or it was not HTTP.
    #[error("no valid answer")]
    Protocol,
    /// The body ended early or cannot be decompressed.
    #[error("the body is broken")]
    Body,
}

impl FeedError {
    /// All that [`FeedError::kind`] can say, for label sets born at 0.
    pub const KINDS: [&str; 11] = [
        "setup",
        "dns",
        "connect",
        "tls",
        "timeout",
        "redirect",
        "protocol",
        "body",
        "status",
        "rate_limited",
        "too_large",
    ];

    /// The one word for metric labels and log fields.
    pub fn kind(&self) -> &'static str {
        match self {
            FeedError::Setup(_) => "setup",
            FeedError::Transport { fault, .. } => fault.as_str(),
            FeedError::Status { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS => {
                "rate_limited"
            }
            FeedError::Status { .. } => "status",
            FeedError::TooLarge { .. } => "too_large",
        }
    }

    /// What the server asked us to wait, at most [`LONGEST_WAIT`](super::LONGEST_WAIT).
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            FeedError::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    pub(super) fn setup(source: impl Error + Send + Sync + 'static) -> Self {
        FeedError::Setup(Box::new(source))
    }

    pub(super) fn transport(url: &Url, source: reqwest::Error) -> Self {
        FeedError::Transport {
            url: redacted(url),
            fault: Fault::of(&source),
            source: source.without_url(),
        }
    }
}

impl Fault {
    fn as_str(self) -> &'static str {
        match self {
            Fault::Dns => "dns",
            Fault::Connect => "connect",
            Fault::Tls => "tls",
            Fault::Timeout => "timeout",
            Fault::Redirect => "redirect",
            Fault::Protocol => "protocol",
            Fault::Body => "body",
        }
    }

    fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Fault::Timeout
        } else if error.is_redirect() {
            Fault::Redirect
        } else if error.is_connect() {
            Self::of_connect(error)
        } else if error.is_body() || error.is_decode() {
            Fault::Body
        } else {
            Fault::Protocol
        }
    }

    /// The libraries' own types for these are private: a failed look-up is known by its text, and
    /// rustls's complaints by the `InvalidData` that no connecting socket reports.
    fn of_connect(error: &reqwest::Error) -> Self {
        for cause in chain(error) {
            if cause.to_string() == "dns error" {
                return Fault::Dns;
            }
            if cause.downcast_ref().is_some_and(is_tls) {
                return Fault::Tls;
            }
        }
        Fault::Connect
    }
}

fn is_tls(error: &io::Error) -> bool {
    // An I/O error that wraps another skips it in `source`.
    let wrapped = error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == io::ErrorKind::InvalidData || wrapped.is_some_and(is_tls)
}

/// A URL for humans: without user, password, query and fragment, any of which can be a secret.
pub fn redacted(url: &Url) -> String {
    let origin = url.origin().ascii_serialization();
    format!("{origin}{}", url.path())
}

/// An error and its causes in one line.
pub(super) fn causes(error: &(dyn Error + 'static)) -> String {
    let texts: Vec<String> = chain(error).map(ToString::to_string).collect();
    texts.join(": ")
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn wait(retry_after: &Option<Duration>) -> String {
    retry_after
        .map_or_else(String::new, |wait| format!(" and asks us to wait {} s", wait.as_secs()))
}
