//! The files of an import.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};

use super::{ImportError, encoding::Mixed};

/// More than this is not read of any file.
const LARGEST: u64 = 1 << 28;

/// One file with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path as it was given, or inside the folder or archive that was given.
    pub path: PathBuf,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Source {
    /// The name of the file without its folders.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// What it holds as text.
    pub(super) fn content(&self) -> Mixed {
        Mixed::read(&self.bytes)
    }

    /// Reads files, folders with all that is in them, and `.tar.gz` archives, each folder by the bytes of its paths.
    ///
    /// # Errors
    ///
    /// Names the path that cannot be read.
    pub fn read(paths: &[PathBuf]) -> Result<Vec<Self>, ImportError> {
        let mut sources = Vec::new();
        for path in paths {
            let unreadable = |source| ImportError::Unreadable { path: path.clone(), source };
            add(path, &mut sources).map_err(unreadable)?;
        }
        Ok(sources)
    }
}

/// The digest of a set of files: of the lines `<hex>  <name>`, sorted.
pub(super) fn sha256(sources: &[&Source]) -> String {
    let mut lines: Vec<String> = sources
        .iter()
        .map(|source| format!("{}  {}\n", hex(&source.bytes), source.name()))
        .collect();
    lines.sort_unstable();
    hex(lines.concat().as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn add(path: &Path, sources: &mut Vec<Source>) -> io::Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
        inside
            .sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
        let is_hidden = |path: &Path| {
            path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
        };
        return inside
            .iter()
            .filter(|path| !is_hidden(path))
            .try_for_each(|path| add(path, sources));
    }
    let name = path.to_string_lossy().to_lowercase();
    let file = File::open(path)?;
    match name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        true => add_archive(file, sources),
        false => {
            sources.push(Source { path: path.to_owned(), bytes: read(file)? });
            Ok(())
        }
    }
}

fn add_archive(file: File, sources: &mut Vec<Source>) -> io::Result<()> {
    let mut inside = Vec::new();
    // What a few bytes are unpacked to is bounded, too, and by what they say of themselves before they are.
    let mut archive = tar::Archive::new(GzDecoder::new(file).take(LARGEST));
    let mut unpacked = 0_u64;
    for entry in archive.entries()? {
        let entry = entry?;
        unpacked = unpacked.saturating_add(entry.size());
        if unpacked > LARGEST {
            return Err(too_large());
        }
        if entry.header().entry_type().is_file() {
            let path = entry.path()?.into_owned();
            inside.push(Source { path, bytes: read(entry)? });
        }
    }
    // As of a folder: one folder after the other, though `-` is less than `/`.
    inside.sort_by(|a, b| a.path.cmp(&b.path));
    sources.extend(inside);
    Ok(())
}

fn read(content: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    content.take(LARGEST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LARGEST {
        true => Err(too_large()),
        false => Ok(bytes),
    }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "more than 256 MiB")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    #[test]
    fn an_archive_is_read_in_the_order_of_its_folder() {
        let place = tempfile::tempdir().expect("a folder");
        let root = place.path().join("all");
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for file in ["A-B/1.json", "A/2.json", "A.json"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, file).expect("a file");
            archive.append_path_with_name(&path, Path::new("all").join(file)).expect("a file");
        }
        let packed = archive.into_inner().and_then(GzEncoder::finish).expect("an archive");
        let archive = place.path().join("all.tar.gz");
        fs::write(&archive, packed).expect("a file");
        let read = |path: &Path| -> Vec<String> {
            let sources = Source::read(&[path.to_owned()]).expect("files");
            sources.iter().map(|source| source.content().text).collect()
        };
        assert_eq!(read(&archive), ["A/2.json", "A-B/1.json", "A.json"]);
        assert_eq!(read(&root), read(&archive));
    }
}
