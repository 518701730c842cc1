//! Errors of requests.

use std::{error::Error, io, time::Duration};

use reqwest::StatusCode;
use url::Url;

/// A request without a usable answer. It contains no credentials.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The client cannot be created.
    #[error("the HTTP client cannot be set up")]
    Setup(#[source] Box<dyn Error + Send + Sync>),
    /// There was no complete answer.
    #[error("{url}: {fault}")]
    Transport {
        /// The [`redacted`] URL.
        url: String,
        /// In which step the request failed.
        fault: Fault,
        /// The error of the HTTP library, without the URL.
        #[source]
        source: reqwest::Error,
    },
    /// The answer has another status than success.
    #[error("{url} answered {status}{}", wait(.retry_after))]
    Status {
        /// The [`redacted`] URL.
        url: String,
        /// The status code of the answer.
        status: StatusCode,
        /// The wait that the server requested, at most [`LONGEST_WAIT`](super::LONGEST_WAIT).
        retry_after: Option<Duration>,
    },
    /// The body is larger than the cap.
    #[error("{url}: the decoded body is larger than {cap_bytes} bytes")]
    TooLarge {
        /// The [`redacted`] URL.
        url: String,
        /// The cap in bytes.
        cap_bytes: usize,
    },
}

/// The step in which a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The host name does not resolve.
    #[error("the host is not found")]
    Dns,
    /// No connection to the address.
    #[error("no connection")]
    Connect,
    /// The certificate is not accepted, or the server does not speak TLS.
    #[error("no secure connection")]
    Tls,
    /// A time limit passed in any step.
    #[error("no whole answer in time")]
    Timeout,
    /// Too many redirects, or one that is not followed.
    #[error("redirected to where it may not be followed")]
    Redirect,
    /// The connection ended before an answer, or the answer is not HTTP.
    #[error("no valid answer")]
    Protocol,
    /// The body ended early or cannot be decompressed.
    #[error("the body is broken")]
    Body,
}

impl FeedError {
    /// All results of [`FeedError::kind`], for label sets born at 0.
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

    /// The cause, for metric labels and logs.
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

    /// The wait that the server requested, at most [`LONGEST_WAIT`](super::LONGEST_WAIT).
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

    /// The libraries' own types for these are private. A failed DNS lookup is recognized by its text, and
    /// errors of rustls by `InvalidData`, which no connecting socket returns.
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
    // An I/O error that wraps another omits it from `source`.
    let wrapped = error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == io::ErrorKind::InvalidData || wrapped.is_some_and(is_tls)
}

/// A URL for logs: without user, password, query and fragment, which can be secrets.
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
