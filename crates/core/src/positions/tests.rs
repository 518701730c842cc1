//! Who staffs what, by the examples of the rule and against a second way to find it.

mod examples;
mod independent;

use super::{Position, PositionFile, Positions};

/// A position; its frequency is given in MHz as the feed writes it.
fn position(id: &str, prefixes: &[&str], suffix: &str, megahertz: Option<&str>) -> Position {
    let prefixes = prefixes.iter().map(|&it| it.to_owned()).collect();
    let frequency_hz = megahertz.map(hertz);
    Position { id: id.to_owned(), prefixes, suffix: suffix.to_owned(), frequency_hz }
}

fn hertz(megahertz: &str) -> u32 {
    (megahertz.parse::<f64>().unwrap() * 1e6).round() as u32
}

/// Positions without a frequency that are called as one prefix and suffix, the id being the callsign.
fn plain(callsigns: &[&str]) -> PositionFile {
    let positions = callsigns.iter().map(|callsign| Position::of_callsign(callsign)).collect();
    PositionFile { positions, cut_hyphen: false }
}

fn file(positions: Vec<Position>) -> PositionFile {
    PositionFile { positions, cut_hyphen: false }
}

/// The ids that `CALLSIGN` or `CALLSIGN@MHZ` staffs.
fn staffed(positions: &Positions, callsign: &str) -> Vec<String> {
    let (callsign, frequency) = match callsign.split_once('@') {
        Some((callsign, megahertz)) => (callsign, Some(hertz(megahertz))),
        None => (callsign, None),
    };
    let staffed = positions.staffed_by(callsign, frequency);
    staffed.iter().map(|position| position.id.clone()).collect()
}
