//! Requests of members: to be forgotten, and that their free texts are not kept.

use std::collections::BTreeSet;

use super::{
    flight::PartialKey,
    snapshot::{Rejected, Snapshot},
};

/// The fields with free text, as the feed names them.
const FREE_TEXTS: [&str; 2] = ["\"remarks\"", "\"text_atis\""];
const CID: &str = "\"cid\"";

/// The records of forgotten members that were removed from a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The number of records of pilots and controllers, including rejected ones.
    pub records: usize,
    /// The callsigns, in upper case.
    callsigns: BTreeSet<String>,
}

impl LeftOut {
    fn note(&mut self, callsign: &str) {
        self.records += 1;
        self.callsigns.insert(callsign.to_ascii_uppercase());
    }

    /// Whether a record of the same cycle without a readable member belongs to one of them, by its callsign.
    pub fn names(&self, record: &Rejected) -> bool {
        let is_theirs = |callsign: &String| self.callsigns.contains(&callsign.to_ascii_uppercase());
        record.cid.is_none() && record.callsign.as_ref().is_some_and(is_theirs)
    }
}

impl Snapshot {
    /// Removes all records of forgotten members. Sectors that a removed controller may staff are unknown, not
    /// unstaffed.
    pub fn leave_out(&mut self, is_forgotten: impl Fn(i32) -> bool) -> LeftOut {
        let mut left = LeftOut::default();
        self.pilots.retain(|pilot| {
            let stays = !is_forgotten(pilot.key.cid);
            if !stays {
                left.note(&pilot.key.callsign);
            }
            stays
        });
        let controllers = self.controllers.iter_mut();
        for controllers in controllers {
            let gone = controllers.extract_if(.., |controller| is_forgotten(controller.cid));
            for controller in gone {
                left.note(&controller.callsign);
                let callsign = Some(controller.callsign);
                self.refused_controllers.push(PartialKey { callsign, ..PartialKey::default() });
            }
        }
        let is_theirs = |key: &PartialKey| key.cid.is_some_and(&is_forgotten);
        self.refused_pilots.retain(|key| !is_theirs(key));
        self.rejected.retain(|record| {
            let goes = record.members().any(&is_forgotten) || left.names(record);
            left.records += usize::from(goes);
            !goes
        });
        left
    }

    /// Removes remarks and controllers' texts. For rejected records, see [`Rejected::drop_free_text`].
    pub fn drop_free_text(&mut self) {
        for plan in self.pilots.iter_mut().filter_map(|pilot| pilot.flight_plan.as_mut()) {
            plan.remarks = None;
        }
        for controller in self.controllers.iter_mut().flatten() {
            controller.text_atis = None;
        }
    }
}

impl Rejected {
    /// The members of the record: the one that could be read, and ids elsewhere in it, such as an id written
    /// as text.
    pub fn members(&self) -> impl Iterator<Item = i32> {
        let named = values(&self.raw, CID).filter_map(|(_, value)| {
            let digits = value.trim().trim_start_matches('"').trim_start();
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            digits[..end].parse().ok()
        });
        self.cid.into_iter().chain(named)
    }

    /// Removes free text from the record.
    pub fn drop_free_text(&mut self) {
        for name in FREE_TEXTS {
            // From the end, so that earlier positions stay valid.
            let texts: Vec<_> =
                values(&self.raw, name).map(|(at, text)| at..at + text.len()).collect();
            texts.into_iter().rev().for_each(|text| self.raw.replace_range(text, "null"));
        }
    }
}

/// The values of a field and their positions, at any depth of a JSON text that may be cut.
fn values<'t>(json: &'t str, name: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
    json.match_indices(name).filter_map(move |(at, _)| {
        let value = json[at + name.len()..].trim_start().strip_prefix(':')?;
        Some((json.len() - value.len(), &value[..length_of_value(value)]))
    })
}

/// The length of the value at the start of a JSON text; the whole length when it is cut.
fn length_of_value(json: &str) -> usize {
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in json.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' | b',' if depth == 0 => return at,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests;
