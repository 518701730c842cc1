//! A service on known rows, whose mark does not move: its feed has the snapshot of the mark.

use std::{fmt::Write as _, fs, os::unix::fs::PermissionsExt as _};

use sha2::{Digest as _, Sha256};

use super::client::send;
use crate::support::{
    documents::Feed,
    feed_server::FeedServer,
    http::Answered,
    postgres::Database,
    scratch,
    service::{Service, Setup},
    sql::Client,
};

/// The time of the newest stored snapshot.
pub const MARK: &str = "2025-01-10T12:34:45Z";
/// A token with the scope `personal`.
pub const PERSONAL: &str = "sw_personalpersonalpersonalpersonalpersonalper";
/// A token without it.
pub const READER: &str = "sw_readerreaderreaderreaderreaderreaderreade";

/// The service, its database and its feed.
pub struct World {
    pub service: Service,
    pub database: Database,
    pub sql: Client,
    _feed: FeedServer,
}

impl World {
    /// A service with the rows of `world.sql`.
    pub fn start() -> Self {
        Self::with(|setup| setup)
    }

    /// The same with other settings.
    pub fn with(change: impl FnOnce(Setup) -> Setup) -> Self {
        Self::on(Database::migrated(), change)
    }

    /// The same on this database.
    pub fn on(database: Database, change: impl FnOnce(Setup) -> Setup) -> Self {
        let feed = FeedServer::start();
        let sql = database.client();
        sql.run("set timezone = 'UTC'");
        sql.run(include_str!("world.sql"));
        feed.publish(&Feed::at(MARK));
        let file = scratch::dir("tokens").join("tokens");
        let tokens = [("all", "read,export,personal", PERSONAL), ("reader", "read", READER)];
        let lines = tokens.map(|(name, scopes, token)| {
            let mut digest = String::new();
            for byte in Sha256::digest(token) {
                let _ = write!(digest, "{byte:02x}");
            }
            format!("{name}:{scopes}:{digest}\n")
        });
        fs::write(&file, lines.concat()).expect("write the tokens");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its rights");
        let setup = Setup::serve(&database, &feed)
            .env("SECTORWATCH_TOKENS_FILE", file.to_str().expect("UTF-8"))
            .env("SECTORWATCH_RATE_LIMIT", "10000/s")
            .env("SECTORWATCH_RATE_BURST", "10000");
        let mut service = change(setup).start();
        service.await_cycles("unchanged", 1);
        Self { service, database, sql, _feed: feed }
    }

    /// Requests a path without a token.
    pub fn get(&self, path: &str) -> Answered {
        self.with_headers(path, &[])
    }

    /// Requests a path with a token that may see what is personal.
    pub fn get_personal(&self, path: &str) -> Answered {
        self.with_headers(path, &[("Authorization", &format!("Bearer {PERSONAL}"))])
    }

    /// Requests a path with these headers.
    pub fn with_headers(&self, path: &str, headers: &[(&str, &str)]) -> Answered {
        send(self.service.address(), "GET", path, headers)
    }
}
