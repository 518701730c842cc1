//! A copy of the project, to be changed and given to the compiler.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The project with sources of its own; all else is linked.
pub struct Copy {
    folder: PathBuf,
}

/// What the compiler said of one line.
#[derive(Debug)]
pub struct Finding {
    /// `src/main.rs:16`
    pub place: String,
    /// `E0603`, or the name of a lint.
    pub code: String,
    pub message: String,
}

impl Copy {
    /// A copy without any sources.
    pub fn without_sources(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("remove the last copy");
        }
        fs::create_dir_all(folder.join("src")).expect("a folder");
        for part in ["Cargo.toml", "Cargo.lock", "clippy.toml", "build.rs"].into_iter().chain([
            "airspace",
            "benches",
            "migrations",
        ]) {
            symlink(project().join(part), folder.join(part)).expect("link a part");
        }
        Self { folder }
    }

    /// A copy of all.
    pub fn whole(name: &str) -> Self {
        let copy = Self::without_sources(name);
        copy_folder(&project().join("src"), &copy.folder.join("src"));
        copy
    }

    pub fn write(&self, file: &str, source: &str) {
        fs::write(self.folder.join(file), source).expect("write a source");
    }

    /// Appends a line, and returns its number.
    pub fn append(&self, file: &str, line: &str) -> usize {
        let path = self.folder.join(file);
        let source = fs::read_to_string(&path).expect("a source");
        fs::write(path, format!("{source}{line}\n")).expect("write a source");
        source.lines().count() + 1
    }

    /// What cargo's `command` finds in library and program. Both are built where `make lint` builds,
    /// so that the dependencies are checked once.
    pub fn findings(&self, command: &str) -> Vec<Finding> {
        let output = Command::new(env!("CARGO"))
            .args([command, "--locked", "--offline", "--lib", "--bins", "--message-format=json"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."))
            .output()
            .expect("run cargo");
        let said = String::from_utf8_lossy(&output.stdout);
        let findings: Vec<_> = said.lines().filter_map(finding).collect();
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() || !findings.is_empty(), "cargo {command}: {why}");
        findings
    }
}

pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("read a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("copy a source");
        }
    }
}

/// A message with a code and a place; what sums up has neither.
fn finding(line: &str) -> Option<Finding> {
    let said: Value = serde_json::from_str(line).expect("JSON");
    let message = said.get("message")?;
    let spans = message["spans"].as_array()?;
    let place = spans.iter().find(|span| span["is_primary"] == true)?;
    Some(Finding {
        place: format!("{}:{}", place["file_name"].as_str()?, place["line_start"]),
        code: message["code"]["code"].as_str()?.to_owned(),
        message: message["message"].as_str()?.to_owned(),
    })
}
