//! The document of the API, read by other programs: redocly lints it, and schemathesis makes requests of it.

use std::{fs, path::PathBuf, process::Command};

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
    let program = npm::installed("tests/it/api_v1/npm").join(".bin/redocly");
    let lint = |file: &PathBuf| {
        let mut command = Command::new(&program);
        command
            .args(["lint", "--extends=recommended", "--max-problems=20"])
            .arg(file)
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        command
    };
    let said = succeeds(&mut lint(&saved(world)));
    assert!(!said.contains("warning"), "{said}");
    let broken = scratch::dir("document").join("openapi.json");
    let document = world.get("/api/openapi.json").text();
    fs::write(&broken, document.replace("\"operationId\":\"get_live\"", "\"operationId\":1"))
        .expect("write a document");
    let refused = lint(&broken).output().expect("start the linter");
    assert!(!refused.status.success(), "the linter looks");
}

pub fn random_requests_get_what_the_document_says(world: &World) {
    let requests = requests_per_path();
    let mut command = python::program("schemathesis");
    command
        .arg("run")
        .arg(saved(world))
        .args(["--url", &format!("http://{}", world.service.address())])
        .args(["--header", &format!("Authorization: Bearer {PERSONAL}")])
        .args(["--max-examples", &requests.to_string(), "--phases", "examples,coverage,fuzzing"])
        .args(["--checks", CHECKS])
        .args(["--workers", "2", "--no-color", "--seed", "1"])
        .current_dir(scratch::dir("requests"));
    let said = succeeds(&mut command);
    let tail: Vec<&str> = said.lines().rev().take(25).collect();
    eprintln!("{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
}
