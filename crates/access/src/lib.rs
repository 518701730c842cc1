//! Who may ask for what: scopes, tokens and their file, the address that a request came from, and rates.
//!
//! Everything here is a function of its arguments. It knows no HTTP, opens no file and reads no clock, so that the
//! settings, the command line and the web can share it.

#![warn(missing_docs)]

mod scope;

pub use scope::{Scope, Scopes, UnknownScope};
