//! Checks the boards with the TypeScript compiler against the types that Grafana publishes
//! (`@grafana/schema`).

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

use super::rendered;

/// The files of the check, which pin all versions.
const FILES: [(&str, &str); 3] = [
    ("board.ts", include_str!("schema/board.ts")),
    ("package.json", include_str!("schema/package.json")),
    ("package-lock.json", include_str!("schema/package-lock.json")),
];
/// Options of the compiler. `bundler` is the module resolution that supports the exports of
/// packages.
const OPTIONS: [&str; 7] = [
    "--strict",
    "--noEmit",
    "--skipLibCheck",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
];

fn run(program: &str, arguments: &[&str], dir: &Path) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(dir).output().expect("run a program that was found")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// A directory with the compiler and the types, which npm installs once.
fn workshop() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boards-schema");
    fs::create_dir_all(&dir).expect("a directory below target");
    // Written last, so that an interrupted installation is repeated.
    let installed = dir.join("installed.json");
    let lock = FILES[2].1;
    for (name, text) in FILES {
        fs::write(dir.join(name), text).expect("write into target");
    }
    if fs::read_to_string(&installed).ok().as_deref() != Some(lock) {
        let npm = run("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"], &dir);
        assert!(npm.status.success(), "npm ci in {}:\n{}", dir.display(), said(&npm));
        fs::write(installed, lock).expect("write into target");
    }
    dir
}

/// Boards with a mistake that Grafana would ignore: something of a panel is missing, misspelt or
/// has a wrong type.
fn broken(board: &Value) -> Vec<(&'static str, Value)> {
    let with = |pointer: &str, value: Value| {
        let mut broken = board.clone();
        *broken.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
        broken
    };
    const FOLDED: &str = "/panels/8/panels/0";
    let of = |rest: &str, value: Value| with(&format!("{FOLDED}{rest}"), value);
    vec![
        ("refresh", with("/refresh", json!(15))),
        ("variable", with("/templating/list/1/multi", json!("yes"))),
        ("annotation", with("/annotations/list/0/target", json!("up"))),
        ("kind", of("/type", json!("timeserie"))),
        ("place", of("/gridPos", json!({"x": 0, "y": 0}))),
        ("target", of("/targets/0", json!({"refId": "A"}))),
        ("stacking", of("/fieldConfig/defaults/custom/stacking/mode", json!("sideways"))),
        ("misspelt", of("/fieldConfig/defaults/custom", json!({"drawstyle": "line"}))),
        ("colour", of("/fieldConfig/defaults/color/mode", json!("red"))),
        ("legend", of("/options/legend/placement", json!("left"))),
        ("option", of("/options", json!({"graphMode": "none"}))),
        ("override", of("/fieldConfig/overrides/0/properties/0/id", json!("custom.dashes"))),
    ]
}

#[test]
fn grafanas_types_take_the_boards_and_refuse_mistakes() {
    if Command::new("npm").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "npm, which scripts/need.sh npm installs");
        eprintln!("NOT RUN: no npm here to check the boards with; scripts/need.sh npm installs it");
        return;
    }
    let dir = workshop();
    let boards = rendered();
    let good = boards.iter().map(|b| (b["uid"].as_str().expect("a uid").to_owned(), b.clone()));
    let of_the_database = boards.iter().find(|board| board["annotations"]["list"] == json!([]));
    let mut sql = of_the_database.expect("a board of the database").clone();
    *sql.pointer_mut("/panels/1/targets/0/format").expect("a query") = json!("heatmap");
    let bad = broken(&boards[0]).into_iter().chain([("sql", sql)]);
    let bad = bad.map(|(name, board)| (format!("broken-{name}"), board));
    let sources: Vec<_> = good.chain(bad).collect();
    let mut files = Vec::new();
    for (name, board) in &sources {
        let file = format!("{name}.ts");
        let text = format!(
            "import type {{ Board }} from './board';\nexport const board: Board = {board:#};\n"
        );
        fs::write(dir.join(&file), text).expect("write into target");
        files.push(file);
    }
    let mut arguments = vec!["node_modules/typescript/bin/tsc"];
    arguments.extend(OPTIONS);
    arguments.extend(files.iter().map(String::as_str));
    let report = said(&run("node", &arguments, &dir));
    for (file, (name, _)) in files.iter().zip(&sources) {
        let objections: Vec<_> = report.lines().filter(|line| line.starts_with(file)).collect();
        let is_bad = name.starts_with("broken-");
        assert_eq!(!objections.is_empty(), is_bad, "{name}: {objections:#?}");
    }
    // What belongs to the objection before it is indented.
    let is_of_no_file = |line: &&str| !line.contains(".ts(") && !line.starts_with(' ');
    let rest: Vec<_> = report.lines().filter(is_of_no_file).collect();
    assert!(!report.contains("\nboard.ts(") && rest.is_empty(), "{report}");
}
