//! The cluster on disk, created completely or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{Account, Binaries, EmbeddedError, Halt, SettingNames, command::tool};

/// `<data dir>/postgres`.
pub fn dir_below(data_dir: &Path) -> PathBuf {
    data_dir.join("postgres")
}

/// The cluster of a data directory.
#[derive(Debug)]
pub struct Cluster {
    dir: PathBuf,
    /// The name of the superuser and of the database.
    name: String,
    names: &'static SettingNames,
}

impl Cluster {
    /// The cluster in [`dir_below`], whether it exists or not.
    pub fn below(data_dir: &Path, name: &str, names: &'static SettingNames) -> Self {
        Self { dir: dir_below(data_dir), name: name.to_owned(), names }
    }

    /// The directory of its files.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The service's names for the settings.
    pub fn names(&self) -> &'static SettingNames {
        self.names
    }

    /// The newest programs, or those of the version that created the cluster.
    pub fn choose(&self, mut installed: Vec<Binaries>) -> Result<Binaries, EmbeddedError> {
        let Some(version) = self.version()? else {
            return Ok(installed.swap_remove(0));
        };
        match installed.iter().position(|binaries| binaries.major() == version) {
            Some(index) => Ok(installed.swap_remove(index)),
            None => Err(EmbeddedError::OtherVersion {
                dir: self.dir.clone(),
                cluster: version,
                installed: installed.iter().map(Binaries::major).collect::<Vec<_>>().join(", "),
                names: self.names,
            }),
        }
    }

    fn version(&self) -> Result<Option<String>, EmbeddedError> {
        match fs::read_to_string(self.dir.join("PG_VERSION")) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(EmbeddedError::io("read the version of", &self.dir)(error)),
        }
    }

    /// Creates the cluster and its database if there is none.
    ///
    /// It has another name until it is complete. The incomplete one of a crash is deleted here.
    pub fn initialize(
        &self,
        binaries: &Binaries,
        account: &Account,
        extra: &[(String, String)],
        halt: &Halt,
    ) -> Result<(), EmbeddedError> {
        if self.version()?.is_some() {
            return Ok(());
        }
        if fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(EmbeddedError::NotACluster { dir: self.dir.clone(), names: self.names });
        }
        let unfinished = self.dir.with_extension("new");
        match fs::remove_dir_all(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(EmbeddedError::io("remove", &unfinished)(error));
            }
            _ => account.own_dir(&unfinished)?,
        }
        self.initdb(binaries, account, &unfinished, extra, halt)?;
        self.create_database(binaries, account, &unfinished, extra, halt)?;
        self.adopt(&unfinished).map_err(EmbeddedError::io("rename to its final name", &unfinished))
    }

    /// Renames the rest of the cluster for inspection. Nothing is deleted.
    pub fn set_aside(&self) -> Result<(), EmbeddedError> {
        if fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_none()) {
            // It may be a mount, which cannot be renamed, or the directory for one.
            return Ok(());
        }
        let name = format!("postgres.lost-{}", chrono::Utc::now().format("%Y%m%dT%H%M%SZ"));
        let aside = self.dir.with_file_name(name);
        match fs::rename(&self.dir, &aside) {
            Ok(()) => {
                tracing::warn!(aside = %aside.display(), "what is left of the old cluster is kept");
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(EmbeddedError::io("move aside", &self.dir)(error)),
        }
    }

    fn adopt(&self, unfinished: &Path) -> io::Result<()> {
        fs::rename(unfinished, &self.dir)?;
        // The new name must survive a power cut like the data committed under it.
        self.dir.parent().map_or(Ok(()), |parent| fs::File::open(parent)?.sync_all())
    }

    fn initdb(
        &self,
        binaries: &Binaries,
        account: &Account,
        dir: &Path,
        extra: &[(String, String)],
        halt: &Halt,
    ) -> Result<(), EmbeddedError> {
        let mut command = tool(&binaries.initdb(), account, dir);
        // The C locale exists everywhere, and sorts the same way on every machine. Whoever can enter the
        // socket's private directory is trusted: `peer` would refuse root, because its name is not that of
        // the role.
        command
            .args([
                "--encoding=UTF8",
                "--locale=C",
                "--auth=trust",
                "--username",
                &self.name,
                "--pgdata",
            ])
            .arg(dir);
        if extra.iter().any(|(name, value)| name == "fsync" && value == "off") {
            command.arg("--no-sync");
        }
        run("initdb", command, "", halt)
    }

    /// Uses single-user mode, so that a cluster without its database never gets its final name.
    fn create_database(
        &self,
        binaries: &Binaries,
        account: &Account,
        dir: &Path,
        extra: &[(String, String)],
        halt: &Halt,
    ) -> Result<(), EmbeddedError> {
        let mut command = tool(&binaries.postgres(), account, dir);
        command.arg("--single").arg("-D").arg(dir).args(["-c", "exit_on_error=on"]);
        for (name, value) in extra {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.arg("template1");
        run("postgres --single", command, &format!("CREATE DATABASE \"{}\"\n", self.name), halt)
    }
}

fn run(
    program: &'static str,
    mut command: Command,
    input: &str,
    halt: &Halt,
) -> Result<(), EmbeddedError> {
    let path = PathBuf::from(command.get_program());
    let output = halt
        .output(&mut command, input)
        .map_err(|source| EmbeddedError::BinariesUnusable { path, source })?;
    let Output { status, stdout, stderr } = output.ok_or(EmbeddedError::Halted)?;
    if status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(if stderr.is_empty() { &stdout } else { &stderr })
        .trim()
        .to_owned();
    Err(EmbeddedError::Initialize { program, status, output })
}
