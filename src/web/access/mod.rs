//! Who asks, and whether they may.

mod caller;

pub use caller::Caller;
pub use sectorwatch_access::{Scope, Scopes};
