//! The airspace files of the community, read into the project's own form.
//!
//! Every format is read into a [`Draft`]: sectors with raw rings, owners and positions, in the order of the
//! file. What cannot be used is left out of the draft and named in the [`Findings`]; it costs nothing else.
//! Repairing, selecting and writing are the same for all formats.

mod callsign;
mod coordinate;
mod draft;
mod encoding;
mod features;
mod findings;
mod options;
#[cfg(test)]
mod probe;
mod simaware;
mod source;
mod vatspy;

pub use draft::{Draft, DraftSector, DraftVolume, Line, Outline, Position};
pub use findings::{Findings, LeftOut, Repaired};
pub use options::{Format, ImportError};
pub use source::Source;
