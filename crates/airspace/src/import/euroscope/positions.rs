//! `[POSITIONS]`: who can log on.

use std::collections::{HashMap, HashSet};

use super::text::Row;
use crate::import::{Findings, Position, position};

/// Positions in the order of the files, those of one ID one after the other.
#[derive(Debug, Default)]
pub(super) struct Positions {
    of_ids: Vec<Vec<Position>>,
    numbers: HashMap<String, usize>,
    known: HashSet<Position>,
}

impl Positions {
    pub(super) fn add(&mut self, row: Row<'_>, findings: &mut Findings) {
        findings.count("positions", 1);
        let fields = row.fields();
        match position(&fields, findings) {
            Ok(position) => {
                let next = self.of_ids.len();
                let number = *self.numbers.entry(position.id.clone()).or_insert(next);
                if number == next {
                    self.of_ids.push(Vec::new());
                }
                let Some(same) = self.of_ids.get_mut(number) else { return };
                // Files of neighbours name the same positions.
                if self.known.insert(position.clone()) {
                    same.push(position);
                }
            }
            Err(reason) => {
                let name = fields.first().copied().unwrap_or_default();
                findings.leave_out(format!("position {name} in line {}", row.number), reason);
            }
        }
    }

    /// The suffix of an ID's first position; `None` where no position has that ID.
    pub(super) fn suffix(&self, id: &str) -> Option<&str> {
        let first = self.of_ids.get(*self.numbers.get(id)?)?.first()?;
        Some(&first.suffix)
    }

    pub(super) fn into_all(self) -> Vec<Position> {
        self.of_ids.into_iter().flatten().collect()
    }
}

/// `name:radio:frequency:ID:middle:prefix:suffix:…`
fn position(fields: &[&str], findings: &mut Findings) -> Result<Position, String> {
    let [name, radio, frequency, id, middle, prefix, suffix, ..] = *fields else {
        return Err("it has fewer than seven fields".into());
    };
    let normal =
        |field: &str| Some(position::normal(field)).filter(|it| !it.is_empty() && it != "-");
    let id = Some(id).filter(|id| !id.is_empty()).ok_or("it has no ID")?;
    let prefix = normal(prefix).ok_or("it has no prefix")?;
    let suffix = normal(suffix).ok_or("it has no suffix")?;
    let frequency_hz = position::hertz(frequency);
    if frequency_hz.is_none() {
        findings
            .warn(format!("frequency {frequency:?} of position {name} is no number of megahertz"));
    }
    // Who relieves on `LON_S_CTR` may log on without the middle: the longer form is the one that is looked for first.
    let longer = normal(middle).map(|middle| format!("{prefix}_{middle}"));
    Ok(Position {
        id: id.to_owned(),
        prefixes: longer.into_iter().chain([prefix]).collect(),
        suffix,
        frequency_hz,
        name: Some(radio).filter(|radio| !radio.is_empty()).map(str::to_owned),
    })
}
