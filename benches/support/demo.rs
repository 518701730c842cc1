//! A service that collects the demo network into a database of the given server.

use std::path::Path;

use crate::{server::Server, service::Service};

/// Starts the service with these settings added.
pub fn start(server: &Server, settings: &[(&str, &str)]) -> Service {
    let (url, dir) = (server.url(), server.dir().display().to_string());
    let mut all = vec![("DATABASE_URL", url.as_str()), ("SECTORWATCH_DATA_DIR", dir.as_str())];
    all.extend(settings);
    Service::start(Path::new(env!("CARGO_BIN_EXE_sectorwatch")), &["serve", "--demo"], &all)
}
