//! The imports of a source, as far as its text shows them.

use std::collections::BTreeSet;

/// The source without comments and strings, because a log filter names rooms as well. Line by line, so that a
/// string of several lines is taken for code and never code for a string.
pub fn code_of(source: &str) -> String {
    let code = |line: &str| {
        let line = line.replace("\\\"", "").replace("'\"'", "");
        let parts = line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
        let (code, _) = parts.split_once("//").unwrap_or((&parts, ""));
        format!("{code}\n")
    };
    source.lines().map(code).collect()
}

/// The paths that code names in other crates of this workspace (`sectorwatch_store::…`) and below its own
/// crate's root: by `crate::…`, by the crate's name, or by leaving its room with `super`. `depth` is the
/// number of modules that contain the file: 1 for a room's own `mod.rs`.
pub fn named_paths(code: &str, depth: usize) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for root in ["crate::", "sectorwatch::"] {
        for (at, _) in code.match_indices(root) {
            if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                named.extend(paths(&code[at + root.len()..]));
            }
        }
    }
    for (at, _) in code.match_indices("sectorwatch_") {
        if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            named.extend(paths(&code[at..]));
        }
    }
    let mut rest = 0;
    while let Some(at) = code[rest..].find("super::").map(|at| rest + at) {
        let path = code[at..].trim_start_matches("super::");
        let supers = (code.len() - at - path.len()) / "super::".len();
        let inline = code[..at].lines().filter(|line| opens_module(line)).count();
        if supers >= depth + inline {
            named.extend(paths(path));
        }
        rest = code.len() - path.len();
    }
    named
}

/// Whether an inline module begins here. Those of this project extend to the end of their file.
fn opens_module(line: &str) -> bool {
    let line = line.trim();
    line.ends_with('{') && (line.starts_with("mod ") || line.contains(" mod "))
}

/// A path, or each path of a list in braces, of names and `::` only.
fn paths(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
    let (head, rest) = text.split_at(end.unwrap_or(text.len()));
    let Some(list) = rest.strip_prefix('{') else {
        return vec![head.to_owned()];
    };
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                item.push(c);
            }
        }
    }
    items.push(item);
    let items = items.iter().map(|item| item.trim());
    let items = items.filter(|item| !item.is_empty()).flat_map(paths);
    items.map(|path| format!("{head}{path}")).collect()
}
