//! Confines a process as Docker does with the settings of `docker-compose.yml`, using tools of the
//! system.

use std::{
    collections::BTreeMap,
    fs,
    net::{IpAddr, SocketAddr},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{instructions, stages};
use crate::{
    deploy::compose,
    support::{
        scratch,
        service::{Ended, PATIENCE, Service},
    },
};

/// The process gets its own read-only root, `/proc`, a few devices, a limit of processes and a
/// numeric user. It keeps only the capabilities that are needed to change root and user, and loses
/// them with that change. Memory and processor time are not limited.
const CONFINE: &str = r#"
root=$1 user=$2 processes=$3
shift 3
mount --bind "$root" "$root"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o nosuid,noexec dev "$root/dev"
for device in null zero full random urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount -o remount,bind,ro "$root"
exec setpriv --bounding-set=-all,+sys_chroot,+setuid,+setgid --inh-caps=-all --no-new-privs \
    prlimit --nproc="$processes" chroot --groups= --userspec="$user" "$root" "$@"
"#;

/// A copy of the image, with the files and mount points that Docker adds.
pub struct Container {
    dir: PathBuf,
    environment: BTreeMap<String, String>,
}

impl Container {
    /// Creates a container with the environment of `docker-compose.yml`. `names` is the address of
    /// its name server.
    pub fn new(image: &Path, names: IpAddr) -> Self {
        let dir = scratch::dir("container");
        let root = dir.join("root");
        stages::run(Command::new("cp").arg("-al").arg(image).arg(&root));
        for folder in ["proc", "dev"] {
            fs::create_dir(root.join(folder)).expect("create a place to mount");
        }
        let environment = compose::compose()["services"]["sectorwatch"]["environment"].clone();
        let environment = serde_json::from_value(environment).expect("texts");
        let container = Self { dir, environment };
        container.put("etc/hosts", "127.0.0.1\tlocalhost\n");
        container.put("etc/hostname", "0b1c2d3e4f50\n");
        let resolver = format!("nameserver {names}\noptions edns0 trust-ad ndots:0\n");
        container.put("etc/resolv.conf", &resolver);
        container.write_program();
        container
    }

    /// Adds or replaces a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Removes a variable.
    pub fn without(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// Writes a file, as if it were mounted.
    pub fn put(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        // The file may be linked to that of the image, which must not change.
        let _ = fs::remove_file(&path);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// The root directory, as seen from outside.
    pub fn root(&self) -> PathBuf {
        self.dir.join("root")
    }

    /// The path of a program that runs the image's entry point with the environment of the
    /// container.
    pub fn program(&self) -> PathBuf {
        self.dir.join("sectorwatch")
    }

    pub fn spawn(&self, arguments: &[&str], address: SocketAddr) -> Service {
        self.spawn_by(Command::new(self.program()).args(arguments), address)
    }

    /// Starts the entry point as the first process of its own namespace, as Docker does. The
    /// returned process is its parent, which ends with it and does not forward signals.
    pub fn spawn_as_first(&self, arguments: &[&str], address: SocketAddr) -> Service {
        let mut command = Command::new("unshare");
        command.args(["--pid", "--fork", "--kill-child"]).arg(self.program()).args(arguments);
        self.spawn_by(&mut command, address)
    }

    /// Runs the entry point, and waits for its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
        self.spawn(arguments, nowhere).finish(2 * PATIENCE)
    }

    fn spawn_by(&self, command: &mut Command, address: SocketAddr) -> Service {
        let child = command
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("SECTORWATCH_LISTEN", address.to_string())
            .envs(self.environment.iter().filter(|(name, _)| *name != "SECTORWATCH_LISTEN"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Service::of(child.expect("start the container"), address)
    }

    fn write_program(&self) {
        let service = compose::compose()["services"]["sectorwatch"].clone();
        let user = service["user"].as_str().expect("a user").to_owned();
        let processes = service["pids_limit"].as_u64().expect("a limit");
        let entry: Vec<String> =
            serde_json::from_str(&instructions("ENTRYPOINT")[0]).expect("a list");
        let script = format!(
            "#!/bin/sh\nexec unshare --mount sh -euc '{CONFINE}' sh '{}' {user} {processes} {} \"$@\"\n",
            self.root().display(),
            entry.join(" "),
        );
        fs::write(self.program(), script).expect("write the program");
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.program(), executable).expect("make it executable");
    }
}
