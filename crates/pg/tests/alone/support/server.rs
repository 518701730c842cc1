//! A PostgreSQL server on a separate socket. PostgreSQL refuses to run as root, so another user runs it then.

use std::{
    env, fs,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User},
};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// A running server. Dropping it stops it.
pub struct Server {
    folder: TempDir,
    process: Child,
}

impl Server {
    /// Starts an empty server.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").expect("a folder");
        let account = Uid::effective().is_root().then(account);
        if let Some(user) = &account {
            let ids = (Some(user.uid.as_raw()), Some(user.gid.as_raw()));
            chown(folder.path(), ids.0, ids.1).expect("give the folder away");
        }
        let program = |name: &str| {
            let mut command = Command::new(programs().join(name));
            command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
            if let Some(user) = &account {
                command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
            }
            command
        };
        let data = folder.path().join("data");
        let mut made = program("initdb");
        made.args(["-A", "trust", "-U", "shop", "-E", "UTF8", "--no-sync", "-D"]).arg(&data);
        assert!(made.status().expect("run initdb").success(), "initdb");
        let mut served = program("postgres");
        served.arg("-D").arg(&data).arg("-k").arg(folder.path());
        served.args(["-c", "listen_addresses=", "-c", "fsync=off"]);
        let server = Self { process: served.spawn().expect("run postgres"), folder };
        server.await_ready(&data);
        server
    }

    /// The URL of its first database.
    pub fn url(&self) -> String {
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://shop@{folder}/postgres")
    }

    /// The server reports readiness in the last line of its pid file.
    fn await_ready(&self, data: &Path) {
        let deadline = Instant::now() + PATIENCE;
        let is_ready = || {
            let said = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            said.lines().last().is_some_and(|state| state.trim() == "ready")
        };
        while !is_ready() {
            assert!(Instant::now() < deadline, "PostgreSQL does not start");
            // Between two looks.
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Does not wait for clients.
        let _ = kill(Pid::from_raw(self.process.id() as i32), Signal::SIGINT);
        let _ = self.process.wait();
    }
}

/// The user for PostgreSQL when the tests run as root.
fn account() -> User {
    let known = ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
    known.expect("a user postgres or nobody")
}

/// The newest server programs of this machine.
fn programs() -> PathBuf {
    if let Some(folder) = env::var_os("PG_BIN_DIR") {
        return folder.into();
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<_> = versions
        .filter_map(|it| {
            Some((it.file_name().to_str()?.parse::<u32>().ok()?, it.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    versions.sort();
    match versions.pop() {
        Some((_, programs)) => programs,
        None => {
            let path = env::var_os("PATH").unwrap_or_default();
            let mut folders = env::split_paths(&path);
            folders.find(|it| it.join("initdb").exists()).expect("PostgreSQL's server programs")
        }
    }
}
