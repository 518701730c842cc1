//! The project's own form, which every other one is written in.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::{
    Draft, DraftSector, DraftVolume, Findings, ImportError, Line, Outline, Source,
    encoding::{Mixed, READ_AS_WINDOWS_1252},
    outline,
};
use crate::{
    collection::{Collection, Known},
    error::{AirspaceError, FeatureFault},
    feature::{self, Role, SectorPart},
    positions::Read,
    ring,
    shapes::Drawn,
};

/// A feature collection of which a feature has a role.
pub(super) fn recognises(source: &Source) -> bool {
    let content = source.content();
    Collection::read(&content.text).is_ok_and(|collection| {
        collection.features.iter().any(|feature| feature.get().contains("\"role\""))
    })
}

/// Reads files of our own form, one behind the other. A feature that cannot be used is left out.
pub(super) fn read(sources: &[Source], findings: &mut Findings) -> Result<Draft, ImportError> {
    let mut draft = Draft::default();
    let mut known = Known::default();
    for source in sources {
        add(source, &mut draft, &mut known, findings)
            .map_err(|error| ImportError::File { file: source.name(), reason: chain(&error) })?;
    }
    Ok(draft)
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

fn add(
    source: &Source,
    draft: &mut Draft,
    known: &mut Known,
    findings: &mut Findings,
) -> Result<(), AirspaceError> {
    let content = source.content();
    let collection = Collection::read(&content.text)?;
    for (index, raw) in collection.features.iter().enumerate() {
        findings.count("features", 1);
        let feature = feature::read(index, raw);
        let read = feature.and_then(|feature| match outlines(&feature) {
            Ok(outlines) => Ok((feature, outlines)),
            Err(fault) => Err(AirspaceError::Feature { feature: feature.label, fault }),
        });
        let is_foreign = content.is_foreign(content.place(raw.get()));
        match read {
            Ok((feature, outlines)) => {
                if is_foreign {
                    findings.repair(&*feature.label, READ_AS_WINDOWS_1252);
                }
                outline::count(findings, &outlines);
                match feature.role {
                    Role::Boundary => draft.boundary.extend(outlines),
                    Role::Sector(part) => {
                        add_volume(draft, known, *part, feature.label, outlines);
                    }
                }
            }
            Err(AirspaceError::Feature { feature, fault }) => {
                findings.leave_out(feature, chain(&fault));
            }
            Err(error) => return Err(error),
        }
    }
    add_positions(&collection, &content, draft, findings)?;
    draft.cut_hyphen |= collection.cut_hyphen;
    draft.approximate |= collection.approximate;
    draft.transition_altitude_ft =
        collection.transition_altitude_ft()?.or(draft.transition_altitude_ft);
    draft.dataset = draft.dataset.take().or_else(|| collection.dataset.map(ToOwned::to_owned));
    Ok(())
}

/// Adds the positions. What was left out owns nothing.
fn add_positions(
    collection: &Collection<'_>,
    content: &Mixed,
    draft: &mut Draft,
    findings: &mut Findings,
) -> Result<(), AirspaceError> {
    let Read { positions, faults, texts } = collection.positions()?;
    findings.count("positions", positions.len());
    let object = collection.positions.map_or("", RawValue::get);
    for id in content.foreign_members(object, texts.iter().map(|(id, text)| (id, *text))) {
        findings.repair(format!("position {id}"), READ_AS_WINDOWS_1252);
    }
    let left_out: HashSet<&String> = faults.iter().map(|(id, _)| id).collect();
    for sector in &mut draft.sectors {
        sector.owners.retain(|owner| !left_out.contains(owner));
    }
    for (id, reason) in faults {
        findings.leave_out(format!("position {id}"), reason);
    }
    draft.positions.extend(positions);
    Ok(())
}

fn outlines(feature: &feature::Feature) -> Result<Vec<Outline>, FeatureFault> {
    let drawn = Drawn::of(feature.geometry.as_ref())?;
    let mut outlines = Vec::with_capacity(drawn.polygons.len());
    for (polygon, rings) in drawn.polygons.iter().enumerate() {
        let line = |(ring, positions): (usize, &Vec<_>)| -> Result<Line, FeatureFault> {
            ring::vertices(positions).map_err(|fault| FeatureFault::Ring { polygon, ring, fault })
        };
        let mut lines = rings.iter().enumerate().map(line).collect::<Result<Vec<Line>, _>>()?;
        let holes = lines.split_off(1);
        outlines.extend(lines.pop().map(|exterior| Outline { exterior, holes }));
    }
    Ok(outlines)
}

/// Features of one id are volumes of one sector.
fn add_volume(
    draft: &mut Draft,
    known: &mut Known,
    part: SectorPart,
    element: String,
    outlines: Vec<Outline>,
) {
    let volume = DraftVolume {
        element,
        floor_ft: part.floor_ft,
        ceiling_ft: part.ceiling_ft,
        active_when: part.active_when,
        outlines,
        unite: false,
    };
    let place = known.place(&part.id);
    if place == draft.sectors.len() {
        let (id, name) = (part.id.clone(), part.id.clone());
        draft.sectors.push(DraftSector { id, name, ..Default::default() });
    }
    let Some(sector) = draft.sectors.get_mut(place) else { return };
    if let Some(name) = part.name.filter(|_| sector.name == sector.id) {
        sector.name = name;
    }
    sector.kind = sector.kind.take().or(part.kind);
    sector.capacity = sector.capacity.or(part.capacity);
    sector.frequency = sector.frequency.take().or(part.frequency);
    sector.group = sector.group.take().or(part.group);
    sector.owners.extend(known.unlisted(place, "owners", part.owners));
    sector.airports.extend(known.unlisted(place, "airports", part.airports));
    sector.callsigns.extend(known.unlisted(place, "callsigns", part.callsigns));
    sector.volumes.push(volume);
}
