//! Which positions are staffed in one snapshot, and who therefore controls a sector.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{airspace::Sector, controller::Controller, positions::Positions};

/// A controller who may or may not be online on a position: the callsign, if it could be read.
pub type Doubtful = Option<Arc<str>>;

/// Who controls a sector in one snapshot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict<'c> {
    /// Its first owner that is staffed.
    Controlled {
        /// Of several at that position, who logged on first, then the lesser CID.
        by: &'c Controller,
        /// The zero-based index of the position among the owners.
        rank: usize,
    },
    /// None of its owners is staffed.
    Uncontrolled,
    /// Whoever could not be read may be on an owner that comes before.
    Unknown,
}

/// The positions that are staffed in one snapshot.
#[derive(Debug, Clone, Default)]
pub struct Online<'c> {
    /// By the id of the position, in order of precedence.
    staffed: HashMap<&'c str, Vec<&'c Controller>>,
    /// The ids of positions that somebody who could not be read fits.
    in_doubt: HashSet<&'c str>,
    /// Whether somebody without a readable callsign may be on any position.
    may_be_on_any: bool,
}

impl<'c> Online<'c> {
    /// Finds the positions of the controllers that are kept. Those without a primary channel are not online.
    /// `doubtful` are those whose record, or whose frequency, is unknown.
    pub fn new(positions: &'c Positions, kept: &[&'c Controller], doubtful: &[Doubtful]) -> Self {
        let mut online = Self { may_be_on_any: doubtful.contains(&None), ..Self::default() };
        let mut in_order: Vec<&Controller> = kept.to_vec();
        in_order.sort_by_key(|it| (it.logon_time, it.cid));
        for controller in in_order {
            let Some(frequency_hz) = controller.frequency_hz() else { continue };
            for position in positions.staffed_by(&controller.callsign, Some(frequency_hz)) {
                let staff = online.staffed.entry(&position.id).or_default();
                // One id may stand for several positions that one controller fits.
                if staff.last().is_none_or(|last| !std::ptr::eq(*last, controller)) {
                    staff.push(controller);
                }
            }
        }
        for callsign in doubtful.iter().flatten() {
            let fitting = positions.fitting(callsign).into_iter();
            online.in_doubt.extend(fitting.map(|position| position.id.as_str()));
        }
        online
    }

    /// Who controls a sector; `None` if it has no owners.
    pub fn verdict(&self, sector: &Sector) -> Option<Verdict<'c>> {
        let owners = sector.owners.as_slice();
        let first = owners.iter().position(|owner| self.staffed.contains_key(owner.as_str()));
        let before = &owners[..first.unwrap_or(owners.len())];
        let is_in_doubt = self.may_be_on_any && !before.is_empty()
            || before.iter().any(|owner| self.in_doubt.contains(owner.as_str()));
        let by = |rank: usize| self.staff_of(owners.get(rank)?).first().copied();
        match first.and_then(|rank| Some((rank, by(rank)?))) {
            _ if owners.is_empty() => None,
            _ if is_in_doubt => Some(Verdict::Unknown),
            Some((rank, by)) => Some(Verdict::Controlled { by, rank }),
            None => Some(Verdict::Uncontrolled),
        }
    }

    /// Everybody online on an owner of a sector, in the order of the owners and each once. `None` if it has no owners,
    /// or if only somebody who could not be read might be.
    pub fn staff(&self, sector: &Sector) -> Option<Vec<&'c Controller>> {
        let mut staff: Vec<&Controller> = Vec::new();
        for controller in sector.owners.iter().flat_map(|owner| self.staff_of(owner)) {
            if !staff.iter().any(|known| std::ptr::eq(*known, *controller)) {
                staff.push(controller);
            }
        }
        let verdict = self.verdict(sector)?;
        (verdict != Verdict::Unknown || !staff.is_empty()).then_some(staff)
    }

    fn staff_of(&self, owner: &str) -> &[&'c Controller] {
        self.staffed.get(owner).map_or(&[], Vec::as_slice)
    }
}
