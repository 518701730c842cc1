//! Who asks, whether they may, and how often.
//!
//! Each request passes the check of its host, CORS, the rate limit and the authentication (`admit.rs`), and then the
//! scopes of its endpoint (`enforce.rs`), in this order. What a token and an address are is decided in the crate
//! `access`.

mod admit;
mod buckets;
mod caller;
mod cors;
mod credentials;
mod enforce;
mod limiter;
mod reload;
mod tokens_file;

use std::{net::IpAddr, num::NonZeroU32, path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use sectorwatch_access::{Networks, Origin, Rate, Tokens};

pub use admit::admit;
pub use caller::Caller;
pub use cors::{answered, cors};
pub use enforce::{demand, enforce};
pub use reload::ReloadTokens;
pub use sectorwatch_access::{Scope, Scopes};
pub use tokens_file::TokensFileError;

use super::hosts::AllowedHosts;
use limiter::Limiter;

/// What the operator says of access.
#[derive(Debug, Clone)]
pub struct AccessSettings {
    /// Host names in lower case; `*` allows every name.
    pub allowed_hosts: Vec<String>,
    /// What a request without a token may do.
    pub anonymous: Scopes,
    /// `None`: there are no tokens.
    pub tokens_file: Option<PathBuf>,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Networks,
    /// Requests of one client in the long run.
    pub rate: Rate,
    /// Requests of one client at once.
    pub burst: NonZeroU32,
    /// The pages of other sites that may read; empty switches CORS off.
    pub cors_origins: Vec<Origin>,
}

/// Who may ask for what. Clones share it.
#[derive(Clone)]
pub struct Access(Arc<Shared>);

struct Shared {
    hosts: AllowedHosts,
    anonymous: Scopes,
    tokens: ArcSwap<Tokens>,
    tokens_file: Option<PathBuf>,
    trusted_proxies: Networks,
    limiter: Limiter,
    cors_origins: Vec<Origin>,
}

impl Access {
    /// Reads the file of tokens, and begins to count requests.
    ///
    /// # Errors
    /// The file cannot be read, may be written by others, or has a bad line.
    pub fn open(settings: AccessSettings) -> Result<Self, TokensFileError> {
        let tokens = settings.tokens_file.as_deref().map(tokens_file::read).transpose()?;
        Ok(Self(Arc::new(Shared {
            hosts: AllowedHosts::new(settings.allowed_hosts),
            anonymous: settings.anonymous,
            tokens: ArcSwap::from_pointee(tokens.unwrap_or_default()),
            tokens_file: settings.tokens_file,
            trusted_proxies: settings.trusted_proxies,
            limiter: Limiter::new(settings.rate, settings.burst),
            cors_origins: settings.cors_origins,
        })))
    }

    /// The host names that the service answers to.
    pub fn hosts(&self) -> &AllowedHosts {
        &self.0.hosts
    }

    /// The names of all tokens.
    pub fn token_names(&self) -> Vec<Arc<str>> {
        self.0.tokens.load().entries().iter().map(|entry| entry.name.clone()).collect()
    }

    /// The address that a request came from; see [`sectorwatch_access::client`].
    fn client<'a>(
        &self,
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'a [u8]>,
    ) -> IpAddr {
        sectorwatch_access::client(peer, forwarded, &self.0.trusted_proxies)
    }
}
