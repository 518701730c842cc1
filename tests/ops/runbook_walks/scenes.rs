//! The scenes, in one file for each group of the rules.

mod data;
mod feed;
mod poller;
mod pool;
mod process;
mod server;
mod stalled;
mod web;

use super::scene::{Scene, Sign};

/// The log message for the first of several failed cycles in a row.
const CYCLES_FAIL: Sign = Sign::Log("cycles fail", &["outcome", "phase", "kind", "error"]);

/// All scenes except the last one. Those that take longest come first.
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
