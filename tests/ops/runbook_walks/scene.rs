//! The parts of a walk: a fault, the alerts that it causes, and the signs to which their sections
//! point.

use super::stage::Stage;

/// A fault that is injected into an instance of its own.
pub struct Scene {
    /// Also the name of the instance.
    pub name: &'static str,
    /// The fault, as the table in the runbooks describes it.
    pub fault: &'static str,
    /// All alerts that the fault causes. The section of the first one names the cause.
    pub alerts: &'static [&'static str],
    /// Alerts that may fire.
    pub perhaps: &'static [&'static str],
    /// The walks through the sections of its alerts.
    pub walks: &'static [Walk],
    /// Whether the scene is played by default, too.
    pub is_short: bool,
    /// Injects the fault, checks the signs, ends the fault, and checks again.
    pub play: fn(&mut Stage),
}

/// A walk through one section of the runbooks.
pub struct Walk {
    /// The alert whose section this is.
    pub alert: &'static str,
    /// The signs while the fault lasts.
    pub look: &'static [Sign],
    /// The signs after the fault.
    pub over: &'static [Sign],
}

/// Something that a section tells the reader to look at, and what is there.
#[derive(Debug, Clone, Copy)]
pub enum Sign {
    /// A panel's title, a part of a legend, and what is drawn: while the fault lasts, anywhere in
    /// the graph, and afterwards, at its end.
    Panel(&'static str, &'static str, Drawn),
    /// A message in the log, and fields that it has.
    Log(&'static str, &'static [&'static str]),
    /// The code of a reason in `/api/status`, which refers to this alert.
    Reason(&'static str),
    /// A path in `/api/status`, and a part of the value there.
    Status(&'static str, &'static str),
    /// The beginning of a query, and a part of one of its rows.
    Row(&'static str, &'static str),
    /// The path of a page, its status code, and a part of its text.
    Page(&'static str, u16, &'static str),
    /// A part of the error that Prometheus reports for the target.
    Target(&'static str),
}

/// What a panel draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drawn {
    /// A value greater than this.
    Above(f64),
    /// A value less than this.
    Below(f64),
    /// No series at all.
    Nothing,
}

impl Drawn {
    /// Whether a point is as expected.
    pub fn fits(self, point: f64) -> bool {
        match self {
            Drawn::Above(limit) => point > limit,
            Drawn::Below(limit) => point < limit,
            Drawn::Nothing => false,
        }
    }
}

/// Alerts that may fire with any fault, because the machine is busy and polls are a second apart.
pub const WHERE_BUSY: &[&str] = &["PollOverrun"];

/// The full name of an alert. The scenes omit the common prefix.
pub fn full(alert: &str) -> String {
    format!("Sectorwatch{alert}")
}
