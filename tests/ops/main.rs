//! Tests of operation: monitoring, deployment, and what the manuals tell operators to do.
//!
//! `SECTORWATCH_WRITE_DOCS=1` writes generated files instead of comparing them.

#[path = "../it/support/mod.rs"]
mod support;

mod alerts;
mod boards;
mod deploy;
mod files;
mod prometheus;
mod promql;
mod runbook_walks;
