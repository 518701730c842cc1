//! `Dockerfile`: what can be checked without building the image. The long tests also build the
//! image and run it, without Docker.

mod container;
mod names;
mod stages;
mod walk;

use std::{fs, path::Path, process::Command};

use super::{compose, file};
use crate::support::{
    feed_server::{Answer, FeedServer},
    scratch,
    setup::Setup,
};

fn instructions(name: &str) -> Vec<String> {
    let joined = file("Dockerfile").replace("\\\n", " ");
    let lines = joined.lines().filter(|line| !line.starts_with('#'));
    let own = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    own.map(str::to_owned).collect()
}

/// The paths that are copied from the project.
fn copied() -> Vec<String> {
    let copies = instructions("COPY").into_iter().filter(|copy| !copy.starts_with("--from"));
    let sources = |copy: String| {
        let mut words: Vec<_> = copy.split_whitespace().map(str::to_owned).collect();
        words.pop();
        words
    };
    copies.flat_map(sources).collect()
}

#[test]
fn it_ends_in_an_empty_image_and_does_not_run_as_root() {
    let stages = instructions("FROM");
    assert_eq!(stages.len(), 2, "{stages:?}");
    let (version, _) =
        stages[0].strip_prefix("rust:").and_then(|t| t.split_once('-')).expect("Rust");
    let wanted = format!("{}.", env!("CARGO_PKG_RUST_VERSION"));
    assert!(version.starts_with(&wanted), "{version} is not {wanted}x, which is tested");
    assert_eq!(version.split('.').count(), 3, "a full version");
    assert_eq!(stages[1], "scratch");
    let service = compose::compose()["services"]["sectorwatch"].clone();
    assert_eq!(instructions("USER"), [service["user"].as_str().expect("a user")]);
    let health = instructions("HEALTHCHECK").remove(0);
    let (_, command) = health.split_once("CMD ").expect("a command");
    let command: Vec<String> = serde_json::from_str(command).expect("no shell is in the image");
    assert_eq!(command, ["/sectorwatch", "health"]);
    assert_eq!(
        service["healthcheck"]["test"],
        serde_json::json!(["CMD", "/sectorwatch", "health"])
    );
    assert_eq!(instructions("ENTRYPOINT"), [r#"["/sectorwatch"]"#]);
}

#[test]
fn the_context_holds_what_is_copied_and_no_more() {
    let ignored = file(".dockerignore");
    let mut lines = ignored.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("*"), "everything, and then what is let through");
    let mut through: Vec<_> = lines.map(|line| line.trim_start_matches('!').to_owned()).collect();
    let mut copied = copied();
    through.sort();
    copied.sort();
    assert_eq!(through, copied);
}

/// All files that Cargo and the sources refer to are copied.
#[test]
fn the_build_finds_every_file() {
    let build = scratch::dir("build");
    stages::copy_to(&build);
    // Only a compilation could prove that no module or included file is missing. This checks the
    // few included files that are outside of the directory of their source.
    let metadata = ["metadata", "--offline", "--locked", "--no-deps", "--format-version=1"];
    stages::run(Command::new(env!("CARGO")).args(metadata).current_dir(&build));
    let mut outside = Vec::new();
    for source in ["src", "crates"].into_iter().flat_map(|folder| sources(&build.join(folder))) {
        let text = fs::read_to_string(&source).expect("a source");
        let included = text.split("include_str!(\"").chain(text.split("include_bytes!(\"")).skip(1);
        for path in included.filter_map(|rest| rest.split('"').next()) {
            let path = source.parent().expect("a folder").join(path);
            if path.components().any(|part| part.as_os_str() == "..") {
                assert!(path.exists() || is_test(&source), "{} is not copied", path.display());
                outside.push(path);
            }
        }
    }
    assert!(!outside.is_empty(), "the built-in airspace is outside of its crate");
}

/// The health check uses loopback, so it works in an image without certificates.
#[test]
fn health_needs_no_certificates() {
    let feed = FeedServer::start();
    feed.answer("/", Answer::ok(""));
    let nowhere = "/no/such/place";
    let health = Setup::bare(&["health", &feed.url("/")])
        .env("SSL_CERT_FILE", nowhere)
        .env("SSL_CERT_DIR", nowhere);
    let ended = health.run();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

fn is_test(source: &Path) -> bool {
    source.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

fn sources(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path());
    let of = |path: std::path::PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(of).filter(|path| path.extension().is_some_and(|it| it == "rs")).collect()
}
