//! The owners of sectors, once all files are read.

use std::collections::HashSet;

use sectorwatch_core::positions::{Position, PositionFile};

use super::collection::Contents;

/// Leaves out the owners that no file knows, and gives the sectors without owners those that their callsigns name.
pub(super) fn settle(contents: &mut Contents) {
    let known: HashSet<String> = contents
        .positions
        .iter()
        .flat_map(|file| &file.positions)
        .map(|position| position.id.clone())
        .collect();
    let mut named = PositionFile::default();
    let mut is_named = HashSet::new();
    for sector in &mut contents.sectors {
        let has_owners = !sector.owners.is_empty();
        sector.owners.retain(|owner| {
            let is_known = known.contains(owner);
            if !is_known {
                let warning = format!(
                    "sector {}: its owner {owner} is no position, and is left out",
                    sector.id
                );
                contents.notes.warnings.push(warning);
            }
            is_known
        });
        if has_owners && !sector.callsigns.is_empty() {
            let warning =
                format!("sector {}: it has owners, so its callsigns are not used", sector.id);
            contents.notes.warnings.push(warning);
            sector.callsigns.clear();
        }
        if !has_owners {
            sector.owners = sector.callsigns.clone();
            let new = sector.callsigns.iter().filter(|it| is_named.insert((*it).clone()));
            named.positions.extend(new.map(|callsign| Position::of_callsign(callsign)));
        }
    }
    contents.positions.push(named);
}
