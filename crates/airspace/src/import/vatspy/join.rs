//! Which callsigns stand for which FIR rows.
//!
//! The join of the format looks a callsign's stem up, at each length: the id of an UIR; else rows with that
//! prefix; else rows without prefix and with that ICAO code; else any row with that code. All of it but the cutting
//! is done here: the stems that it can find become positions, and cutting is how positions are looked for.

use std::collections::{HashMap, HashSet};

use super::rows::{Fir, Rows, Uir};
use crate::import::Findings;

/// A stem of callsigns, with what it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stem<'a> {
    pub stem: &'a str,
    /// The name of its first row.
    pub name: &'a str,
}

/// A stem stands for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// Its place among the stems.
    pub stem: usize,
    /// Its place among the FIR rows.
    pub row: usize,
    /// Whether the stem is the id of an UIR.
    pub is_uir: bool,
}

/// All stems that the join can find.
#[derive(Debug, Default)]
pub(super) struct Join<'a> {
    /// Those of FIRs by their rows, then UIRs, each in the order of the file.
    pub stems: Vec<Stem<'a>>,
    /// In the order in which they own a sector: FIRs by their rows, then UIRs.
    pub claims: Vec<Claim>,
    by_stem: HashMap<&'a str, usize>,
}

impl<'a> Join<'a> {
    /// Finds the stems of all rows. A member of an UIR that is no FIR is left out.
    pub fn of(rows: &'a Rows, findings: &mut Findings) -> Self {
        let codes = Codes::of(&rows.firs);
        let uirs: HashSet<&str> = rows.uirs.iter().map(|uir| &*uir.id).collect();
        let mut join = Self::default();
        for (row, fir) in rows.firs.iter().enumerate() {
            for stem in codes.stems(fir) {
                // An UIR of the same id hides the row.
                if !uirs.contains(stem) {
                    join.claim(stem, &fir.name, false, [row]);
                }
            }
        }
        findings.count("fir_unique", codes.any.len());
        findings.count("uir_refs", 0);
        findings.count("unresolved", 0);
        for uir in &rows.uirs {
            if join.by_stem.contains_key(&*uir.id) {
                findings.warn(format!("UIR {} is there again: its members are added", uir.id));
            }
            // Without a member it is still found, and hides what it would hide.
            join.claim(&uir.id, &uir.name, true, codes.members(uir, findings));
        }
        join
    }

    fn claim(
        &mut self,
        stem: &'a str,
        name: &'a str,
        is_uir: bool,
        rows: impl IntoIterator<Item = usize>,
    ) {
        let stem = *self.by_stem.entry(stem).or_insert_with(|| {
            self.stems.push(Stem { stem, name });
            self.stems.len() - 1
        });
        self.claims.extend(rows.into_iter().map(|row| Claim { stem, row, is_uir }));
    }
}

/// The rows by what they can be found by.
struct Codes<'a> {
    prefixes: HashSet<&'a str>,
    /// By ICAO code.
    any: HashMap<&'a str, Vec<usize>>,
    /// By ICAO code, without prefix.
    bare: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Codes<'a> {
    fn of(firs: &'a [Fir]) -> Self {
        let mut codes =
            Self { prefixes: HashSet::new(), any: HashMap::new(), bare: HashMap::new() };
        for (row, fir) in firs.iter().enumerate() {
            codes.any.entry(&*fir.icao).or_default().push(row);
            if fir.prefix.is_empty() {
                codes.bare.entry(&*fir.icao).or_default().push(row);
            } else {
                codes.prefixes.insert(&*fir.prefix);
            }
        }
        codes
    }

    /// The stems that find a row, as long as no UIR has them: its prefix, and its code where nothing better has it.
    fn stems(&self, fir: &'a Fir) -> impl Iterator<Item = &'a str> {
        let prefix = Some(&*fir.prefix).filter(|prefix| !prefix.is_empty());
        let icao = &*fir.icao;
        let is_best = fir.prefix.is_empty() || !self.bare.contains_key(icao);
        let icao = Some(icao).filter(|icao| is_best && !self.prefixes.contains(icao));
        prefix.into_iter().chain(icao)
    }

    /// The rows of the members of an UIR. A code stands for the same rows as in a callsign, but for prefixes:
    /// members are codes.
    fn members(&self, uir: &'a Uir, findings: &mut Findings) -> Vec<usize> {
        findings.count("uir_refs", uir.members.len());
        let mut rows = Vec::new();
        for member in &uir.members {
            match self.bare.get(&**member).or_else(|| self.any.get(&**member)) {
                Some(found) => rows.extend(found),
                None => {
                    findings.count("unresolved", 1);
                    let element = format!("UIR {}, member {member}", uir.id);
                    findings.leave_out(element, "no FIR row has that ICAO code");
                }
            }
        }
        rows
    }
}
