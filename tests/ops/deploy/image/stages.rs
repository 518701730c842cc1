//! The stages of `Dockerfile` without Docker. The command of the first stage is run as it is
//! written. The files that the last stage copies are put into an empty directory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use nix::unistd::Uid;

use super::{copied, instructions};
use crate::{
    deploy::project,
    support::{long_tests, scratch},
};

/// `docker-compose.yml` passes the revision to the build, and the service shows it.
pub const REVISION: &str = "0123456789ab";
/// Variables that cargo and rustup need.
const TOOLCHAIN: [&str; 5] = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];

/// The root directory of the image, which is built once. `None` unless the long tests are
/// requested, because the build takes minutes.
pub fn root() -> Option<&'static Path> {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    if !long_tests() {
        println!("not run: the image is built in the long form, make soak");
        return None;
    }
    if !Uid::effective().is_root() {
        assert!(std::env::var_os("CI").is_none(), "only root can change the root directory");
        println!("not run: only root can change the root directory");
        return None;
    }
    Some(ROOT.get_or_init(make))
}

/// Copies the paths that `Dockerfile` copies from the project to an empty directory, and nothing
/// else.
pub fn copy_to(context: &Path) {
    let mut copy = Command::new("cp");
    // The file times are kept, because cargo rebuilds what is newer than its last build.
    copy.args(["-r", "--preserve=timestamps"]);
    run(copy.args(copied().iter().map(|path| project().join(path))).arg(context));
}

/// Runs a command. Panics if it fails.
pub fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}");
}

fn make() -> PathBuf {
    // As with Docker, builds share one path and one directory for cargo.
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("image");
    let (context, target) = (kept.join("build"), kept.join("target"));
    let _ = fs::remove_dir_all(&context);
    for folder in [&context, &target] {
        fs::create_dir_all(folder).expect("create a folder");
    }
    copy_to(&context);
    std::os::unix::fs::symlink(target, context.join("target")).expect("a link");
    let program = build(&context);
    let root = scratch::dir("root");
    for copy in instructions("COPY").iter().filter(|copy| in_last_stage(copy)) {
        let words: Vec<_> = copy.split_whitespace().collect();
        let (from, to) = match words[..] {
            ["--from=build", "/sectorwatch", to] => (program.clone(), to),
            // This file is from Debian, as in the image of Rust.
            ["--from=build", from, to] => (PathBuf::from(from), to),
            [from, to] => (context.join(from), to),
            _ => panic!("not understood: COPY {copy}"),
        };
        let to = root.join(to.trim_start_matches('/'));
        fs::create_dir_all(to.parent().expect("a folder")).expect("create a folder");
        fs::copy(&from, &to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
    root
}

/// Only the last stage copies to the root of its file system.
fn in_last_stage(copy: &str) -> bool {
    copy.split_whitespace().next_back().is_some_and(|to| to.starts_with('/'))
}

/// Runs the command of the build stage, and returns the path of the program.
fn build(context: &Path) -> PathBuf {
    let command = instructions("RUN").pop().expect("a command");
    let words = command.split_whitespace().skip_while(|word| word.starts_with("--mount="));
    let command = words.collect::<Vec<_>>().join(" ");
    // The program must not be copied to `/sectorwatch` on this machine.
    let command = command.strip_suffix(" /sectorwatch").expect("the program is left at the root");
    let program = scratch::dir("program").join("sectorwatch");
    let toolchain = TOOLCHAIN.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    run(Command::new("nice")
        .args(["sh", "-euc", &format!("{command} \"$0\"")])
        .arg(&program)
        .current_dir(context)
        .env_clear()
        .envs(toolchain)
        .env("SECTORWATCH_REVISION", REVISION));
    program
}
