//! A service on ten days of known rows, whose mark does not move: its feed has the snapshot of the mark.

use std::net::SocketAddr;

use crate::support::{
    documents::Feed,
    feed_server::FeedServer,
    http::{Answered, get_with},
    postgres::Database,
    service::{Service, Setup},
};

/// The time of the newest stored snapshot.
pub const MARK: &str = "2026-01-11T00:00:00Z";

/// Pages on the filled database.
pub const PAGES: [&str; 9] = [
    "/sectors",
    "/sectors?span=7d&tz=Australia/Adelaide",
    "/sectors/S1?span=7d",
    "/sectors/S1?from=2026-01-03T01:10:00Z&to=2026-01-05T13:00:00Z&step=1h",
    "/flights/7",
    "/controllers?span=7d",
    "/airports/YSSY?span=7d",
    "/coverage?span=7d&tz=Australia/Adelaide",
    "/coverage?span=31d",
];

/// The service, its database and its feed.
pub struct Scene {
    pub service: Service,
    _database: Database,
    _feed: FeedServer,
}

impl Scene {
    pub fn filled() -> Self {
        let database = Database::migrated();
        let client = database.client();
        client.run("set timezone = 'UTC'");
        client.run(include_str!("../api_reads/filled.sql"));
        let feed = FeedServer::start();
        feed.publish(&Feed::at(MARK));
        let mut service = setup(&database, &feed).start();
        service.await_cycles("unchanged", 1);
        Self { service, _database: database, _feed: feed }
    }

    /// A service that has not stored anything, because its feed does not answer.
    pub fn empty() -> Self {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let service = setup(&database, &feed).start();
        Self { service, _database: database, _feed: feed }
    }

    /// A page as a browser asks for it.
    pub fn page(&self, path: &str) -> Answered {
        page_of(self.service.address(), path)
    }
}

/// A page as a browser asks for it.
pub fn page_of(address: SocketAddr, path: &str) -> Answered {
    let accept = ("Accept", "text/html,*/*;q=0.8");
    get_with(address, path, accept).expect("an answer")
}

fn setup(database: &Database, feed: &FeedServer) -> Setup {
    Setup::serve(database, feed)
        .env("SECTORWATCH_RATE_LIMIT", "10000/s")
        .env("SECTORWATCH_RATE_BURST", "10000")
}
