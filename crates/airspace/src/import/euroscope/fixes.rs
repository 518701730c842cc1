//! Where the fixes are that circles are drawn around: the `.sct`.

use geo::Coord;

use super::{
    coordinate::{self, Offset},
    text,
};
use crate::import::{Source, named::Places};

/// Fixes by their names.
#[derive(Debug, Default)]
pub(super) struct Fixes(Places);

impl Fixes {
    /// Adds the beacons, fixes and airports of a file. What cannot be read is told when it is used.
    pub(super) fn read(&mut self, source: &Source) {
        let content = source.content();
        let mut offset = Offset::default();
        for row in text::rows(&content) {
            let fields = row.fields();
            if let Some((&"OFFSET", rest)) = fields.split_first() {
                offset = Offset::of(rest).unwrap_or(offset);
                continue;
            }
            let known = ["VOR", "NDB", "FIXES", "AIRPORT"];
            if !known.iter().any(|section| row.is_in(section)) {
                continue;
            }
            // NAME [frequency] LATITUDE LONGITUDE …
            let words: Vec<&str> = row.text.split_whitespace().take(4).collect();
            let place = words.windows(2).skip(1).find_map(|pair| match *pair {
                [latitude, longitude] => coordinate::point(latitude, longitude),
                _ => None,
            });
            if let (Some(&name), Some(point)) =
                (words.first(), place.and_then(|point| offset.shifted(point)))
            {
                self.0.add(name, point);
            }
        }
    }

    /// # Errors
    ///
    /// Says why it is not known.
    pub(super) fn place(&self, name: &str) -> Result<Coord, String> {
        match self.0.get(name) {
            Some(Some(point)) => Ok(point),
            Some(None) => Err(format!("its centre {name} is the name of several places")),
            None => Err(format!("its centre {name} is a fix, and no .sct file says where that is")),
        }
    }
}
