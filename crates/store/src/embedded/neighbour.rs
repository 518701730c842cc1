//! The server that another process runs.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use super::{cluster::Cluster, url};

/// The line of the server's lock file that names the directory of its socket.
const SOCKET_LINE: usize = 4;

/// The URL of the server that another process runs on this data directory; `None` when none does, or when it is not
/// ready yet.
pub fn running(data_dir: &Path) -> Option<String> {
    let lock = File::options().read(true).write(true).open(data_dir.join("lock")).ok()?;
    if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let cluster = Cluster::below(data_dir);
    let recorded = fs::read_to_string(cluster.dir().join("postmaster.pid")).ok()?;
    let socket_dir = recorded.lines().nth(SOCKET_LINE).filter(|line| !line.is_empty())?;
    Some(url(Path::new(socket_dir)))
}
