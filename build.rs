//! Tells the build what it is made of: the commit and the compiler.

use std::{path::Path, process::Command};

fn main() {
    // A path that is missing would count as changed at every build.
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = answer("git", &["rev-parse", "--git-path", file])
            && Path::new(&path).exists()
        {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    println!("cargo:rerun-if-env-changed=SECTORWATCH_REVISION");
    if std::env::var_os("SECTORWATCH_REVISION").is_none() {
        tell("SECTORWATCH_REVISION", "git", &["rev-parse", "--short=12", "HEAD"]);
    }
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    tell("SECTORWATCH_RUSTC", &rustc, &["--version"]);
}

/// Leaves the variable unset where the command has no answer.
fn tell(variable: &str, command: &str, args: &[&str]) {
    if let Some(answer) = answer(command, args) {
        println!("cargo:rustc-env={variable}={answer}");
    }
}

fn answer(command: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(command).args(args).output().ok()?;
    let answer = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !answer.is_empty()).then_some(answer)
}
