//! Who may control a sector: its own controller, then those who take it over, nearest first.
//!
//! `ResponsibleSectors` names what a controller *also* takes; read the other way round, it leads from a sector to
//! its owners.

use std::collections::{HashMap, HashSet};

use super::sectors::Sector;
use crate::import::Findings;

/// Steps from a sector to a claimant, for all sectors together. The largest real profile needs some hundreds.
const MOST_STEPS: usize = 4_000_000;

/// For each sector the sectors whose controllers own it, by their numbers.
///
/// # Errors
///
/// Says so where the claims are too many to follow.
pub(super) fn owners(
    sectors: &[Sector],
    findings: &mut Findings,
) -> Result<Vec<Vec<usize>>, String> {
    let claimants = claimants(sectors, findings);
    let mut reached = vec![usize::MAX; sectors.len()];
    let mut steps = 0;
    let mut all = Vec::with_capacity(sectors.len());
    let mut in_cycle = Vec::new();
    for number in 0..sectors.len() {
        let (chain, comes_back) = follow(number, &claimants, &mut reached, &mut steps);
        if steps > MOST_STEPS {
            return Err(format!("ResponsibleSectors lead to more than {MOST_STEPS} owners"));
        }
        if comes_back {
            in_cycle.push(number);
        }
        all.push(chain);
    }
    report_cycles(sectors, &all, &in_cycle, findings);
    let owns = |number: &usize| sectors.get(*number).is_some_and(Sector::controls);
    for chain in &mut all {
        chain.retain(owns);
    }
    Ok(all)
}

/// For each sector those that name it, in the order of the file.
fn claimants(sectors: &[Sector], findings: &mut Findings) -> Vec<Vec<usize>> {
    let numbers: HashMap<&str, usize> =
        sectors.iter().enumerate().map(|(number, it)| (it.name.as_str(), number)).collect();
    let mut claimants: Vec<Vec<usize>> = vec![Vec::new(); sectors.len()];
    let mut unresolved = 0;
    for (number, sector) in sectors.iter().enumerate() {
        for claimed in &sector.responsible {
            let claims = numbers.get(claimed.as_str()).and_then(|&it| claimants.get_mut(it));
            let Some(claims) = claims else {
                unresolved += 1;
                let element = format!("sector {claimed} in ResponsibleSectors of {}", sector.name);
                findings.leave_out(element, "there is no sector of that name");
                continue;
            };
            if claims.last() == Some(&number) {
                findings.warn(format!("{} claims {claimed} twice", sector.name));
            } else {
                claims.push(number);
            }
        }
    }
    findings.count("unresolved", unresolved);
    for (sector, claims) in sectors.iter().zip(&claimants).filter(|(_, claims)| claims.len() > 1) {
        let names = names(sectors, claims);
        findings.warn(format!("{} is claimed {} times: by {names}", sector.name, claims.len()));
    }
    // A flow manager takes nothing over, whatever the file says.
    let owns = |number: &usize| sectors.get(*number).is_some_and(|it| it.kind() != Some("FMP"));
    for claims in &mut claimants {
        claims.retain(owns);
    }
    claimants
}

/// A sector and, breadth first, those who claim it, those who claim them, and so on, each once; and whether the
/// claims come back to the sector. `reached` holds for each sector the last one that it was reached from.
fn follow(
    from: usize,
    claimants: &[Vec<usize>],
    reached: &mut [usize],
    steps: &mut usize,
) -> (Vec<usize>, bool) {
    let mut chain = vec![from];
    let mut comes_back = false;
    let mut next = 0;
    while let Some(&sector) = chain.get(next) {
        next += 1;
        let claims = claimants.get(sector).map(Vec::as_slice).unwrap_or_default();
        *steps += claims.len() + 1;
        if *steps > MOST_STEPS {
            break;
        }
        for &claimant in claims {
            comes_back |= claimant == from;
            match reached.get_mut(claimant) {
                Some(last) if *last != from && claimant != from => {
                    *last = from;
                    chain.push(claimant);
                }
                _ => {}
            }
        }
    }
    (chain, comes_back)
}

/// Sectors that claim each other, directly or by way of others, are one cycle.
fn report_cycles(
    sectors: &[Sector],
    chains: &[Vec<usize>],
    in_cycle: &[usize],
    findings: &mut Findings,
) {
    let reach = |from: usize| chains.get(from).map(Vec::as_slice).unwrap_or_default();
    let reaches: HashMap<usize, HashSet<usize>> =
        in_cycle.iter().map(|&from| (from, reach(from).iter().copied().collect())).collect();
    let mut told = HashSet::new();
    let mut cycles = 0;
    for &first in in_cycle {
        if told.contains(&first) {
            continue;
        }
        let leads_back = |other: &usize| reaches.get(other).is_some_and(|it| it.contains(&first));
        let cycle: Vec<usize> = reach(first).iter().copied().filter(leads_back).collect();
        cycles += 1;
        findings.warn(match cycle[..] {
            [_] => format!("{} claims itself", names(sectors, &cycle)),
            _ => format!("{} claim each other in a cycle", names(sectors, &cycle)),
        });
        told.extend(cycle);
    }
    findings.count("cycles", cycles);
}

fn names(sectors: &[Sector], numbers: &[usize]) -> String {
    let names = numbers.iter().filter_map(|&number| sectors.get(number));
    names.map(|sector| sector.name.as_str()).collect::<Vec<_>>().join(", ")
}
