//! Files and functions have a readable size, and no lint is silenced without a reason.

use crate::support::sources::{project, read, rust_files};

const MOST_LINES: usize = 300;
const MEDIAN_LINES: usize = 120;
/// Lines of code, without empty lines and comments.
const MOST_LINES_OF_A_FUNCTION: usize = 70;

/// The functions of a source that are too long, with their lengths. rustfmt ends each at the depth at which
/// it begins.
fn long_functions(source: &str) -> Vec<(&str, usize)> {
    let mut long = Vec::new();
    let lines: Vec<_> = source.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let Some((before, rest)) = code.split_once("fn ") else { continue };
        let words = ["pub", "pub(super)", "pub(crate)", "const", "async", "unsafe"];
        if !before.split_whitespace().all(|word| words.contains(&word)) {
            continue;
        }
        let end = format!("{}}}", &line[..line.len() - code.len()]);
        let body = lines[at + 1..].iter().take_while(|line| **line != end).map(|line| line.trim());
        let length = body.filter(|line| !line.is_empty() && !line.starts_with("//")).count();
        let is_whole = line.ends_with('{') || !line.ends_with(['}', ';']);
        if is_whole && length > MOST_LINES_OF_A_FUNCTION {
            long.push((rest.split(['(', '<']).next().unwrap_or(rest), length));
        }
    }
    long
}

#[test]
fn files_are_short_and_silence_nothing() {
    // Written in parts, so that this file is not found.
    let banned = [concat!("#[", "ignore"), concat!("#[", "allow("), concat!("#![", "allow(")];
    let (mut wrong, mut sizes) = (Vec::new(), Vec::new());
    for file in ["src", "crates", "tests", "benches"].into_iter().flat_map(rust_files) {
        let source = read(&file);
        let name = file.strip_prefix(project()).expect("of the project").display();
        sizes.push(source.lines().count());
        if source.lines().count() > MOST_LINES {
            wrong.push(format!("{name}: {} lines", source.lines().count()));
        }
        for (function, length) in long_functions(&source) {
            wrong.push(format!("{name}: {length} lines in {function}"));
        }
        for word in banned.iter().filter(|word| source.contains(**word)) {
            wrong.push(format!("{name}: {word}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(median <= MEDIAN_LINES, "half of {} files have more than {median} lines", sizes.len());
}

#[test]
fn a_long_function_is_seen() {
    let of = |lines: usize| {
        let body = "        go(); // on\n        // and on\n\n".repeat(lines);
        format!("impl A {{\n    pub async fn run<T>(&self) {{\n{body}    }}\n}}\nfn short() {{}}\n")
    };
    assert_eq!(long_functions(&of(71)), [("run", 71)]);
    assert_eq!(long_functions(&of(70)), []);
}
