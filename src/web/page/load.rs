//! How busy a sector is: the colours of the map.

use crate::status::SectorReport;

/// How busy a sector is, in the steps of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// Before the first cycle.
    Unknown,
    /// No flight.
    Empty,
    /// Up to a quarter of the whole.
    Quarter,
    /// Up to half of it.
    Half,
    /// Up to three quarters.
    ThreeQuarters,
    /// Up to all of it.
    Whole,
    /// More than the sector's capacity.
    Over,
}

/// What a sector's flights are a share of: its capacity where the airspace states one, or else the flights of
/// the busiest sector. Sectors thus differ also when all are busy.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    busiest: u64,
    has_capacities: bool,
}

impl Scale {
    /// The scale of these sectors.
    pub fn of(sectors: &[SectorReport]) -> Self {
        let busiest = sectors.iter().map(|sector| sector.occupancy).max().unwrap_or(0);
        let has_capacities = sectors.iter().any(|sector| sector.capacity.is_some());
        Self { busiest, has_capacities }
    }

    /// The load of one of the sectors.
    pub fn load(self, sector: &SectorReport) -> Load {
        let (flights, capacity) = (sector.occupancy, sector.capacity.map(u64::from));
        let whole = capacity.unwrap_or(self.busiest);
        match flights.saturating_mul(4) {
            0 => Load::Empty,
            _ if flights > whole => Load::Over,
            quarters if quarters <= whole => Load::Quarter,
            quarters if quarters <= 2 * whole => Load::Half,
            quarters if quarters <= 3 * whole => Load::ThreeQuarters,
            _ => Load::Whole,
        }
    }

    /// The steps of the legend.
    pub fn steps(self) -> impl Iterator<Item = Load> {
        let steps = [Load::Empty, Load::Quarter, Load::Half, Load::ThreeQuarters, Load::Whole];
        steps.into_iter().chain(self.has_capacities.then_some(Load::Over))
    }

    /// What the steps are shares of, as text.
    pub fn words(self) -> &'static str {
        match self.has_capacities {
            true => {
                "Aircraft inside, as a share of the sector's capacity, or else of the busiest sector:"
            }
            false => "Aircraft inside, as a share of the busiest sector:",
        }
    }
}

impl Load {
    /// The class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Load::Unknown => "load-unknown",
            Load::Empty => "load-empty",
            Load::Quarter => "load-quarter",
            Load::Half => "load-half",
            Load::ThreeQuarters => "load-three-quarters",
            Load::Whole => "load-whole",
            Load::Over => "load-over",
        }
    }

    /// The text in the legend.
    pub fn words(self) -> &'static str {
        match self {
            Load::Unknown => "not known",
            Load::Empty => "none",
            Load::Quarter => "up to a quarter",
            Load::Half => "up to half",
            Load::ThreeQuarters => "up to three quarters",
            Load::Whole => "more",
            Load::Over => "over its capacity",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(occupancy: u64, capacity: Option<u32>) -> SectorReport {
        SectorReport {
            name: "S".to_owned(),
            occupancy,
            capacity,
            entered_last_hour: 0,
            left_last_hour: 0,
            staffed: None,
            staffed_by: None,
            control: None,
            controlled_by: None,
            owner_rank: None,
        }
    }

    fn loads(sectors: &[(u64, Option<u32>)]) -> Vec<Load> {
        let sectors: Vec<_> = sectors.iter().map(|(n, capacity)| sector(*n, *capacity)).collect();
        let scale = Scale::of(&sectors);
        sectors.iter().map(|sector| scale.load(sector)).collect()
    }

    #[test]
    fn sectors_differ_also_when_all_are_busy() {
        use Load::{Empty, Half, Quarter, ThreeQuarters, Whole};
        let busy = loads(&[(200, None), (150, None), (100, None), (50, None)]);
        assert_eq!(busy, [Whole, ThreeQuarters, Half, Quarter]);
        let quiet = loads(&[(4, None), (3, None), (2, None), (1, None), (0, None)]);
        assert_eq!(quiet, [Whole, ThreeQuarters, Half, Quarter, Empty]);
        assert_eq!(loads(&[(0, None), (0, None)]), [Empty, Empty]);
        assert_eq!(loads(&[(u64::MAX, None), (1, None)])[1], Quarter);
    }

    #[test]
    fn a_capacity_of_its_own_counts_instead_of_the_busiest() {
        use Load::{Empty, Half, Over, Quarter, Whole};
        let loads = loads(&[
            (100, None),
            (5, Some(10)),
            (10, Some(10)),
            (11, Some(10)),
            (0, Some(0)),
            (1, Some(0)),
            (5, None),
        ]);
        assert_eq!(loads, [Whole, Half, Whole, Over, Empty, Over, Quarter]);
        let has_over = |sectors: &[SectorReport]| Scale::of(sectors).steps().any(|it| it == Over);
        assert!(has_over(&[sector(1, Some(10))]) && !has_over(&[sector(1, None)]));
    }
}
