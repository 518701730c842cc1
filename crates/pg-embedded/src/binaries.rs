//! Finds `initdb` and `postgres`, and their version.

use std::{
    env,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{EmbeddedError, Halt, SettingNames};

/// Directories with one directory per version, each with a `bin`: Debian, then Red Hat's and Homebrew's names.
const VERSIONED: [(&str, &str); 3] =
    [("/usr/lib/postgresql", ""), ("/usr", "pgsql-"), ("/opt/homebrew/opt", "postgresql@")];
/// Directories with the programs of one version.
const PLAIN: [&str; 4] =
    ["/usr/libexec/postgresql", "/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"];
/// The package manager's program, and its install command.
const INSTALL: [(&str, &str); 5] = [
    ("/usr/bin/apt-get", "sudo apt-get install -y --no-install-recommends postgresql"),
    ("/usr/bin/dnf", "sudo dnf install -y postgresql-server"),
    ("/sbin/apk", "doas apk add postgresql"),
    ("/usr/bin/pacman", "sudo pacman -S postgresql"),
    ("/opt/homebrew/bin/brew", "brew install postgresql"),
];

/// The server programs of one PostgreSQL version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    dir: PathBuf,
    major: String,
}

impl Binaries {
    /// Reads the version of `postgres` in `dir`.
    fn in_dir(dir: &Path, halt: &Halt) -> Result<Self, EmbeddedError> {
        let path = dir.join("postgres");
        let unusable = |source| EmbeddedError::BinariesUnusable { path: path.clone(), source };
        let output = halt.output(Command::new(&path).arg("--version"), "").map_err(unusable)?;
        let output = output.ok_or(EmbeddedError::Halted)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        match major_version(&text) {
            Some(major) if output.status.success() => Ok(Self { dir: dir.to_owned(), major }),
            _ => Err(unusable(io::Error::other(format!("it calls itself {text:?}")))),
        }
    }

    /// The path of `initdb`.
    pub fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }

    /// The path of `postgres`.
    pub fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    /// The major version, as in a cluster's `PG_VERSION`.
    pub fn major(&self) -> &str {
        &self.major
    }
}

/// Returns the newest server programs in this directory, or on this machine when it is `None`.
///
/// # Errors
/// There are no programs, or they do not run.
pub fn find_binaries(dir: Option<&Path>) -> Result<Binaries, EmbeddedError> {
    let found = installed(dir, &SettingNames::PLAIN, &Halt::default());
    found.map(|mut found| found.swap_remove(0))
}

/// The server programs in this directory, or all on this machine, newest first. Never empty.
pub fn installed(
    dir: Option<&Path>,
    names: &'static SettingNames,
    halt: &Halt,
) -> Result<Vec<Binaries>, EmbeddedError> {
    match dir {
        Some(dir) if has_programs(dir) => Ok(vec![Binaries::in_dir(dir, halt)?]),
        Some(dir) => Err(EmbeddedError::BinariesNotThere { dir: dir.to_owned(), names }),
        None => newest_first(candidates(env::var_os("PATH").as_deref()), names, halt),
    }
}

fn has_programs(dir: &Path) -> bool {
    dir.join("initdb").exists() && dir.join("postgres").exists()
}

/// Programs that do not run are skipped.
fn newest_first(
    mut dirs: Vec<PathBuf>,
    names: &'static SettingNames,
    halt: &Halt,
) -> Result<Vec<Binaries>, EmbeddedError> {
    dirs.retain(|dir| has_programs(dir));
    let (mut usable, mut broken) = (Vec::new(), None);
    for dir in dirs {
        match Binaries::in_dir(&dir, halt) {
            Ok(binaries) => usable.push(binaries),
            Err(EmbeddedError::Halted) => return Err(EmbeddedError::Halted),
            Err(error) => broken = broken.or(Some(error)),
        }
    }
    if usable.is_empty() {
        let install = install_command();
        return Err(broken.unwrap_or(EmbeddedError::BinariesMissing { install, names }));
    }
    // The sort is stable: of one version, the first directory is used.
    usable.sort_by_key(|binaries| std::cmp::Reverse(version_number(&binaries.major)));
    usable.dedup_by(|later, first| later.major == first.major);
    Ok(usable)
}

fn candidates(path: Option<&OsStr>) -> Vec<PathBuf> {
    let versioned = VERSIONED.iter().flat_map(|(parent, prefix)| {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(prefix.as_bytes()))
            .map(|entry| entry.path().join("bin"))
    });
    let plain = PLAIN.iter().map(PathBuf::from);
    let path = path.map(|path| env::split_paths(path).collect::<Vec<_>>());
    versioned.chain(plain).chain(path.into_iter().flatten()).collect()
}

fn install_command() -> &'static str {
    let known = INSTALL.iter().find(|(program, _)| Path::new(program).exists());
    known.map_or("the package manager of this system", |(_, command)| command)
}

/// Parses `postgres (PostgreSQL) 15.18 (Debian …)` → `15`. Before 10, a major version has two parts.
fn major_version(text: &str) -> Option<String> {
    let version = text.split_once("(PostgreSQL) ")?.1;
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let mut parts = version[..end].split('.');
    let first = parts.next().filter(|first| !first.is_empty())?;
    match first.parse::<u32>().ok()? {
        ..10 => Some(format!("{first}.{}", parts.next()?)),
        _ => Some(first.to_owned()),
    }
}

fn version_number(major: &str) -> Vec<u32> {
    major.split('.').filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::{SettingNames, major_version, newest_first, version_number};

    #[test]
    fn majors_are_read_as_pg_version_spells_them() {
        for (text, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some("15")),
            ("postgres (PostgreSQL) 18beta1\n", Some("18")),
            ("postgres (PostgreSQL) 9.6.24\n", Some("9.6")),
            ("postgres (PostgreSQL) \n", None),
            ("command not found", None),
        ] {
            assert_eq!(major_version(text).as_deref(), major, "{text:?}");
        }
        assert!(version_number("10") > version_number("9.6"));
    }

    #[test]
    fn the_newest_that_runs_is_taken() {
        let root = tempfile::tempdir().expect("a directory");
        let place = |name: &str, says: &str| {
            let dir = root.path().join(name);
            fs::create_dir(&dir).expect("create");
            for program in ["initdb", "postgres"] {
                // Written by another process, because a fork in a parallel test could keep our file open
                // (ETXTBSY).
                let script = "printf '#!/bin/sh\\necho %s\\n' \"'$1'\" > \"$2\" && chmod +x \"$2\"";
                let mut sh = Command::new("sh");
                sh.args(["-c", script, "sh", says]).arg(dir.join(program));
                assert!(sh.status().expect("sh").success());
            }
            dir
        };
        let broken = place("broken", "segmentation fault");
        let old = place("old", "postgres (PostgreSQL) 9.6.1");
        let new = place("new", "postgres (PostgreSQL) 17.2");
        let again = place("again", "postgres (PostgreSQL) 17.1");

        let halt = super::Halt::default();
        const NAMES: SettingNames =
            SettingNames { programs: "BIN_DIR", server_url: "URL", ..SettingNames::PLAIN };
        let found = newest_first(vec![broken.clone(), old, new.clone(), again], &NAMES, &halt);
        let found = found.expect("found");
        let majors: Vec<_> = found.iter().map(super::Binaries::major).collect();
        assert_eq!((majors, found[0].postgres()), (vec!["17", "9.6"], new.join("postgres")));

        let text =
            |dirs| newest_first(dirs, &NAMES, &halt).expect_err("nothing usable").to_string();
        assert_eq!(text(vec![broken.clone()]), format!("cannot run {}/postgres", broken.display()));
        let none = text(vec![root.path().to_owned()]);
        for way_out in ["install", "BIN_DIR", "URL"] {
            assert!(none.contains(way_out), "{none}");
        }
    }
}
