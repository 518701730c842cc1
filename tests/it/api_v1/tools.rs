//! The document of the API, read by other programs: redocly lints it, and schemathesis makes requests of it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::world::{PERSONAL, World};
use crate::support::{long_tests, npm, python, scratch};

/// No 5xx, and status, headers, media type and members are those of the document.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,unsupported_method";

/// Random requests for each path: in all well over 10,000 in the long form.
fn requests_per_path() -> u32 {
    if long_tests() { 600 } else { 12 }
}

fn saved(world: &World) -> PathBuf {
    let file = scratch::dir("document").join("openapi.json");
    fs::write(&file, world.get("/api/openapi.json").text()).expect("write the document");
    file
}

fn succeeds(command: &mut Command) -> String {
    let ran = command.output().expect("start a program");
    let said = [&ran.stdout, &ran.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(ran.status.success(), "{command:?}: {}", said.concat());
    said.concat()
}

pub fn the_document_passes_the_linter(world: &World) {
    if !is_node_new_enough() {
        assert!(std::env::var_os("CI").is_none(), "redocly needs Node.js 20.19");
        eprintln!("NOT RUN: redocly needs Node.js 20.19 to lint the document of the API");
        return;
    }
    assert_eq!(problems(&saved(world)), (0, 0), "errors and warnings of redocly");
    let broken = scratch::dir("document").join("openapi.json");
    let document = world.get("/api/openapi.json").text().replace("\"get_live\"", "1");
    fs::write(&broken, document).expect("write a document");
    assert!(problems(&broken).0 > 0, "the linter looks");
}

fn is_node_new_enough() -> bool {
    let version = Command::new("node").arg("--version").output();
    let version = version.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    let text = version.unwrap_or_default();
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(|it| it.parse::<u32>());
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= (20, 19) && major != 21,
        _ => false,
    }
}

/// The numbers of errors and warnings of the linter, which it says on standard error, too.
fn problems(document: &Path) -> (u64, u64) {
    let program = npm::installed("tests/it/api_v1/npm").join(".bin/redocly");
    let ran = Command::new(program)
        .args(["lint", "--extends=recommended", "--format=json"])
        .arg(document)
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .output()
        .expect("start the linter");
    let said = String::from_utf8_lossy(&ran.stdout);
    let report: Value = serde_json::from_str(said.trim()).unwrap_or_else(|_| panic!("{said}"));
    eprintln!("redocly: {}", report["totals"]);
    let count = |kind: &str| report["totals"][kind].as_u64().expect("a number");
    (count("errors"), count("warnings"))
}

pub fn random_requests_get_what_the_document_says(world: &World) {
    let requests = requests_per_path();
    let mut command = python::program("schemathesis");
    command
        .arg("run")
        .arg(saved(world))
        .args(["--url", &format!("http://{}", world.service.address())])
        .args(["--header", &format!("Authorization: Bearer {PERSONAL}")])
        // It does not end.
        .args(["--exclude-path", "/api/v1/live/stream"])
        .args(["--max-examples", &requests.to_string(), "--phases", "examples,coverage,fuzzing"])
        .args(["--checks", CHECKS])
        .args(["--workers", "1", "--no-color", "--seed", "1"])
        .current_dir(scratch::dir("requests"));
    let said = succeeds(&mut command);
    let tail: Vec<&str> = said.lines().rev().take(25).collect();
    eprintln!("{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
}
