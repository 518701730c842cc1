//! The lines of a sector file.

use crate::import::Source;

/// A line that says something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// From 1.
    pub(super) number: usize,
    /// The name of the section, as it is written; empty before the first.
    pub(super) section: &'a str,
    /// Without the comment.
    pub(super) text: &'a str,
}

impl<'a> Row<'a> {
    /// What stands between its colons.
    pub(super) fn fields(&self) -> Vec<&'a str> {
        self.text.split(':').map(str::trim).collect()
    }
}

/// The lines that hold more than a comment or the name of a section.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    let mut section = "";
    text.lines().enumerate().filter_map(move |(index, line)| {
        let text = line.split(';').next().unwrap_or_default().trim();
        if let Some(name) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            return None;
        }
        (!text.is_empty()).then_some(Row { number: index + 1, section, text })
    })
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Positions and airspace: an `.ese`.
    Extension,
    /// Fixes: an `.sct`.
    SectorFile,
}

/// Told by the names of sections; parts of an extension before they are put together have none, but lines of sectors.
pub(super) fn kind(source: &Source) -> Option<Kind> {
    let mut kind = None;
    for line in source.bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii) {
        let is = |known: &[&str]| known.iter().any(|it| line.eq_ignore_ascii_case(it.as_bytes()));
        let begins = |known: &[&str]| known.iter().any(|it| line.starts_with(it.as_bytes()));
        if is(&["[POSITIONS]", "[AIRSPACE]"])
            || begins(&["SECTORLINE:", "CIRCLE_SECTORLINE:", "SECTOR:"])
        {
            return Some(Kind::Extension);
        }
        if is(&["[VOR]", "[NDB]", "[FIXES]", "[AIRPORT]"]) {
            kind = Some(Kind::SectorFile);
        }
    }
    kind
}
