//! The tables that can be exported, and their formats.

use sectorwatch_export::Format;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A table that can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ExportTable {
    Flights,
    Visits,
    Positions,
    Contacts,
    Controllers,
    Movements,
}

impl ExportTable {
    /// All tables.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The name in paths and on the command line.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The table of this name; `None` if there is none.
    pub fn of_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// The formats of its files.
    pub fn formats(self) -> &'static [Format] {
        const ALL: &[Format] = &Format::ALL;
        const WITHOUT_A_MAP: &[Format] = &[Format::Csv, Format::Ndjson, Format::Parquet];
        match self {
            Self::Flights | Self::Visits | Self::Positions | Self::Movements => ALL,
            Self::Contacts | Self::Controllers => WITHOUT_A_MAP,
        }
    }

    /// Its format with this extension; `None` if it has none.
    pub fn format(self, extension: &str) -> Option<Format> {
        let format = Format::of_extension(extension)?;
        self.formats().contains(&format).then_some(format)
    }
}
