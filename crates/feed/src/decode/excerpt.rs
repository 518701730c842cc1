//! The part of a refused record that is kept for inspection.

use serde_json::value::RawValue;

use super::cut::push_cut;
use crate::wire::{self, Fields, Record as _};
use sectorwatch_core::snapshot::RecordType;

/// The longest part that is kept.
const BYTES: usize = 4 * 1024;
/// The depth of the known structure: a record, a plan or radios in it, one of those.
const DEEPEST: usize = 4;

/// The known fields in the order of the record, and those inside them. A member's name is therefore never
/// included. A record that is no object has no fields.
pub(super) fn of(source: RecordType, record: &RawValue) -> String {
    let mut kept = String::new();
    if record.get().starts_with('{') {
        push(&mut kept, record.get(), known(source), DEEPEST);
    }
    kept
}

fn known(source: RecordType) -> &'static [&'static [&'static str]] {
    match source {
        RecordType::Pilot => &[wire::Pilot::NAMES, wire::FlightPlan::NAMES],
        RecordType::Controller => &[wire::Controller::NAMES],
        RecordType::Atis => &[wire::Atis::NAMES],
        RecordType::Transceiver => &[wire::Station::NAMES, wire::Transceiver::NAMES],
        RecordType::Flight | RecordType::Transition => &[],
    }
}

/// Appends the part of a value that fits, and returns whether that is all of it.
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
