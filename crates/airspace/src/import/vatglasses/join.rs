//! Airspaces of all groups, as sectors with volumes and owners.

use std::collections::{HashMap, HashSet};

use super::super::{
    Draft, DraftSector, DraftVolume, Findings, Outline, encoding::READ_AS_WINDOWS_1252, ids::Ids,
    outline,
};
use super::{
    airspace::Airspace,
    block::{Block, Limits},
    group::Group,
    owners::{Owner, Positions, scoped},
};

/// Sectors of airspaces: those with one id and the same owners are one sector.
pub(super) fn join(mut groups: Vec<Group>, findings: &mut Findings) -> Draft {
    // Elements are named with their group where there are several.
    let are_several = groups.len() > 1;
    for group in &mut groups {
        group.prefix = if are_several { format!("{}: ", group.name) } else { String::new() };
        tell(group, findings);
    }
    let positions = Positions::of(&mut groups);
    let ids = groups.iter().flat_map(|group| &group.airspaces).flatten().map(|it| it.id.clone());
    let mut sectors = Sectors::new(&positions, Ids::of(ids));
    groups.into_iter().for_each(|group| sectors.add_all(group, findings));
    let mut all = sectors.all;
    all.retain(|sector| !sector.volumes.is_empty());
    Draft { sectors: all, positions: positions.usable, ..Draft::default() }
}

/// Counts what a group has, whether it can be used or not, and tells of its positions.
fn tell(group: &Group, findings: &mut Findings) {
    findings.count("airspaces", group.airspaces.len());
    findings.count("positions", group.positions.len());
    for airspace in group.airspaces.iter().flatten() {
        let blocks = airspace.blocks.as_deref().unwrap_or_default();
        findings.count("blocks", blocks.len());
        findings.count("owner_refs", airspace.owners.len());
        for line in blocks.iter().flat_map(|block| &block.line) {
            findings.count("points_dms", line.len());
            outline::count(findings, &[Outline::solid(line.clone())]);
        }
    }
    let prefix = &group.prefix;
    group.remarks.iter().for_each(|remark| findings.warn(format!("{prefix}{remark}")));
    for id in &group.foreign {
        findings.repair(format!("{prefix}position {id}"), READ_AS_WINDOWS_1252);
    }
    for (id, position) in &group.positions {
        if let Err(reason) = position {
            findings.leave_out(format!("{prefix}position {id}"), reason);
        }
    }
}

struct Sectors<'a> {
    positions: &'a Positions,
    all: Vec<DraftSector>,
    /// By id and owners as the file names them: an owner that is unknown tells sectors apart, too, so that it
    /// changes no other.
    places: HashMap<(String, Vec<String>), usize>,
    ids: Ids,
}

impl<'a> Sectors<'a> {
    fn new(positions: &'a Positions, ids: Ids) -> Self {
        Self { positions, all: Vec::new(), places: HashMap::new(), ids }
    }

    fn add_all(&mut self, group: Group, findings: &mut Findings) {
        let (prefix, mut seen) = (group.prefix, HashMap::<String, usize>::new());
        let (mut with_times, mut without_owner) = (0_usize, 0_usize);
        for airspace in group.airspaces {
            let airspace = match airspace {
                Ok(airspace) => airspace,
                Err((element, reason)) => {
                    findings.leave_out(prefix.clone() + &element, reason);
                    continue;
                }
            };
            let number = seen.entry(airspace.id.clone()).or_default();
            *number += 1;
            let element = match number {
                1 => format!("{prefix}airspace {}", airspace.id),
                _ => format!("{prefix}airspace {} (no. {number} of that id)", airspace.id),
            };
            if airspace.is_foreign {
                findings.repair(&*element, READ_AS_WINDOWS_1252);
            }
            let owners = self.positions.owners(&airspace.owners, &group.name);
            let unknown = owners.iter().filter(|owner| matches!(owner, Owner::Unknown { .. }));
            findings.count("unresolved", unknown.count());
            if airspace.has_times {
                with_times += 1;
            } else {
                without_owner += usize::from(airspace.owners.is_empty());
                let owners = known(&element, owners, findings);
                self.add(&element, airspace, &group.name, owners, findings);
            }
        }
        for (number, what) in [
            (with_times, "airspaces that hold at some times only (`fua`) are not imported"),
            (without_owner, "airspaces name no owner: nobody controls them"),
        ] {
            if number > 0 {
                findings.warn(format!("{prefix}{number} {what}"));
            }
        }
    }

    fn add(
        &mut self,
        element: &str,
        airspace: Airspace,
        group: &str,
        owners: Vec<(&str, &str)>,
        findings: &mut Findings,
    ) {
        let written = airspace.owners.iter().map(|owner| {
            let scoped = owner.as_ref().map(|owner| scoped(owner, group));
            scoped.map_or_else(String::new, |(group, id)| format!("{group}/{id}"))
        });
        let key = (airspace.id.clone(), written.collect());
        let place = match self.places.get(&key) {
            Some(&place) => place,
            None => {
                self.places.insert(key, self.all.len());
                let id = self.ids.next(&airspace.id);
                if id != airspace.id {
                    findings.warn(format!("{element} has other owners: it is sector {id}"));
                }
                let owned = owners.iter().map(|(id, _)| (*id).to_owned()).collect();
                let kind = owners.first().map(|(_, suffix)| suffix.to_uppercase());
                let name = airspace.id;
                self.all.push(DraftSector { id, name, kind, owners: owned, ..Default::default() });
                self.all.len() - 1
            }
        };
        let blocks = airspace.blocks.unwrap_or_else(|reason| {
            findings.leave_out(element, reason);
            Vec::new()
        });
        let Some(sector) = self.all.get_mut(place) else { return };
        for (number, block) in (1..).zip(blocks) {
            let element = format!("{element}, block {number}");
            sector.volumes.extend(volume(element, block, findings));
        }
    }
}

/// The positions that own an airspace, each once, with what their callsigns end with; the others are told.
fn known<'a>(
    element: &str,
    owners: Vec<Owner<'a>>,
    findings: &mut Findings,
) -> Vec<(&'a str, &'a str)> {
    let (mut known, mut seen) = (Vec::new(), HashSet::new());
    for owner in owners {
        match owner {
            Owner::Position { id, suffix } if seen.insert(id) => known.push((id, suffix)),
            Owner::Position { id, .. } => {
                findings.warn(format!("{element} names its owner {id} twice: the first counts"));
            }
            // That the position was left out is told where it stands.
            Owner::LeftOut => {}
            Owner::Unknown { owner, reason } => {
                findings.leave_out(format!("{element}, owner {owner}"), reason);
            }
        }
    }
    known
}

fn volume(element: String, block: Block, findings: &mut Findings) -> Option<DraftVolume> {
    let (limits, line) = match (block.limits, block.line) {
        (Ok(limits), Ok(line)) => (limits, line),
        (Err(reason), _) | (_, Err(reason)) => {
            findings.leave_out(element, reason);
            return None;
        }
    };
    block.remarks.iter().for_each(|remark| findings.warn(format!("{element} {remark}")));
    let Limits { floor_ft, ceiling_ft } = limits;
    let (active_when, outlines) = (block.active_when, vec![Outline::solid(line)]);
    Some(DraftVolume { element, floor_ft, ceiling_ft, active_when, outlines, unite: false })
}
