//! The lines of a sector file.

use crate::import::{Source, encoding::Mixed};

/// A line that says something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// From 1.
    pub(super) number: usize,
    /// The name of the section, as it is written; empty before the first.
    pub(super) section: &'a str,
    /// Without the comment.
    pub(super) text: &'a str,
    /// Whether it has letters of Windows-1252.
    pub(super) is_foreign: bool,
}

impl<'a> Row<'a> {
    /// What stands between its colons.
    pub(super) fn fields(&self) -> Vec<&'a str> {
        self.text.split(':').map(str::trim).collect()
    }

    /// What begins in this line, as the report names it.
    pub(super) fn element(&self) -> Option<String> {
        let mut fields = self.text.split(':').map(str::trim);
        match fields.next()? {
            name if self.is_in("POSITIONS") => Some(format!("position {name}")),
            keyword @ ("SECTOR" | "SECTORLINE" | "CIRCLE_SECTORLINE") => {
                Some(format!("{keyword} {}", fields.next()?))
            }
            _ => None,
        }
    }

    /// Whether it says more of the sector that has begun.
    pub(super) fn is_of_sector(&self) -> bool {
        ["OWNER:", "BORDER:", "ACTIVE:"].iter().any(|keyword| self.text.starts_with(keyword))
    }

    pub(super) fn is_in(&self, section: &str) -> bool {
        self.section.eq_ignore_ascii_case(section)
    }
}

/// The lines that hold more than a comment or the name of a section.
pub(super) fn rows(content: &Mixed) -> impl Iterator<Item = Row<'_>> {
    let mut section = "";
    content.text.lines().enumerate().filter_map(move |(index, line)| {
        let text = line.split(';').next().unwrap_or_default().trim();
        if let Some(name) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            return None;
        }
        (!text.is_empty()).then(|| {
            let is_foreign = content.is_foreign(content.place(text));
            Row { number: index + 1, section, text, is_foreign }
        })
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
