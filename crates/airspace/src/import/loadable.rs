//! What the loader of airspaces refuses is not written, whatever the format let through.

use std::collections::HashSet;

use geo::LineString;
use sectorwatch_core::geometry::signed_area;

use super::{Draft, DraftVolume, Findings, Outline, draft::Line};
use crate::{
    error::{FeatureFault, RingFault},
    ring,
    visible::is_visible,
};

/// Leaves out the sectors and positions whose ids or callsigns no file can hold, with the owners that they were, and
/// cleans the texts that only people read.
pub(super) fn texts(draft: &mut Draft, findings: &mut Findings) {
    positions(draft, findings);
    draft.sectors.retain(|sector| {
        let is_id = is_visible(&sector.id) && !sector.id.trim().is_empty();
        if !is_id {
            let reason = "its id is empty or has control characters";
            findings.leave_out(format!("sector {}", sector.id), reason);
        }
        is_id
    });
    for sector in &mut draft.sectors {
        let element = format!("sector {}", sector.id);
        clean(&mut sector.name, &element, "name", findings);
        // It comes from a position, which is left out.
        sector.kind = sector.kind.take().filter(|kind| is_visible(kind));
        for volume in &mut sector.volumes {
            if let Some(when) = &mut volume.active_when {
                clean(when, &volume.element, "runways", findings);
            }
        }
    }
}

fn positions(draft: &mut Draft, findings: &mut Findings) {
    let mut left_out = HashSet::new();
    draft.positions.retain(|position| {
        let mut texts = position.prefixes.iter().chain([&position.id, &position.suffix]);
        let is_held = texts.all(|text| is_visible(text));
        if !is_held {
            let reason = "its id, prefix or suffix has control characters";
            findings.leave_out(format!("position {}", position.id), reason);
            left_out.insert(position.id.clone());
        }
        is_held
    });
    // One id may stand for several positions.
    for position in &mut draft.positions {
        left_out.remove(&position.id);
        if let Some(name) = &mut position.name {
            clean(name, &format!("position {}", position.id), "name", findings);
        }
    }
    for sector in &mut draft.sectors {
        sector.owners.retain(|owner| !left_out.contains(owner));
    }
}

fn clean(text: &mut String, element: &str, what: &str, findings: &mut Findings) {
    if !is_visible(text) {
        *text = text.replace(char::is_control, " ").trim().to_owned();
        findings.repair(element, format!("control characters in its {what} are spaces now"));
    }
}

/// Whether a volume has limits that something can be between, and rings that enclose something on the globe.
///
/// # Errors
///
/// Says what the loader would.
pub(super) fn shape(volume: &DraftVolume, outlines: &[Outline]) -> Result<(), String> {
    let DraftVolume { floor_ft, ceiling_ft, .. } = *volume;
    if let Some(limit) = [floor_ft, ceiling_ft].into_iter().flatten().find(|it| !it.is_finite()) {
        return Err(format!("a limit of {limit} ft is none"));
    }
    if let (Some(floor_ft), Some(ceiling_ft)) = (floor_ft, ceiling_ft)
        && floor_ft >= ceiling_ft
    {
        return Err(FeatureFault::Limits { floor_ft, ceiling_ft }.to_string());
    }
    let mut rings = outlines.iter().flat_map(|it| it.holes.iter().chain([&it.exterior]));
    rings.try_for_each(ring).map_err(|fault| fault.to_string())
}

fn ring(line: &Line) -> Result<(), RingFault> {
    if line.len() < 4 {
        return Err(RingFault::TooFew { found: line.len() });
    }
    for (index, point) in line.iter().enumerate() {
        ring::on_globe(index, *point)?;
    }
    // What crosses itself has been split.
    match signed_area(&LineString::new(line.clone())) {
        0.0 => Err(RingFault::NoArea),
        _ => Ok(()),
    }
}
