//! The server process: started, watched and stopped, and never an orphan.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    os::unix::{ffi::OsStrExt as _, process::CommandExt as _},
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
    unistd::{Pid, getppid, mkdtemp},
};

use super::{Account, Binaries, Cluster, EmbeddedError};

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
const LOG_LIMIT_BYTES: u64 = 10 * 1024 * 1024;
const LOG_LINES_QUOTED: usize = 12;
/// `sun_path` of a socket address, with its final NUL.
const SOCKET_PATH_BYTES: usize = 108;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

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

/// The private directory of the socket.
#[derive(Debug)]
pub struct SocketDir {
    path: PathBuf,
    is_temporary: bool,
}

impl SocketDir {
    /// `<data dir>/run`, or a fresh directory in `/tmp` when its path is too long for a socket.
    pub fn prepare(data_dir: &Path, account: &Account) -> Result<Self, EmbeddedError> {
        let path = data_dir.join("run");
        let is_temporary = path.join(SOCKET_NAME).as_os_str().as_bytes().len() >= SOCKET_PATH_BYTES;
        let path = if is_temporary {
            let template = Path::new("/tmp/sectorwatch-XXXXXX");
            mkdtemp(template)
                .map_err(|error| EmbeddedError::io("create", template)(error.into()))?
        } else {
            path
        };
        account.own_dir(&path)?;
        Ok(Self { path, is_temporary })
    }

    /// Where the socket is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        if self.is_temporary {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
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
        binaries: &Binaries,
        account: &Account,
        cluster: &Cluster,
        socket_dir: &Path,
        log_path: &Path,
        extra: &[(String, String)],
    ) -> Result<Self, EmbeddedError> {
        let mut command = command(&binaries.postgres(), account, cluster.dir(), Signal::SIGINT);
        command.arg("-D").arg(cluster.dir());
        command.arg("-k").arg(socket_dir);
        let defaults = SERVER_SETTINGS.into_iter();
        for (name, value) in defaults.chain(
            extra
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        ) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let mut log = Log::open(log_path).map_err(EmbeddedError::io("open", log_path))?;
        let output = log
            .file
            .try_clone()
            .and_then(|out| Ok((out, log.file.try_clone()?)));
        let (out, err) = output.map_err(EmbeddedError::io("open", log_path))?;
        command.stdin(Stdio::null()).stdout(out).stderr(err);

        let unusable = |source| EmbeddedError::BinariesUnusable {
            path: binaries.postgres(),
            source,
        };
        let mut server = Self::spawn(command).map_err(unusable)?;
        server.await_ready(cluster, &mut log, log_path)?;
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

    fn await_ready(
        &mut self,
        cluster: &Cluster,
        log: &mut Log,
        log_path: &Path,
    ) -> Result<(), EmbeddedError> {
        let started = Instant::now();
        let lock_file = cluster.dir().join("postmaster.pid");
        let wait = EmbeddedError::io("wait for the server of", cluster.dir());
        loop {
            let exited = match self.child.try_wait() {
                Ok(exited) => exited,
                Err(error) => return Err(wait(error)),
            };
            if let Some(status) = exited {
                return Err(EmbeddedError::Ended {
                    status,
                    log_path: log_path.to_owned(),
                    log: log.last_lines(),
                });
            }
            if fs::read_to_string(&lock_file).is_ok_and(|text| is_ready(&text, self.pid())) {
                return Ok(());
            }
            if started.elapsed() > READY_WAIT {
                let log = log.last_lines();
                return Err(EmbeddedError::NotReady {
                    waited: READY_WAIT,
                    log_path: log_path.to_owned(),
                    log,
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

/// The server's log, of which we quote what this start wrote.
struct Log {
    file: File,
    start: u64,
}

impl Log {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::options()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        if file.metadata()?.len() > LOG_LIMIT_BYTES {
            file.set_len(0)?;
        }
        let start = file.metadata()?.len();
        Ok(Self { file, start })
    }

    fn last_lines(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = self
            .file
            .seek(SeekFrom::Start(self.start))
            .and_then(|_| self.file.read_to_end(&mut bytes));
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.lines().collect();
        match read {
            Ok(_) => lines[lines.len().saturating_sub(LOG_LINES_QUOTED)..].join("\n"),
            Err(error) => format!("(unreadable: {error})"),
        }
    }
}
