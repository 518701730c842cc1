//! The server of another process.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use crate::{cluster::dir_below, url};

/// The line with the directory of the socket in the server's lock file.
const SOCKET_LINE: usize = 4;

/// Returns the URL of the server that another process runs on this data directory; `None` when there is none,
/// or when it is not ready. `name` is that of [`EmbeddedSettings`](crate::EmbeddedSettings).
pub fn running(data_dir: &Path, name: &str) -> Option<String> {
    let lock = File::options().read(true).write(true).open(data_dir.join("lock")).ok()?;
    if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let recorded = fs::read_to_string(dir_below(data_dir).join("postmaster.pid")).ok()?;
    let socket_dir = recorded.lines().nth(SOCKET_LINE).filter(|line| !line.is_empty())?;
    Some(url(Path::new(socket_dir), name))
}
