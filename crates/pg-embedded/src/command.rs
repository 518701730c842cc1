//! The commands for PostgreSQL's programs: their user, settings and environment. They end when this process
//! dies.

use std::{os::unix::process::CommandExt as _, path::Path, process::Command};

use nix::{
    errno::Errno,
    sys::{prctl, signal::Signal},
    unistd::{Pid, getppid},
};

use crate::{Account, Binaries};

/// Settings for a small service. `extra` comes later on the command line and takes precedence.
const SERVER_SETTINGS: [(&str, &str); 8] = [
    ("listen_addresses", ""),
    ("shared_buffers", "128MB"),
    ("max_connections", "50"),
    // Bounds its disk space and the recovery after a crash.
    ("max_wal_size", "512MB"),
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_line_prefix", "%m [%p] %a "),
];

/// A command that creates the cluster.
pub fn tool(program: &Path, account: &Account, dir: &Path) -> Command {
    command(program, account, dir, Signal::SIGTERM)
}

/// The command that runs the server with its settings.
pub fn server(
    binaries: &Binaries,
    account: &Account,
    cluster_dir: &Path,
    socket_dir: &Path,
    extra: &[(String, String)],
) -> Command {
    let mut command = command(&binaries.postgres(), account, cluster_dir, Signal::SIGINT);
    command.arg("-D").arg(cluster_dir);
    command.arg("-k").arg(socket_dir);
    for (name, value) in SERVER_SETTINGS {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    for (name, value) in extra {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    command
}

fn command(program: &Path, account: &Account, dir: &Path, on_our_death: Signal) -> Command {
    let mut command = Command::new(program);
    // The environment must not influence it, for example with PGOPTIONS or LC_ALL.
    command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir(dir);
    account.apply(&mut command);
    // Ctrl-C in a terminal reaches the whole foreground group. Only this process should get it, and then stop
    // the server.
    command.process_group(0);
    let us = Pid::this();
    // SAFETY: the closure only makes system calls; it neither allocates nor locks.
    #[expect(unsafe_code, reason = "the server has to die with us")]
    unsafe {
        command.pre_exec(move || {
            // Runs after the change of user, which would reset it.
            prctl::set_pdeathsig(on_our_death)?;
            // This process may have died between the fork and that call.
            if getppid() == us { Ok(()) } else { Err(Errno::ESRCH.into()) }
        });
    }
    command
}
