//! `Volumes.xml`: shapes, and the volumes that they bound.

use std::collections::HashMap;

use super::{
    points::{self, Names},
    xml::{self, Element},
};
use crate::import::{
    DraftVolume, Findings, ImportError, MOST_POINTS, Outline, Source,
    encoding::READ_AS_WINDOWS_1252, limits, named::Named, outline,
};

/// What the files say of volumes, by their names. What could not be read is there without content, so that it is
/// told from what no file has.
#[derive(Debug, Default)]
pub(super) struct Volumes {
    boundaries: Named<Outline>,
    /// In the order of the files.
    order: Vec<Volume>,
    numbers: HashMap<String, usize>,
}

/// A volume as the file has it.
#[derive(Debug)]
struct Volume {
    name: String,
    limits: Option<Limits>,
    boundaries: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Limits {
    floor_ft: Option<f64>,
    ceiling_ft: Option<f64>,
}

impl Volumes {
    /// Adds the boundaries and volumes of a `Volumes.xml`.
    ///
    /// # Errors
    ///
    /// Says in which line the file stops being XML.
    pub(super) fn read(
        &mut self,
        source: &Source,
        names: &Names,
        findings: &mut Findings,
    ) -> Result<(), ImportError> {
        let (mut boundaries, mut volumes) = (0, 0);
        xml::each(source, &["Boundary", "Volume"], |element| {
            let (kind, number) = match element.name.as_str() {
                "Boundary" => ("boundary", &mut boundaries),
                _ => ("volume", &mut volumes),
            };
            *number += 1;
            let Some(name) = element.attribute("Name").map(str::to_owned) else {
                let reason = element.fault.unwrap_or_else(|| "it has no Name".into());
                findings.leave_out(format!("{kind} {number} of {}", source.name()), reason);
                return;
            };
            if element.is_foreign {
                findings.repair(format!("{kind} {name}"), READ_AS_WINDOWS_1252);
            }
            match kind {
                "boundary" => self.add_boundary(name, &element, names, findings),
                _ => self.add_volume(name, &element, findings),
            }
        })?;
        findings.count("boundaries", boundaries);
        findings.count("volumes", volumes);
        Ok(())
    }

    fn add_boundary(
        &mut self,
        name: String,
        element: &Element,
        names: &Names,
        findings: &mut Findings,
    ) {
        let shape = match &element.fault {
            Some(fault) => Err(fault.clone()),
            None => points::line(&element.text, names, findings).map(Outline::solid),
        };
        outline::count(findings, shape.as_ref().map_or(&[][..], std::slice::from_ref));
        self.boundaries.insert("boundary", name, shape, findings);
    }

    fn add_volume(&mut self, name: String, element: &Element, findings: &mut Findings) {
        let limits = match &element.fault {
            Some(fault) => Err(fault.clone()),
            None => limits(element),
        };
        let limits = limits.map_err(|reason| findings.leave_out(format!("volume {name}"), reason));
        let limits = limits.ok();
        let boundaries = element.list("Boundaries");
        let Some(&first) = self.numbers.get(&name) else {
            self.numbers.insert(name.clone(), self.order.len());
            self.order.push(Volume { name, limits, boundaries });
            return;
        };
        let Some(first) = self.order.get_mut(first) else { return };
        if first.limits.is_none() {
            *first = Volume { name, limits, boundaries };
        } else if first.limits == limits && first.boundaries == boundaries {
            findings.repair(format!("volume {name}"), "it is there twice");
        } else if limits.is_some() {
            let reason = "another volume has that name before it";
            findings.leave_out(format!("volume {name} (the second)"), reason);
        }
    }

    /// The volumes with their shapes, in the order of the files; without content where one cannot be used, which is
    /// told once.
    ///
    /// # Errors
    ///
    /// Says so where they have too many points.
    pub(super) fn join(
        self,
        findings: &mut Findings,
    ) -> Result<Vec<(String, Option<DraftVolume>)>, String> {
        let boundaries = self.boundaries;
        let mut points = 0;
        let join = |volume: Volume| {
            // Volumes share boundaries, and each gets the points of its own.
            let drawn = volume.boundaries.iter().filter_map(|name| boundaries.get(name)?);
            points += drawn.map(limits::points).sum::<usize>();
            if points > MOST_POINTS {
                return Err(format!(
                    "the boundaries of all volumes have more than {MOST_POINTS} points"
                ));
            }
            let draft =
                volume.limits.and_then(|limits| shape(&volume, limits, &boundaries, findings));
            Ok((volume.name, draft))
        };
        self.order.into_iter().map(join).collect()
    }
}

/// A volume of which one boundary is missing is another volume than the one that is meant, so it goes as a whole.
fn shape(
    volume: &Volume,
    limits: Limits,
    boundaries: &Named<Outline>,
    findings: &mut Findings,
) -> Option<DraftVolume> {
    let name = &volume.name;
    if volume.boundaries.is_empty() {
        findings.leave_out(format!("volume {name}"), "it has no boundary");
        return None;
    }
    let missing: Vec<&str> = volume
        .boundaries
        .iter()
        .filter(|boundary| boundaries.get(boundary).is_none())
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        let reason = format!("there is no boundary {}", missing.join(", "));
        findings.leave_out(format!("volume {name}"), reason);
        return None;
    }
    let parts: Option<Vec<&Outline>> =
        volume.boundaries.iter().map(|boundary| boundaries.get(boundary)?).collect();
    let outlines: Vec<Outline> = parts?.into_iter().cloned().collect();
    let element = match &volume.boundaries[..] {
        [boundary] if boundary == name => format!("volume {name}"),
        boundaries => format!("volume {name} (boundary {})", boundaries.join(", ")),
    };
    Some(DraftVolume {
        element,
        floor_ft: limits.floor_ft,
        ceiling_ft: limits.ceiling_ft,
        active_when: None,
        unite: outlines.len() > 1,
        outlines,
    })
}

/// Feet as they are written; a limit that is not given is none.
fn limits(element: &Element) -> Result<Limits, String> {
    let limit = |name| match element.attribute(name) {
        None => Ok(None),
        Some(written) => match written.parse::<f64>() {
            Ok(feet) if feet.is_finite() => Ok(Some(feet)),
            _ => Err(format!("{name} {written:?} is no number of feet")),
        },
    };
    let (floor_ft, ceiling_ft) = (limit("LowerLimit")?, limit("UpperLimit")?);
    match (floor_ft, ceiling_ft) {
        (Some(floor), Some(ceiling)) if floor >= ceiling => {
            Err(format!("its floor of {floor} ft is not below its ceiling of {ceiling} ft"))
        }
        _ => Ok(Limits { floor_ft, ceiling_ft }),
    }
}
