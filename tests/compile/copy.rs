//! A copy of the project that is changed and compiled.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

/// The project with its own copy of the sources; everything else is linked. There is one copy at a time,
/// always in the same place and with its own target folder: cargo takes the crates of two copies of a
/// workspace for the same ones, and looks for changes in the files of the copy that it built first.
pub struct Copy {
    folder: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

static TURN: Mutex<()> = Mutex::new(());

/// A compiler message about one line.
#[derive(Debug)]
pub struct Finding {
    /// `src/main.rs:16`
    pub place: String,
    /// `E0603`, or the name of a lint.
    pub code: String,
    pub message: String,
}

impl Copy {
    /// A copy of all.
    pub fn whole() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = temporary().join("copy");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("remove the last copy");
        }
        fs::create_dir_all(&folder).expect("a folder");
        for part in ["Cargo.toml", "Cargo.lock", "clippy.toml", "build.rs"].into_iter().chain([
            "airspace",
            "benches",
            "migrations",
        ]) {
            symlink(project().join(part), folder.join(part)).expect("link a part");
        }
        for part in ["src", "crates"] {
            copy_folder(&project().join(part), &folder.join(part));
        }
        Self { folder, _turn: turn }
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

    /// The findings of cargo's `command` in all libraries and programs that it reaches. It always checks all
    /// of them, so that the dependencies are checked once.
    pub fn findings(&self, command: &str) -> Vec<Finding> {
        let output = Command::new(env!("CARGO"))
            .args([command, "--locked", "--offline", "--lib", "--bins", "--message-format=json"])
            .args(["--workspace", "--keep-going"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", temporary().join("checked"))
            .output()
            .expect("run cargo");
        let said = String::from_utf8_lossy(&output.stdout);
        let findings: Vec<_> = said.lines().filter_map(finding).collect();
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() || !findings.is_empty(), "cargo {command}: {why}");
        findings
    }
}

fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
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

/// A message with a code and a place. Summaries have neither.
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
