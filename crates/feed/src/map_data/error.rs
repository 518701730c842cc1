//! Why the files cannot be had.

use std::error::Error;

use crate::client::FeedError;

/// The files cannot be had. No text contains credentials.
#[derive(Debug, thiserror::Error)]
pub enum MapDataError {
    /// The request cannot be prepared.
    #[error("cannot ask")]
    Setup(#[source] Box<dyn Error + Send + Sync>),
    /// An address did not answer as it should; the error names it.
    #[error(transparent)]
    Request(#[from] FeedError),
    /// An address that was given, named by the answer or redirected to is not safe to ask.
    #[error(
        "{url} is not asked: it must be https://, or http:// on this machine when the API is on this machine, too"
    )]
    Address {
        /// Without what may be secret.
        url: String,
    },
    /// The answer of the API is no JSON.
    #[error("{api} did not answer with JSON")]
    NotJson {
        /// Its address.
        api: String,
        /// What is wrong with the text.
        #[source]
        source: serde_json::Error,
    },
    /// The answer of the API is JSON, but no object.
    #[error("{api} did not answer with a JSON object")]
    NotObject {
        /// Its address.
        api: String,
    },
    /// The answer of the API lacks a member.
    #[error("{api} did not answer with the text `{member}`")]
    Missing {
        /// Its address.
        api: String,
        /// What is missing, or is no text.
        member: &'static str,
    },
    /// The commit is no hash.
    #[error("{api} names the commit {found}, which is no hash")]
    Commit {
        /// The address of the API.
        api: String,
        /// What it says, escaped.
        found: String,
    },
    /// A file has no address.
    #[error("{api} names no URL in `{member}`")]
    NotUrl {
        /// The address of the API.
        api: String,
        /// Where it should.
        member: &'static str,
        /// What is wrong with the text.
        #[source]
        source: url::ParseError,
    },
}

impl MapDataError {
    pub(super) fn setup(source: impl Error + Send + Sync + 'static) -> Self {
        Self::Setup(Box::new(source))
    }
}
