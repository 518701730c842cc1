//! The service as a child process. It polls its feed every second.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A running service. It is killed when dropped.
pub struct Service {
    child: Child,
    /// The address on which it serves HTTP.
    pub address: SocketAddr,
}

impl Service {
    /// Runs a build of the service with these settings and no others.
    pub fn start(program: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        drop(listener);
        let child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("SECTORWATCH_LISTEN", address.to_string())
            .env("SECTORWATCH_POLL_INTERVAL", "1s")
            // What is measured is the answer, and not its refusal.
            .env("SECTORWATCH_RATE_LIMIT", "100000/s")
            .env("SECTORWATCH_RATE_BURST", "100000")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self { child: child.expect("start the program"), address }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
