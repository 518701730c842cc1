//! The server's log file.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

const LIMIT_BYTES: u64 = 10 * 1024 * 1024;
const LINES_QUOTED: usize = 12;

/// The server's log, of which errors quote what the latest start wrote.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    start: u64,
}

impl Log {
    /// Opens or creates it; empties it when it has grown large.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::options()
            .read(true)
            .append(true)
            .create(true)
            // A failing statement is logged with its values.
            .mode(0o600)
            .open(path)?;
        if file.metadata()?.len() > LIMIT_BYTES {
            file.set_len(0)?;
        }
        let start = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, start })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// For the server's output.
    pub fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// What the server wrote last, since the log was opened.
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
