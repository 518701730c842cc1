//! Collects rejected records and unknown fields, for inspection.

use std::{collections::BTreeSet, fmt};

use serde_json::value::RawValue;

use super::{cut::cut, excerpt};
use crate::wire::{Fields, Integer, Text};
use sectorwatch_core::snapshot::{RecordType, Rejected, RejectionReason, Unreadable};

/// The longest stored text of a record.
pub(super) const TEXT_BYTES: usize = 8 * 1024;
/// The maximum of unknown field names in one document, and the longest part of a name.
const UNKNOWN_NAMES: usize = 256;
const NAME_BYTES: usize = 64;

/// Why a record is rejected.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) reason: RejectionReason,
    /// The field and what is allowed, without a value of the feed.
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn new(reason: RejectionReason, detail: impl fmt::Display) -> Self {
        Refusal { reason, detail: detail.to_string() }
    }
}

/// The losses and unknown fields of one document.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rejected: Vec<Rejected>,
    pub(super) unreadable: Unreadable,
    pub(super) unknown_fields: BTreeSet<String>,
}

impl Tally {
    /// Adds a rejected record.
    pub(super) fn reject(&mut self, source: RecordType, record: &RawValue, refusal: Refusal) {
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

    /// Adds a rejected record that has its callsign from the record around it.
    pub(super) fn reject_of(
        &mut self,
        source: RecordType,
        callsign: &str,
        record: &RawValue,
        refusal: Refusal,
    ) {
        self.reject(source, record, refusal);
        if let Some(rejected) = self.rejected.last_mut() {
            rejected.callsign = Some(callsign.to_owned());
        }
    }

    /// Counts unreadable fields of an accepted record.
    pub(super) fn unreadable(&mut self, source: RecordType, fields: &[&'static str]) {
        for field in fields {
            *self.unreadable.entry((source, field)).or_default() += 1;
        }
    }

    /// Adds an unreadable list. Its text is not kept, because it holds names.
    pub(super) fn reject_list(&mut self, source: RecordType, detail: impl fmt::Display) {
        let Refusal { reason, detail } = Refusal::new(RejectionReason::Schema, detail);
        let (cid, callsign, raw) = (None, None, String::new());
        self.rejected.push(Rejected { source, reason, detail, cid, callsign, raw });
    }

    /// Adds the names of unknown fields.
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
