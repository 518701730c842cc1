//! How much may be imported: what people drew is a hundredth of it, and what is more would take too long or too much
//! memory.

use super::{Draft, Findings, ImportError, Outline, Source};

/// Points of all shapes together, in the files and in what is made of them.
pub(super) const MOST_POINTS: usize = 2_000_000;
/// Lists, objects and tags: each point of JSON is a list.
const MOST_ELEMENTS: usize = MOST_POINTS + MOST_POINTS / 2;
const MOST_LINES: usize = 5 * MOST_POINTS;

/// Names or fields of one list.
pub(super) const MOST_LISTED: usize = 1_000_000;

/// Whether a text lists more than can be taken apart.
pub(super) fn lists_too_much(text: &str, separator: u8) -> bool {
    text.len() > MOST_LISTED && text.bytes().filter(|byte| *byte == separator).count() > MOST_LISTED
}

/// Refuses files that hold too much, by a look at their bytes alone.
pub(super) fn check_files(sources: &[Source]) -> Result<(), ImportError> {
    let count = |is: fn(&&u8) -> bool| -> usize {
        sources.iter().map(|source| source.bytes.iter().filter(is).count()).sum()
    };
    if count(|byte| matches!(byte, b'[' | b'{' | b'<')) > MOST_ELEMENTS {
        return Err(ImportError::TooMuch { most: MOST_ELEMENTS, what: "points and elements" });
    }
    if count(|byte| **byte == b'\n') > MOST_LINES {
        return Err(ImportError::TooMuch { most: MOST_LINES, what: "lines" });
    }
    Ok(())
}

/// Refuses files with too many points, by a look at their bytes alone: `marks` says whether these bytes are what each
/// point has once.
pub(super) fn check_points<'a, const BYTES: usize>(
    sources: impl Iterator<Item = &'a Source>,
    marks: impl Fn(&[u8; BYTES]) -> bool,
) -> Result<(), ImportError> {
    let points =
        |source: &Source| source.bytes.array_windows().filter(|bytes| marks(bytes)).count();
    match sources.map(points).sum::<usize>() > MOST_POINTS {
        true => Err(ImportError::TooMuch { most: MOST_POINTS, what: "points" }),
        false => Ok(()),
    }
}

/// Refuses a draft with too many points, and findings that were not all told.
pub(super) fn check(draft: &Draft, findings: &Findings) -> Result<(), ImportError> {
    let volumes = draft.sectors.iter().flat_map(|sector| &sector.volumes);
    let outlines = volumes.flat_map(|volume| &volume.outlines).chain(&draft.boundary);
    let drawn: usize = outlines.map(points).sum();
    let found = findings.found.get("vertices").is_some_and(|it| *it > MOST_POINTS as u64);
    if found || drawn > MOST_POINTS {
        return Err(ImportError::TooMuch { most: MOST_POINTS, what: "points" });
    }
    match findings.is_full {
        true => Err(ImportError::TooManyFindings { left_out: findings.left_out.clone() }),
        false => Ok(()),
    }
}

/// The points of an outline.
pub(super) fn points(outline: &Outline) -> usize {
    outline.holes.iter().chain([&outline.exterior]).map(Vec::len).sum()
}
