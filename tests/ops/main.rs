//! What surrounds the service in operation: what watches it, what runs it, and what its people are
//! given, each tried.
//!
//! `SECTORWATCH_WRITE_DOCS=1` writes what is generated anew instead of comparing it.

#[path = "../it/support/mod.rs"]
mod support;

mod alerts;
mod boards;
mod deploy;
mod files;
mod prometheus;
mod promql;
mod runbook_walks;
