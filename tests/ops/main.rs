//! What whoever runs the service is given: files, commands and figures, each tried.

#[path = "../it/support/mod.rs"]
mod support;

mod deploy;
