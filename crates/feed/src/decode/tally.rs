//! What the decoder drops and does not know, kept for people to look at.

use std::{collections::BTreeSet, fmt};

use serde_json::value::RawValue;

use super::{cut::cut, excerpt};
use crate::wire::{Fields, Integer, Text};
use sectorwatch_core::snapshot::{Reason, Rejected, Source, Unreadable};

/// Longest text of a record that is stored.
pub(super) const TEXT_BYTES: usize = 8 * 1024;
/// Most names of unknown fields in one document, and the longest part of one.
const UNKNOWN_NAMES: usize = 256;
const NAME_BYTES: usize = 64;

/// Why a record is not taken.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    /// Names the field and what is allowed, and holds no value of the feed.
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn new(reason: Reason, detail: impl fmt::Display) -> Self {
        Refusal { reason, detail: detail.to_string() }
    }
}

/// What one document lost and what it held beyond our knowledge.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rejected: Vec<Rejected>,
    pub(super) unreadable: Unreadable,
    pub(super) unknown_fields: BTreeSet<String>,
}

impl Tally {
    /// Keeps a record that is not taken.
    pub(super) fn reject(&mut self, source: Source, record: &RawValue, refusal: Refusal) {
        let fields = serde_json::from_str::<Fields>(record.get()).ok();
        let get = |name| fields.as_ref().and_then(|fields| fields.get(name)).map(RawValue::get);
        self.rejected.push(Rejected {
            source,
            reason: refusal.reason,
            detail: refusal.detail,
            cid: get("cid")
                .and_then(|cid| serde_json::from_str::<Integer>(cid).ok())
                .and_then(|cid| i32::try_from(cid.0).ok()),
            callsign: get("callsign")
                .and_then(|callsign| serde_json::from_str::<Text>(callsign).ok())
                .map(|callsign| {
                    callsign.as_ref().chars().filter(|c| *c != '\0').take(64).collect()
                }),
            raw: excerpt::of(source, record),
        });
    }

    /// Keeps a record that has its callsign from the record around it.
    pub(super) fn reject_of(
        &mut self,
        source: Source,
        callsign: &str,
        record: &RawValue,
        refusal: Refusal,
    ) {
        self.reject(source, record, refusal);
        if let Some(rejected) = self.rejected.last_mut() {
            rejected.callsign = Some(callsign.to_owned());
        }
    }

    /// Counts fields of a record that is taken without them.
    pub(super) fn unreadable(&mut self, source: Source, fields: &[&'static str]) {
        for field in fields {
            *self.unreadable.entry((source, field)).or_default() += 1;
        }
    }

    /// Keeps that a list as a whole could not be read. Its text is not kept: it holds names.
    pub(super) fn reject_list(&mut self, source: Source, detail: impl fmt::Display) {
        let Refusal { reason, detail } = Refusal::new(Reason::Schema, detail);
        let (cid, callsign, raw) = (None, None, String::new());
        self.rejected.push(Rejected { source, reason, detail, cid, callsign, raw });
    }

    /// Keeps the names of fields that the decoder does not know.
    pub(super) fn unknown<'a>(&mut self, prefix: &str, names: impl IntoIterator<Item = Text<'a>>) {
        for name in names {
            if self.unknown_fields.len() >= UNKNOWN_NAMES {
                return;
            }
            let name = cut(name.as_ref(), NAME_BYTES);
            self.unknown_fields.insert(format!("{prefix}{name}"));
        }
    }
}
