//! How the service is deployed and kept: `Dockerfile`, `docker-compose.yml`, the same without containers,
//! and every command and figure of `docs/operations.md`.
//!
//! Docker itself is not needed, and nothing here runs it. `make soak` runs the image without it.

mod backup;
mod compose;
mod image;
mod manual;
mod members;
mod proxy;
mod readme;
mod roles;
mod rollback;
mod sizes;
mod stack;
mod unit;

use std::path::Path;

/// Where the project is.
fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One of its files.
fn file(path: &str) -> String {
    let file = project().join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
