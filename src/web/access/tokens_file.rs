//! The file of tokens, which nobody but its owner may write.

use std::{
    fs::File,
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use sectorwatch_access::{BadLine, Tokens};

/// More than a thousand lines of the greatest length.
const LARGEST_FILE: u64 = 1024 * 1024;
/// The rights of the group and of others to write.
const OTHERS_WRITE: u32 = 0o022;

/// Why a file of tokens cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the file of tokens {} cannot be used", .path.display())]
pub struct TokensFileError {
    path: PathBuf,
    #[source]
    reason: Reason,
}

#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error("it cannot be read")]
    Io(#[from] io::Error),
    #[error("it is no file")]
    NoFile,
    #[error("others than its owner may write it (mode {0:04o}); allowed: chmod go-w")]
    OthersWrite(u32),
    #[error("it is larger than 1 MiB")]
    TooLarge,
    #[error("it is not UTF-8")]
    NotText,
    #[error(transparent)]
    Line(#[from] BadLine),
}

/// Reads the file.
///
/// # Errors
/// It cannot be read, others may write it, or a line is bad.
pub fn read(path: &Path) -> Result<Tokens, TokensFileError> {
    read_file(path).map_err(|reason| TokensFileError { path: path.to_owned(), reason })
}

fn read_file(path: &Path) -> Result<Tokens, Reason> {
    // To open a pipe would wait for whoever writes to it.
    if !path.metadata()?.is_file() {
        return Err(Reason::NoFile);
    }
    let file = File::open(path)?;
    let mode = file.metadata()?.permissions().mode() & 0o7777;
    if mode & OTHERS_WRITE != 0 {
        return Err(Reason::OthersWrite(mode));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Reason::TooLarge);
    }
    let text = str::from_utf8(&bytes).map_err(|_| Reason::NotText)?;
    Ok(Tokens::read(text)?)
}

#[cfg(test)]
mod tests {
    use std::{error::Error as _, fs, fs::Permissions};

    use sectorwatch_access::Digest;

    use super::*;

    #[test]
    fn a_file_is_read_unless_others_may_write_it_or_something_is_wrong_with_it() {
        let line = format!("bot:read:{}\n", Digest::of(b"sw_a"));
        let bad = format!("# mine\n{line}bot");
        let cases: [(&[u8], u32, &str); 8] = [
            (line.as_bytes(), 0o600, ""),
            (line.as_bytes(), 0o644, ""),
            (b"", 0o400, ""),
            (line.as_bytes(), 0o622, "others than its owner may write it (mode 0622)"),
            (line.as_bytes(), 0o660, "others than its owner may write it (mode 0660)"),
            (line.as_bytes(), 0o602, "others than its owner may write it (mode 0602)"),
            (bad.as_bytes(), 0o600, "line 3: it is not name:scopes:sha256-hex[:expires]"),
            (b"\xff", 0o600, "it is not UTF-8"),
        ];
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens");
        for (bytes, mode, expected) in cases {
            let _ = fs::remove_file(&path);
            fs::write(&path, bytes).expect("write");
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("chmod");
            let reason = read(&path).err().map(|error| {
                assert!(error.to_string().contains("tokens"), "{error}");
                error.source().expect("a reason").to_string()
            });
            let reason = reason.unwrap_or_default();
            assert_eq!(reason.is_empty(), expected.is_empty(), "{reason}");
            assert!(reason.starts_with(expected), "{reason}");
        }
        assert!(read(folder.path()).is_err(), "a folder");
        assert!(read(&folder.path().join("none")).is_err(), "nothing");
        fs::write(&path, vec![b'\n'; 1024 * 1024 + 1]).expect("write");
        assert!(read(&path).is_err(), "too large");
    }
}
