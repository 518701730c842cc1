//! Which positions a controller staffs, by callsign and frequency.

use std::collections::{BTreeSet, HashMap};

/// One position that controllers log on to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    /// What the owners of sectors name. One id may stand for several positions.
    pub id: String,
    /// What its callsigns begin with, without the suffix: `SY`, `LON_S`.
    pub prefixes: Vec<String>,
    /// What they end with, after the last `_`: `TWR`, `CTR`.
    pub suffix: String,
    /// Its primary frequency in hertz.
    pub frequency_hz: Option<u32>,
}

impl Position {
    /// The position of a sector that names callsigns instead of positions: the callsign as written is its id.
    pub fn of_callsign(callsign: &str) -> Self {
        // Without a suffix nobody can be found on it.
        let (prefixes, suffix) = match callsign.rsplit_once('_') {
            Some((stem, suffix)) => (vec![stem.to_owned()], suffix.to_owned()),
            None => (Vec::new(), String::new()),
        };
        Self { id: callsign.to_owned(), prefixes, suffix, frequency_hz: None }
    }
}

/// The positions of one airspace file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PositionFile {
    /// In the order of the file.
    pub positions: Vec<Position>,
    /// Whether the stem of a callsign is also cut at `-` to find these positions.
    pub cut_hyphen: bool,
}

/// The positions of all files, found by callsign.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Positions {
    all: Vec<Position>,
    /// By suffix and prefix, as callsigns are compared; the places in `all`, ascending.
    places: HashMap<String, HashMap<String, Vec<Place>>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Place {
    position: usize,
    cut_hyphen: bool,
}

impl Positions {
    /// The positions of `files`, in their order. Positions that are equal in all are one: two files may have the
    /// same.
    pub fn new(files: impl IntoIterator<Item = PositionFile>) -> Self {
        let (mut all, mut numbers) = (Vec::<Position>::new(), HashMap::<Position, usize>::new());
        let mut cut_hyphen = Vec::new();
        for file in files {
            for position in file.positions {
                let number = *numbers.entry(position.clone()).or_insert(all.len());
                match cut_hyphen.get_mut(number) {
                    Some(cut) => *cut |= file.cut_hyphen,
                    None => {
                        all.push(position);
                        cut_hyphen.push(file.cut_hyphen);
                    }
                }
            }
        }
        let mut places = HashMap::<String, HashMap<String, Vec<Place>>>::new();
        for (number, (position, cut_hyphen)) in all.iter().zip(cut_hyphen).enumerate() {
            let by_prefix = places.entry(normal(&position.suffix)).or_default();
            // Two prefixes may be one when they are compared; a position fits once. The stem of `LON__CTR`, at which
            // such a callsign is split, is `LON_`.
            let normal = |prefix: &String| normal(prefix).trim_end_matches('_').to_owned();
            let prefixes: BTreeSet<String> = position.prefixes.iter().map(normal).collect();
            for prefix in prefixes {
                let place = Place { position: number, cut_hyphen };
                by_prefix.entry(prefix).or_default().push(place);
            }
        }
        Self { all, places }
    }

    /// The positions that a controller with this callsign and primary frequency staffs, in the order of the files.
    ///
    /// The frequency tells apart only what the callsign cannot: a single position that fits is staffed on any.
    pub fn staffed_by(&self, callsign: &str, frequency_hz: Option<u32>) -> Vec<&Position> {
        let mut fitting = self.fitting(callsign);
        if fitting.len() > 1 {
            let own = frequency_hz.and_then(channel);
            fitting.retain(|it| own.is_some() && it.frequency_hz.and_then(channel) == own);
        }
        fitting
    }

    /// The positions that a callsign fits, on whatever frequency, in the order of the files: those of the longest
    /// stem that has any.
    pub fn fitting(&self, callsign: &str) -> Vec<&Position> {
        let callsign = normal(callsign);
        let Some((stem, suffix)) = callsign.rsplit_once('_') else { return Vec::new() };
        let Some(by_prefix) = self.places.get(suffix) else { return Vec::new() };
        let at_cut = |(stem, is_at_hyphen): (&str, bool)| {
            let places = by_prefix.get(stem).into_iter().flatten();
            let fitting = places.filter(|place| place.cut_hyphen || !is_at_hyphen);
            let fitting: Vec<_> =
                fitting.filter_map(|place| self.all.get(place.position)).collect();
            Some(fitting).filter(|fitting| !fitting.is_empty())
        };
        stems(stem).find_map(at_cut).unwrap_or_default()
    }
}

/// The stem, then the stem cut at each `_` and `-` from the right, with whether it is cut at a `-`.
fn stems(stem: &str) -> impl Iterator<Item = (&str, bool)> {
    let cuts = stem.rmatch_indices(['_', '-']);
    let cut = cuts.filter_map(move |(at, mark)| Some((stem.get(..at)?, mark == "-")));
    std::iter::once((stem, false)).chain(cut)
}

/// How callsigns are compared: without case, and with `__`, which a relief logs on with, as `_`.
pub fn normal(callsign: &str) -> String {
    let mut normal = String::with_capacity(callsign.len());
    for letter in callsign.chars() {
        if letter != '_' || !normal.ends_with('_') {
            normal.push(letter.to_ascii_uppercase());
        }
    }
    normal
}

/// The channel of a frequency in kHz. `None` where there is none: 0, and 199.998 MHz, which the network gives to who
/// has not chosen one yet.
pub(super) fn channel(frequency_hz: u32) -> Option<u64> {
    Some(canon(frequency_hz)).filter(|&channel| !matches!(channel, 0 | 199_998))
}

/// A frequency in kHz, to the nearest one. Of the airband's names those that end in 20, 45, 70 and 95 are no
/// channels of their own: they are what is cut off of the next ones in 25 kHz steps.
pub fn canon(frequency_hz: u32) -> u64 {
    let khz = (u64::from(frequency_hz) + 500) / 1_000;
    let is_cut = khz >= 117_975 && matches!(khz % 100, 20 | 45 | 70 | 95);
    if is_cut { khz + 5 } else { khz }
}

#[cfg(test)]
mod tests;
