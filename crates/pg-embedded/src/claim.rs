//! The exclusive right to use a data directory.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::{EmbeddedError, Halt, SettingNames};

/// How long a predecessor may take to end.
const PREDECESSOR_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// An advisory lock on `<data dir>/lock`, which ends with the process.
#[derive(Debug)]
pub struct Claim {
    _lock: File,
}

impl Claim {
    /// Waits for a predecessor and its server to end, and removes the traces of one that crashed.
    pub fn acquire(
        data_dir: &Path,
        cluster_dir: &Path,
        names: &'static SettingNames,
        halt: &Halt,
    ) -> Result<Self, EmbeddedError> {
        let deadline = Instant::now() + PREDECESSOR_WAIT;
        let in_use = |pid: String| EmbeddedError::InUse {
            dir: data_dir.to_owned(),
            pid,
            waited: PREDECESSOR_WAIT,
            names,
        };

        let path = data_dir.join("lock");
        let options =
            File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut lock = options.map_err(EmbeddedError::not_writable(data_dir, names))?;
        loop {
            halt.check()?;
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(in_use(read_pid(&mut lock))),
                Err(TryLockError::Error(error)) => {
                    return Err(EmbeddedError::io("lock", &path)(error));
                }
            }
        }
        while let Some(pid) = server_in(cluster_dir) {
            halt.check()?;
            if Instant::now() >= deadline {
                return Err(in_use(pid));
            }
            thread::sleep(PAUSE);
        }
        write_pid(&mut lock).map_err(EmbeddedError::io("write", &path))?;
        remove_misleading_lock_file(cluster_dir)?;
        Ok(Self { _lock: lock })
    }
}

/// The process id of a server of this cluster. Postmaster and backends all work in its directory.
fn server_in(cluster_dir: &Path) -> Option<String> {
    let recorded = recorded_pid(cluster_dir);
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut servers = processes.filter(|process| {
        let is_here = match fs::read_link(process.path().join("cwd")) {
            Ok(cwd) => cwd == cluster_dir,
            // Root in a container may not be allowed to inspect another user's process; then the lock file
            // decides. A zombie is "not found" here, and holds nothing.
            Err(error) => {
                error.kind() == io::ErrorKind::PermissionDenied
                    && recorded.as_deref() == process.file_name().to_str()
            }
        };
        is_here
            && fs::read_to_string(process.path().join("comm"))
                .is_ok_and(|comm| comm.trim() == "postgres")
    });
    servers.next().and_then(|process| process.file_name().into_string().ok())
}

/// The first line of the server's lock file.
fn recorded_pid(cluster_dir: &Path) -> Option<String> {
    let text = fs::read_to_string(cluster_dir.join("postmaster.pid")).ok()?;
    text.lines().next().map(|pid| pid.trim().to_owned())
}

/// Removes a lock file with a process id that now belongs to another program, which PostgreSQL would take for
/// the server.
///
/// A lock file of an ended process is left to PostgreSQL, which handles the rest of a crash.
fn remove_misleading_lock_file(cluster_dir: &Path) -> Result<(), EmbeddedError> {
    match recorded_pid(cluster_dir) {
        Some(pid) if Path::new("/proc").join(&pid).exists() => {
            let path = cluster_dir.join("postmaster.pid");
            fs::remove_file(&path).map_err(EmbeddedError::io("remove", &path))
        }
        _ => Ok(()),
    }
}

fn read_pid(lock: &mut File) -> String {
    let mut pid = String::new();
    match lock.read_to_string(&mut pid) {
        Ok(1..) => pid.trim().to_owned(),
        _ => "(unknown)".to_owned(),
    }
}

fn write_pid(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    lock.rewind()?;
    writeln!(lock, "{}", std::process::id())
}
