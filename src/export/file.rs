//! An export into a file, or to standard output.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use futures_util::StreamExt as _;

use super::{Parts, WalkError};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The export broke off.
    #[error("the export broke off; nothing was written that is whole")]
    Walk(#[from] WalkError),
    /// The file cannot be written.
    #[error("cannot write {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What failed.
        source: io::Error,
    },
    /// Standard output cannot be written.
    #[error("cannot write to standard output")]
    Output(#[source] io::Error),
    /// Whoever read our standard output has gone, such as `head`.
    #[error("standard output is closed")]
    Closed,
}

/// Whether a command failed only because whoever read its output has gone, so that there is nobody to tell.
pub fn is_for_nobody(error: &(dyn std::error::Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(SaveError::Closed))
}

/// Writes an export to this file, or to standard output. The file appears under its name once it is whole and on
/// the disk; until then it is `FILE.part`. `progress` is told the rows so far.
///
/// # Errors
/// [`SaveError`]. A file of that name is then as it was.
pub async fn save(
    parts: Parts,
    file: Option<&Path>,
    progress: impl FnMut(u64),
) -> Result<(), SaveError> {
    let Some(path) = file else {
        let written = copy(parts, &mut io::stdout().lock(), progress).await?;
        return written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => SaveError::Closed,
            _ => SaveError::Output(error),
        });
    };
    let unfinished = unfinished(path);
    let saved = save_as(parts, path, &unfinished, progress).await;
    if saved.is_err() {
        // It may not be there, and why it was not written matters more.
        let _ = fs::remove_file(&unfinished);
    }
    saved
}

async fn save_as(
    parts: Parts,
    path: &Path,
    unfinished: &Path,
    progress: impl FnMut(u64),
) -> Result<(), SaveError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SaveError::File { path, source }
    };
    let mut file = File::create(unfinished).map_err(failed(unfinished))?;
    let written = copy(parts, &mut file, progress).await?;
    written.and_then(|()| file.sync_all()).map_err(failed(unfinished))?;
    fs::rename(unfinished, path).map_err(failed(path))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name: OsString = path.into();
    name.push(".part");
    name.into()
}

async fn copy(
    mut parts: Parts,
    out: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> Result<io::Result<()>, WalkError> {
    while let Some(part) = parts.next().await {
        let part = part?;
        if let Err(error) = out.write_all(&part.bytes) {
            return Ok(Err(error));
        }
        progress(part.rows);
    }
    Ok(out.flush())
}
