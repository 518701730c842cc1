//! The socket's private directory. Whoever can enter it can act as any role of the database.

use std::{
    fs,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use nix::unistd::mkdtemp;

use crate::{Account, EmbeddedError};

/// The size of `sun_path` in a socket address, with the final NUL.
const SOCKET_PATH_BYTES: usize = 108;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// The private directory of the socket.
#[derive(Debug)]
pub struct SocketDir {
    path: PathBuf,
    is_temporary: bool,
}

impl SocketDir {
    /// Uses `<data dir>/run`, or a new directory in `/tmp` when that path is too long for a socket.
    pub fn prepare(data_dir: &Path, name: &str, account: &Account) -> Result<Self, EmbeddedError> {
        let in_data_dir = data_dir.join("run");
        let is_temporary = !can_hold_socket(&in_data_dir);
        let path = if is_temporary {
            // Short enough for a socket. mkdtemp replaces the letters at the end.
            let template = PathBuf::from(format!("/tmp/{name}-XXXXXX"));
            let made = mkdtemp(&template);
            made.map_err(|error| EmbeddedError::io("create", &template)(error.into()))?
        } else {
            in_data_dir
        };
        account.own_dir(&path)?;
        Ok(Self { path, is_temporary })
    }

    /// The path of the directory.
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

/// The path must fit into a socket address, and into a list separated by commas.
fn can_hold_socket(dir: &Path) -> bool {
    let socket = dir.join(SOCKET_NAME);
    let bytes = socket.as_os_str().as_bytes();
    bytes.len() < SOCKET_PATH_BYTES && !bytes.iter().any(|byte| b",\"".contains(byte))
}
