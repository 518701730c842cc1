//! The server's log file.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

const LIMIT_BYTES: u64 = 10 * 1024 * 1024;
const LINES_QUOTED: usize = 12;

/// The server's log. Errors quote what the latest start wrote.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    start: u64,
}

impl Log {
    /// Opens or creates the log, and empties a large one.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::options()
            .read(true)
            .append(true)
            .create(true)
            // PostgreSQL logs a failing statement with its values.
            .mode(0o600)
            .open(path)?;
        if file.metadata()?.len() > LIMIT_BYTES {
            file.set_len(0)?;
        }
        let start = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, start })
    }

    /// The path of the log.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file for the server's output.
    pub fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// The last lines that the server wrote since the log was opened.
    pub fn last_lines(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = self
            .file
            .seek(SeekFrom::Start(self.start))
            .and_then(|_| self.file.read_to_end(&mut bytes));
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.lines().collect();
        match read {
            Ok(_) => lines[lines.len().saturating_sub(LINES_QUOTED)..].join("\n"),
            Err(error) => format!("(unreadable: {error})"),
        }
    }
}
