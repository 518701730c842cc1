//! Who may ask for what: scopes, tokens and their file, the address that a request came from, rates and origins.
//!
//! Everything here is a function of its arguments. It knows no HTTP, opens no file and reads no clock, so that the
//! settings, the command line and the web can share it.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod client;
mod digest;
mod entry;
mod network;
mod origin;
mod rate;
mod scope;
mod tokens;

pub use client::{AddressKey, client};
pub use digest::{Digest, token};
pub use entry::{BadEntry, Entry, is_name};
pub use network::{Network, Networks};
pub use origin::Origin;
pub use rate::Rate;
pub use scope::{Scope, Scopes, UnknownScope};
pub use tokens::{BadLine, BadLineReason, MOST_TOKENS, Tokens};
