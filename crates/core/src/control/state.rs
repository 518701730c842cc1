//! What is known of the control of a sector.

use std::sync::Arc;

use super::Verdict;
use crate::controller::Controller;

/// What an interval holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// By the first of the sector's owners that is staffed.
    Controlled(Holder),
    /// By nobody: none of the owners is staffed.
    Uncontrolled,
    /// Unknown: the controllers were.
    Unknown,
}

/// Who controls a sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `controllers.id`: a reconnect is another one. `None` after the controller was forgotten.
    pub controller_id: Option<i64>,
    /// `None` after the controller was forgotten.
    pub callsign: Option<Arc<str>>,
    /// The zero-based index of the staffed position among the owners.
    pub rank: i32,
}

impl Control {
    /// The state by a verdict, with the row of its controller. Unknown if the controller has no row.
    pub fn of(verdict: Verdict<'_>, row: impl FnOnce(&Controller) -> Option<i64>) -> Self {
        match verdict {
            Verdict::Controlled { by, rank } => row(by).map_or(Self::Unknown, |id| {
                Self::Controlled(Holder {
                    controller_id: Some(id),
                    callsign: Some(Arc::clone(&by.callsign)),
                    rank: i32::try_from(rank).unwrap_or(i32::MAX),
                })
            }),
            Verdict::Uncontrolled => Self::Uncontrolled,
            Verdict::Unknown => Self::Unknown,
        }
    }

    /// The value in the column.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Controlled(_) => "controlled",
            Self::Uncontrolled => "uncontrolled",
            Self::Unknown => "unknown",
        }
    }

    /// Who controls it.
    pub fn holder(&self) -> Option<&Holder> {
        match self {
            Self::Controlled(holder) => Some(holder),
            Self::Uncontrolled | Self::Unknown => None,
        }
    }
}
