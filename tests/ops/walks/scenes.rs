//! The scenes, in files by the groups of the rules.

mod data;
mod feed;
mod poller;
mod pool;
mod process;
mod server;
mod web;

use super::scene::Scene;

/// All scenes but the last, those that take longest first.
pub fn all() -> impl Iterator<Item = &'static Scene> {
    let groups = [
        server::SCENES,
        poller::SCENES,
        data::SCENES,
        pool::SCENES,
        web::SCENES,
        feed::SCENES,
        process::SCENES,
    ];
    groups.into_iter().flatten()
}

pub use process::ABSENT as LAST;
