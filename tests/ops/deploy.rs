//! Deployment and operation: `Dockerfile`, `docker-compose.yml`, the same services without
//! containers, and all commands and figures of `docs/operations.md`.
//!
//! These tests neither need Docker nor run it. `make soak` runs the image without Docker.

mod backup;
mod compose;
mod grafana;
mod image;
mod manual;
mod members;
mod proxy;
mod readme;
pub mod roles;
mod rollback;
mod sizes;
mod stack;
mod unit;

use std::path::Path;

/// The root directory of the project.
fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of one of the project's files.
fn file(path: &str) -> String {
    let file = project().join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
