//! The sizes of labels on pages of different widths.

use sectorwatch_map::{
    Bounds, Frame,
    labels::{Label, Lettering, Subject, place},
};

/// The labels for a width of the page.
#[derive(Debug)]
pub struct Labels {
    /// The letter size of most labels.
    pub size: f64,
    /// The labels.
    pub labels: Vec<Label>,
}

impl Labels {
    pub(super) fn of(subjects: &[Subject<'_>], lettering: Lettering, sheet: &Bounds) -> Self {
        Self { size: lettering.smallest, labels: place(subjects, lettering, sheet) }
    }
}

/// The letterings for a page of more than 90 rem, of more than 40 rem, and a narrow one. The style sheet shows
/// one of them: letters of at least 11 pixels on a screen of 1,600 × 900 and on one of 360 pixels.
pub fn letterings(frame: &Frame) -> [Lettering; 3] {
    // A broad map has all of the page's width, and others the height of a window.
    let large = match frame.is_broad() {
        true => Lettering { largest: 13.0, smallest: 8.4, most: 200 },
        false => Lettering { largest: 21.0, smallest: 15.0, most: 120 },
    };
    let medium = Lettering { largest: 24.0, smallest: 17.0, most: 60 };
    [large, medium, Lettering { largest: 42.0, smallest: 36.0, most: 40 }]
}
