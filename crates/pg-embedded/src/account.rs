//! The user of the server. PostgreSQL refuses to run as root.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    os::unix::process::CommandExt,
    path::Path,
    process::Command,
};

use nix::{
    libc,
    unistd::{Gid, Uid, User},
};

use crate::{Binaries, EmbeddedError, Halt, SettingNames};

/// The user id of `nobody` on systems without a list of users.
const OVERFLOW_ID: u32 = 65_534;

/// The user's name, or its id when it has none.
pub fn user_name(uid: Uid) -> String {
    match User::from_uid(uid) {
        Ok(Some(user)) => user.name,
        _ => uid.to_string(),
    }
}

/// The server's user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    uid: u32,
    gid: u32,
    /// Whether it is another user than that of this process.
    dropped: bool,
}

impl Account {
    /// The user of this process; for root, the owner of the cluster, or else `postgres`, or else `nobody`.
    pub fn for_cluster(cluster_dir: &Path) -> Result<Self, EmbeddedError> {
        let owner = match fs::metadata(cluster_dir) {
            Ok(metadata) => Some((metadata.uid(), metadata.gid())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(EmbeddedError::io("read", cluster_dir)(error)),
        };
        let account = match owner {
            _ if !Uid::effective().is_root() => Self {
                uid: Uid::effective().as_raw(),
                gid: Gid::effective().as_raw(),
                dropped: false,
            },
            Some((uid, gid)) if uid != 0 => Self { uid, gid, dropped: true },
            _ => Self::unprivileged(),
        };
        match owner {
            Some((owner, _)) if owner != account.uid => Err(EmbeddedError::NotOwned {
                dir: cluster_dir.to_owned(),
                owner,
                user: account.name(),
            }),
            _ => Ok(account),
        }
    }

    fn unprivileged() -> Self {
        let known =
            ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
        let (uid, gid) =
            known.map_or((OVERFLOW_ID, OVERFLOW_ID), |user| (user.uid.as_raw(), user.gid.as_raw()));
        Self { uid, gid, dropped: true }
    }

    /// The user's name, or its id when it has none.
    pub fn name(&self) -> String {
        user_name(Uid::from_raw(self.uid))
    }

    /// Runs the command as this user, without our supplementary groups.
    pub fn apply(&self, command: &mut Command) {
        if self.dropped {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Creates a directory that only this user and root can enter, or corrects an existing one.
    pub fn own_dir(&self, dir: &Path) -> Result<(), EmbeddedError> {
        match fs::create_dir(dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(EmbeddedError::io("create", dir)(error));
            }
            _ => {}
        }
        // The descriptor follows no link, because root must not give away the target of a link.
        let opened = fs::File::options()
            .read(true)
            .custom_flags(libc::O_NOFOLLOW | libc::O_DIRECTORY)
            .open(dir);
        let opened = opened.map_err(EmbeddedError::io("open", dir))?;
        if self.dropped {
            fchown(&opened, Some(self.uid), Some(self.gid))
                .map_err(EmbeddedError::io("change the owner of", dir))?;
        }
        opened
            .set_permissions(fs::Permissions::from_mode(0o700))
            .map_err(EmbeddedError::io("change the mode of", dir))
    }

    /// Checks that the user can run the programs and enter `dir`. The error names the directory on its path
    /// that the user cannot enter.
    pub fn require_enterable(
        &self,
        dir: &Path,
        binaries: &Binaries,
        names: &'static SettingNames,
        halt: &Halt,
    ) -> Result<(), EmbeddedError> {
        let postgres = binaries.postgres();
        let enter = |dir: &Path| {
            let mut command = Command::new(&postgres);
            self.apply(&mut command);
            // The working directory is changed after the user.
            halt.output(command.arg("--version").current_dir(dir), "")
        };
        let unusable = |source| EmbeddedError::BinariesUnusable { path: postgres.clone(), source };
        enter(Path::new("/")).map_err(unusable)?.ok_or(EmbeddedError::Halted)?;
        if enter(dir).is_ok() {
            return Ok(());
        }
        let from_the_root: Vec<_> = dir.ancestors().collect();
        let parent =
            from_the_root.into_iter().rev().find(|parent| enter(parent).is_err()).unwrap_or(dir);
        Err(EmbeddedError::NotEnterable { parent: parent.to_owned(), user: self.name(), names })
    }
}
