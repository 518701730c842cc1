//! Tells the build what it is made of: the commit and the compiler.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=.git/HEAD");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-env-changed=SECTORWATCH_REVISION");
    if std::env::var_os("SECTORWATCH_REVISION").is_none() {
        tell(
            "SECTORWATCH_REVISION",
            "git",
            &["rev-parse", "--short=12", "HEAD"],
        );
    }
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    tell("SECTORWATCH_RUSTC", &rustc, &["--version"]);
}

/// Leaves the variable unset where the command has no answer.
fn tell(variable: &str, command: &str, args: &[&str]) {
    let Ok(output) = Command::new(command).args(args).output() else {
        return;
    };
    let answer = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !answer.is_empty() {
        println!("cargo:rustc-env={variable}={answer}");
    }
}
