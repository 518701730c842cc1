//! The server process: started, watched and stopped.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{EmbeddedError, Halt, log::Log};

const READY_WAIT: Duration = Duration::from_secs(60);
/// The limit of a fast shutdown, which writes a checkpoint.
const STOP_WAIT: Duration = Duration::from_secs(15);
/// The limit of a fast shutdown without time.
const HASTY_WAIT: Duration = Duration::from_secs(5);
/// The limit of an immediate shutdown, which writes nothing.
const KILL_WAIT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// The running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// The kernel ties the parent-death signal to the *thread* that forked. That thread waits until this is
    /// dropped.
    _parent_thread: mpsc::Sender<()>,
}

impl Server {
    /// Starts the server, and waits until it accepts connections.
    pub fn start(
        mut command: Command,
        cluster_dir: &Path,
        log: &mut Log,
        halt: &Halt,
    ) -> Result<Self, EmbeddedError> {
        let writer = || log.writer().map_err(EmbeddedError::io("open", log.path()));
        command.stdin(Stdio::null()).stdout(writer()?).stderr(writer()?);
        let path = PathBuf::from(command.get_program());
        let mut server = Self::spawn(command)
            .map_err(|source| EmbeddedError::BinariesUnusable { path, source })?;
        match server.await_ready(cluster_dir, log, halt) {
            Ok(()) => Ok(server),
            Err(error) => {
                let wait = if halt.is_halted() { HASTY_WAIT } else { STOP_WAIT };
                let _ = server.stop(wait);
                Err(error)
            }
        }
    }

    fn spawn(mut command: Command) -> io::Result<Self> {
        let (spawned_sender, spawned) = mpsc::channel();
        let (parent_thread, until_dropped) = mpsc::channel::<()>();
        thread::Builder::new().name("postgres-parent".to_owned()).spawn(move || {
            if spawned_sender.send(command.spawn()).is_ok() {
                let _ = until_dropped.recv();
            }
        })?;
        let child = spawned.recv().map_err(io::Error::other)??;
        Ok(Self { child, _parent_thread: parent_thread })
    }

    fn await_ready(
        &mut self,
        cluster_dir: &Path,
        log: &mut Log,
        halt: &Halt,
    ) -> Result<(), EmbeddedError> {
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
            halt.check()?;
            thread::sleep(PAUSE);
        }
    }

    /// The process id of the postmaster.
    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Whether it runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Tries a fast shutdown for at most `wait`, then an immediate one.
    pub fn stop(&mut self, wait: Duration) -> Result<(), EmbeddedError> {
        let waited = wait.min(STOP_WAIT);
        if self.ends_by(Signal::SIGINT, waited) {
            return Ok(());
        }
        self.abandon();
        Err(EmbeddedError::Killed { waited })
    }

    /// Immediate shutdown, then SIGKILL, so that nothing more is written.
    pub fn abandon(&mut self) {
        if !self.ends_by(Signal::SIGQUIT, KILL_WAIT) {
            // Its backends end when they notice that it has ended.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    /// The child is not reaped while it is alive here, so its process id cannot be reused.
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
        let _ = self.stop(STOP_WAIT);
    }
}

/// The first line of the server's lock file is the process id, the eighth its state.
fn is_ready(lock_file: &str, pid: i32) -> bool {
    let mut lines = lock_file.lines().map(str::trim);
    lines.next() == Some(pid.to_string().as_str()) && lines.nth(6) == Some("ready")
}
