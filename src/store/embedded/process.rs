//! The server process: started, watched and stopped, and never an orphan.

use std::{
    fs, io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    sys::{
        prctl,
        signal::{Signal, kill},
    },
    unistd::{Pid, getppid},
};

use super::{Account, Binaries, EmbeddedError, log::Log};

/// What a small service needs; `extra` comes later on the command line and so wins.
const SERVER_SETTINGS: [(&str, &str); 8] = [
    ("listen_addresses", ""),
    ("shared_buffers", "128MB"),
    ("max_connections", "50"),
    // Bounds both the disk that it takes and the recovery after a crash.
    ("max_wal_size", "512MB"),
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_line_prefix", "%m [%p] %a "),
];
const READY_WAIT: Duration = Duration::from_secs(60);
/// For a fast shutdown, which writes a checkpoint.
const STOP_WAIT: Duration = Duration::from_secs(15);
/// For an immediate shutdown, which writes nothing.
const KILL_WAIT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// A program that makes the cluster; it ends with us.
pub fn tool(program: &Path, account: &Account, dir: &Path) -> Command {
    command(program, account, dir, Signal::SIGTERM)
}

fn command(program: &Path, account: &Account, dir: &Path, on_our_death: Signal) -> Command {
    let mut command = Command::new(program);
    // Nothing of our environment may steer it, such as PGOPTIONS or LC_ALL.
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C")
        .current_dir(dir);
    account.apply(&mut command);
    // Ctrl-C in a terminal goes to the whole foreground group: it is for us alone, who then stop the server.
    command.process_group(0);
    let us = Pid::this();
    // SAFETY: the closure only makes system calls; it neither allocates nor locks.
    unsafe {
        command.pre_exec(move || {
            // Runs after the change of user, which would undo it.
            prctl::set_pdeathsig(on_our_death)?;
            // We may have died between the fork and that call.
            if getppid() == us {
                Ok(())
            } else {
                Err(Errno::ESRCH.into())
            }
        });
    }
    command
}

/// The server program with its settings, ready to be started.
pub fn server(
    binaries: &Binaries,
    account: &Account,
    cluster_dir: &Path,
    socket_dir: &Path,
    extra: &[(String, String)],
) -> Command {
    let mut command = command(&binaries.postgres(), account, cluster_dir, Signal::SIGINT);
    command.arg("-D").arg(cluster_dir);
    command.arg("-k").arg(socket_dir);
    for (name, value) in SERVER_SETTINGS {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    for (name, value) in extra {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    command
}

/// The running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// The kernel ties a child's end to the *thread* that forked it: that thread waits until this is dropped.
    _parent_thread: mpsc::Sender<()>,
}

impl Server {
    /// Starts the server and waits until it takes connections.
    pub fn start(
        mut command: Command,
        cluster_dir: &Path,
        log: &mut Log,
    ) -> Result<Self, EmbeddedError> {
        let writer = || log.writer().map_err(EmbeddedError::io("open", log.path()));
        command
            .stdin(Stdio::null())
            .stdout(writer()?)
            .stderr(writer()?);
        let path = PathBuf::from(command.get_program());
        let mut server = Self::spawn(command)
            .map_err(|source| EmbeddedError::BinariesUnusable { path, source })?;
        server.await_ready(cluster_dir, log)?;
        Ok(server)
    }

    fn spawn(mut command: Command) -> io::Result<Self> {
        let (spawned_sender, spawned) = mpsc::channel();
        let (parent_thread, until_dropped) = mpsc::channel::<()>();
        thread::Builder::new()
            .name("postgres-parent".to_owned())
            .spawn(move || {
                if spawned_sender.send(command.spawn()).is_ok() {
                    let _ = until_dropped.recv();
                }
            })?;
        let child = spawned.recv().map_err(io::Error::other)??;
        Ok(Self {
            child,
            _parent_thread: parent_thread,
        })
    }

    fn await_ready(&mut self, cluster_dir: &Path, log: &mut Log) -> Result<(), EmbeddedError> {
        let started = Instant::now();
        let lock_file = cluster_dir.join("postmaster.pid");
        loop {
            let exited = self.child.try_wait();
            if let Some(status) =
                exited.map_err(EmbeddedError::io("watch the server of", cluster_dir))?
            {
                return Err(EmbeddedError::Ended {
                    status,
                    log_path: log.path().to_owned(),
                    log: log.last_lines(),
                });
            }
            if fs::read_to_string(&lock_file).is_ok_and(|text| is_ready(&text, self.pid())) {
                return Ok(());
            }
            if started.elapsed() > READY_WAIT {
                return Err(EmbeddedError::NotReady {
                    waited: READY_WAIT,
                    log_path: log.path().to_owned(),
                    log: log.last_lines(),
                });
            }
            thread::sleep(PAUSE);
        }
    }

    /// The postmaster's process id.
    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Fast shutdown, then an immediate one, then SIGKILL.
    pub fn stop(&mut self) -> Result<(), EmbeddedError> {
        if self.ends_by(Signal::SIGINT, STOP_WAIT) {
            return Ok(());
        }
        if !self.ends_by(Signal::SIGQUIT, KILL_WAIT) {
            // Its backends end by themselves when they see that it is gone.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        Err(EmbeddedError::Killed { waited: STOP_WAIT })
    }

    /// The child is not reaped while it is alive here, so its process id is nobody else's.
    fn ends_by(&mut self, signal: Signal, wait: Duration) -> bool {
        let deadline = Instant::now() + wait;
        if self.is_alive() {
            let _ = kill(Pid::from_raw(self.pid()), signal);
        }
        while self.is_alive() {
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(PAUSE);
        }
        true
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// The first line of the server's lock file is its process id, the eighth its state.
fn is_ready(lock_file: &str, pid: i32) -> bool {
    let mut lines = lock_file.lines().map(str::trim);
    lines.next() == Some(pid.to_string().as_str()) && lines.nth(6) == Some("ready")
}
