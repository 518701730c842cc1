//! The scenes, in files by the groups of the rules.

mod data;
mod feed;
mod poller;
mod pool;
mod process;
mod server;
mod stalled;
mod web;

use super::scene::{Scene, Sign};

/// What the log says of the first cycle in a row that failed.
const CYCLES_FAIL: Sign = Sign::Log("cycles fail", &["outcome", "phase", "kind", "error"]);

/// All scenes but the last, those that take longest first.
pub fn all() -> impl Iterator<Item = &'static Scene> {
    let groups = [
        server::SCENES,
        poller::SCENES,
        stalled::SCENES,
        data::SCENES,
        pool::SCENES,
        web::SCENES,
        feed::SCENES,
        process::SCENES,
    ];
    groups.into_iter().flatten()
}

pub use process::ABSENT as LAST;
