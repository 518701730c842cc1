//! What is read of VATGlasses' files, and what a bad element costs.

mod blocks;
mod costs;
mod files;
mod groups;
mod properties;
mod real;
mod sectors;

use super::super::{Draft, Findings, ImportError, Source};

/// Reads files, given by path and content.
fn read(files: &[(&str, &str)]) -> (Result<Draft, ImportError>, Findings) {
    let source = |(path, text): &(&str, &str)| Source { path: path.into(), bytes: (*text).into() };
    let sources: Vec<Source> = files.iter().map(source).collect();
    let mut findings = Findings::default();
    let draft = super::read(&sources, &mut findings);
    (draft, findings)
}

/// Reads one file that is not broken as a whole.
fn read_one(text: &str) -> (Draft, Findings) {
    let (draft, findings) = read(&[("data/xy.json", text)]);
    (draft.unwrap(), findings)
}

/// A file with `airspaces` and the positions `A` (APP), `B` and `C` (CTR).
fn file(airspaces: &str) -> String {
    format!(
        r#"{{
            "airspace": {airspaces},
            "positions": {{
                "A": {{ "pre": ["XYAA"], "type": "APP", "frequency": "118.005", "callsign": "Alpha Approach" }},
                "B": {{ "pre": ["XY", "XY-B"], "type": "CTR", "frequency": "135.40" }},
                "C": {{ "pre": ["XY"], "type": "CTR", "frequency": "127.905" }}
            }}
        }}"#
    )
}

/// A block with the members `head` and a triangle east of `degree`.
fn block(head: &str, degree: u8) -> String {
    let head = if head.is_empty() { String::new() } else { format!("{head}, ") };
    let east = degree + 1;
    format!(
        r#"{{ {head}"points": [["500000","0{degree:02}0000"], ["510000","0{degree:02}0000"], ["510000","0{east:02}0000"]] }}"#
    )
}

/// A list of airspaces, each by id, owners and blocks as JSON.
fn airspaces(airspaces: &[(&str, &str, &[String])]) -> String {
    let one = |(id, owner, blocks): &(&str, &str, &[String])| {
        let blocks = blocks.join(", ");
        format!(r#"{{ "id": "{id}", "group": "G", "owner": {owner}, "sectors": [{blocks}] }}"#)
    };
    let all: Vec<String> = airspaces.iter().map(one).collect();
    format!("[{}]", all.join(", "))
}

/// The elements that were left out.
fn left_out(findings: &Findings) -> Vec<&str> {
    findings.left_out.iter().map(|it| &*it.element).collect()
}
