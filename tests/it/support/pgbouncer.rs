//! A real pgbouncer in front of a server.

use std::{
    fs,
    process::{Child, Command, Stdio},
};

use super::{
    http,
    postgres::Database,
    proxy::Proxy,
    scratch,
    sql::Client,
    wait::{PATIENCE, until_ok},
};

/// A running pgbouncer. It ends when dropped.
pub struct Pgbouncer {
    child: Child,
    port: u16,
    database: String,
    // Forwards connections to the server's private socket.
    _way: Proxy,
}

impl Pgbouncer {
    /// Starts a pgbouncer in front of the server of this database. `mode` is its pool mode, and
    /// `extra` is added to its settings.
    pub fn before(database: &Database, mode: &str, extra: &str) -> Self {
        let way = Proxy::before(database);
        let port = http::free_address().port();
        let dir = scratch::dir("pgbouncer");
        let ini = dir.join("pgbouncer.ini");
        let server = way.address();
        let settings = format!(
            "[databases]\n* = host={} port={} user={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\n\
             max_client_conn = 200\ndefault_pool_size = 30\n{extra}\n",
            server.ip(),
            server.port(),
            database.role(),
        );
        fs::write(&ini, settings).expect("write pgbouncer.ini");
        let mut command = Command::new("pgbouncer");
        if nix::unistd::geteuid().is_root() {
            // pgbouncer refuses to run as root.
            command.args(["-u", "nobody"]);
        }
        let path = std::env::var("PATH").unwrap_or_default();
        let log = fs::File::create(dir.join("log")).expect("a log");
        command.arg(&ini).env("PATH", format!("{path}:/usr/sbin"));
        command.stdout(Stdio::null()).stderr(log);
        let child = command.spawn().expect("pgbouncer, which scripts/need.sh pgbouncer installs");
        let this = Self { child, port, database: database.name().to_owned(), _way: way };
        until_ok(PATIENCE, || {
            Client::try_connect(&this.url()).map_err(|error| {
                let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
                format!("pgbouncer: {error}\n{log}")
            })
        });
        this
    }

    /// The URL for `DATABASE_URL`.
    pub fn url(&self) -> String {
        format!("postgres://sectorwatch@127.0.0.1:{}/{}", self.port, self.database)
    }
}

impl Drop for Pgbouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
