//! What of a record that was refused is kept for people to look at.

use serde_json::value::RawValue;

use super::cut::push_cut;
use crate::wire::{self, Fields, Record as _};
use sectorwatch_core::snapshot::Source;

/// Most of a record that is kept.
const BYTES: usize = 4 * 1024;
/// A record, the plan or the radios in it, one of those.
const DEEPEST: usize = 4;

/// The fields that are known, in the order of the record, and of those inside them too. So a member's name is
/// never among them, wherever it stands; what is no object has no fields at all.
pub(super) fn of(source: Source, record: &RawValue) -> String {
    let mut kept = String::new();
    if record.get().starts_with('{') {
        push(&mut kept, record.get(), known(source), DEEPEST);
    }
    kept
}

fn known(source: Source) -> &'static [&'static [&'static str]] {
    match source {
        Source::Pilot => &[wire::Pilot::NAMES, wire::FlightPlan::NAMES],
        Source::Controller => &[wire::Controller::NAMES],
        Source::Atis => &[wire::Atis::NAMES],
        Source::Transceiver => &[wire::Station::NAMES, wire::Transceiver::NAMES],
        Source::Flight | Source::Transition => &[],
    }
}

/// Appends what fits of a value, and tells whether that is all of it.
fn push(kept: &mut String, json: &str, known: &[&[&str]], depth: usize) -> bool {
    let inside = depth.checked_sub(1);
    if json.starts_with('{') {
        let fields = inside.and_then(|_| serde_json::from_str::<Fields>(json).ok());
        let fields = fields.map(|fields| fields.0).unwrap_or_default();
        let is_known = |name: &str| known.iter().any(|names| names.contains(&name));
        let fields = fields.iter().filter(|(name, _)| is_known(name.as_ref()));
        let fields = fields.map(|(name, value)| (format!("\"{}\":", name.as_ref()), *value));
        return push_all(kept, ("{", "}"), fields, known, inside);
    }
    if json.starts_with('[') {
        let items = inside.and_then(|_| serde_json::from_str::<Vec<&RawValue>>(json).ok());
        let items = items.unwrap_or_default().into_iter().map(|item| (String::new(), item));
        return push_all(kept, ("[", "]"), items, known, inside);
    }
    push_cut(kept, json, BYTES)
}

fn push_all<'a>(
    kept: &mut String,
    (open, close): (&str, &str),
    parts: impl Iterator<Item = (String, &'a RawValue)>,
    known: &[&[&str]],
    inside: Option<usize>,
) -> bool {
    let mut whole = push_cut(kept, open, BYTES);
    for (index, (name, value)) in parts.enumerate() {
        let comma = if index == 0 { "" } else { "," };
        whole = whole
            && push_cut(kept, comma, BYTES)
            && push_cut(kept, &name, BYTES)
            && push(kept, value.get(), known, inside.unwrap_or(0));
        if !whole {
            return false;
        }
    }
    whole && push_cut(kept, close, BYTES)
}
