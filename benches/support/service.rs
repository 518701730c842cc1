//! The binary with the demo network, which it asks each second.

use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
};

use crate::server::Server;

/// Killed when dropped.
pub struct Service {
    child: Child,
    /// Of its HTTP.
    pub address: SocketAddr,
}

impl Service {
    /// With these settings besides.
    pub fn start(server: &Server, settings: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        drop(listener);
        let child = Command::new(env!("CARGO_BIN_EXE_sectorwatch"))
            .args(["serve", "--demo"])
            .env_clear()
            .env("DATABASE_URL", server.url())
            .env("SECTORWATCH_LISTEN", address.to_string())
            .env("SECTORWATCH_DATA_DIR", server.dir())
            .env("SECTORWATCH_POLL_INTERVAL", "1s")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self { child: child.expect("start the binary"), address }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
