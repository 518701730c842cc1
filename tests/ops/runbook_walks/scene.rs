//! What a walk is made of: a fault, the alerts that it brings, and what their sections tell to look at.

use super::stage::Stage;

/// A fault, injected for real into an instance of its own.
pub struct Scene {
    /// Of the instance, too.
    pub name: &'static str,
    /// What is wrong, as the table of the runbooks says it.
    pub fault: &'static str,
    /// All alerts that it brings. The first is the one whose section names the cause.
    pub alerts: &'static [&'static str],
    /// Alerts that come or not, as it happens.
    pub perhaps: &'static [&'static str],
    /// What is looked at.
    pub walks: &'static [Walk],
    /// Whether it is played in the short form, too.
    pub is_short: bool,
    /// Injects the fault, looks, ends it, and looks again.
    pub play: fn(&mut Stage),
}

/// A section of the runbooks, walked through.
pub struct Walk {
    /// The section.
    pub alert: &'static str,
    /// While the fault lasts.
    pub look: &'static [Sign],
    /// Once it is over.
    pub over: &'static [Sign],
}

/// Something that a section tells to look at, and what is found there.
#[derive(Debug, Clone, Copy)]
pub enum Sign {
    /// A panel's title, a part of the legend, and what is drawn there: at some point of the graph while
    /// the fault lasts, at its end when it is over.
    Panel(&'static str, &'static str, Drawn),
    /// A message of the log, and fields that it has.
    Log(&'static str, &'static [&'static str]),
    /// The code of a reason of `/api/status`, which names this alert.
    Reason(&'static str),
    /// A place in `/api/status`, and a part of what stands there.
    Status(&'static str, &'static str),
    /// How a query begins, and a part of one of its rows.
    Row(&'static str, &'static str),
    /// A page, its status, and a part of it.
    Page(&'static str, u16, &'static str),
    /// A part of the error that Prometheus has for the target.
    Target(&'static str),
}

/// What a panel says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Drawn {
    /// More than this.
    Above(f64),
    /// Less than this.
    Below(f64),
    /// Nothing at all.
    Nothing,
}

impl Drawn {
    /// Whether a point is as it should be.
    pub fn fits(self, point: f64) -> bool {
        match self {
            Drawn::Above(limit) => point > limit,
            Drawn::Below(limit) => point < limit,
            Drawn::Nothing => false,
        }
    }
}

/// Comes or not where the machine is busy and polls are a second apart, whatever the fault.
pub const WHERE_BUSY: &[&str] = &["PollOverrun"];

/// Alerts, by their names without the common beginning.
pub fn full(alert: &str) -> String {
    format!("Sectorwatch{alert}")
}
