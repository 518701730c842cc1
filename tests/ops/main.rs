//! What surrounds the service in operation: what watches it, and what runs it.
//!
//! `SECTORWATCH_WRITE_DOCS=1` writes what is generated anew instead of comparing it.

#[path = "../it/support/mod.rs"]
mod support;

mod alerts;
mod boards;
mod files;
mod prometheus;
