//! Points at which tests kill, panic or block the service (feature `fault-injection`). In the default build
//! every function here is empty.
//!
//! `SECTORWATCH_FAULT` holds `point=action@n`, separated by `;`. When the point is reached for the n-th time,
//! the action is `kill` (SIGKILL), `panic`, `block:MILLISECONDS` of the thread, or `stop` of its arbiter as
//! soon as the task waits. The point `statement` is reached after each SQL statement. At `release.OWNER`,
//! `forget` keeps a session from being returned, and `lose` also removes it from the registry.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

use std::time::Duration;

#[cfg(feature = "fault-injection")]
mod armed {
    use std::{
        sync::{
            LazyLock,
            atomic::{AtomicU64, Ordering},
        },
        thread,
        time::Duration,
    };

    enum Action {
        Kill,
        Panic,
        Block(Duration),
        Stop,
        Forget,
        Lose,
    }

    struct Fault {
        point: String,
        action: Action,
        at: u64,
        reached: AtomicU64,
    }

    static FAULTS: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        let text = std::env::var("SECTORWATCH_FAULT").unwrap_or_default();
        text.split(';').filter_map(parse).collect()
    });

    fn parse(text: &str) -> Option<Fault> {
        let (point, action) = text.split_once('=')?;
        let (action, at) = action.split_once('@').unwrap_or((action, "1"));
        let action = match action.split_once(':') {
            Some(("block", ms)) => Action::Block(Duration::from_millis(ms.parse().ok()?)),
            None if action == "kill" => Action::Kill,
            None if action == "panic" => Action::Panic,
            None if action == "stop" => Action::Stop,
            None if action == "forget" => Action::Forget,
            None if action == "lose" => Action::Lose,
            _ => return None,
        };
        Some(Fault {
            point: point.to_owned(),
            action,
            at: at.parse().ok()?,
            reached: AtomicU64::new(0),
        })
    }

    /// The faults that are due at this point.
    fn due(name: &str) -> impl Iterator<Item = &'static Fault> {
        let here = FAULTS.iter().filter(move |fault| fault.point == name);
        here.filter(|fault| fault.reached.fetch_add(1, Ordering::SeqCst) + 1 == fault.at)
    }

    pub fn keeps(owner: &str) -> Option<super::Kept> {
        // Nothing is computed for a point that no test uses.
        if FAULTS.is_empty() {
            return None;
        }
        due(&format!("release.{owner}")).find_map(|fault| match fault.action {
            Action::Forget => Some(super::Kept::WithItsLease),
            Action::Lose => Some(super::Kept::WithoutLease),
            _ => None,
        })
    }

    pub fn point(name: &str) {
        for fault in due(name) {
            match fault.action {
                Action::Kill => {
                    let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGKILL);
                }
                Action::Panic => std::panic::panic_any(format!("injected at {name}")),
                Action::Block(time) => {
                    // A test waits for this line.
                    eprintln!("fault: blocked at {name}");
                    thread::sleep(time);
                }
                Action::Stop => {
                    let _ = actix_rt::Arbiter::try_current().map(|arbiter| arbiter.stop());
                }
                Action::Forget | Action::Lose => {}
            }
        }
    }
}

/// Runs the action of this point, if a test set one.
pub fn point(name: &str) {
    #[cfg(feature = "fault-injection")]
    armed::point(name);
    #[cfg(not(feature = "fault-injection"))]
    let _ = name;
}

/// How a session is kept from being returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Its lease stays open.
    WithItsLease,
    /// No lease accounts for it.
    WithoutLease,
}

/// How a test wants this owner's session to be kept: `release.OWNER=forget@n` or `…=lose@n`.
pub fn keeps(owner: &str) -> Option<Kept> {
    #[cfg(feature = "fault-injection")]
    return armed::keeps(owner);
    #[cfg(not(feature = "fault-injection"))]
    {
        let _ = owner;
        None
    }
}

/// The point `statement`.
pub fn statement_finished() {
    point("statement");
}

/// Replaces the supervisor's limit of 30 s, when a test set `SECTORWATCH_FAULT_STALL_MS`.
pub fn stall_limit() -> Option<Duration> {
    milliseconds("SECTORWATCH_FAULT_STALL_MS")
}

/// Replaces the time after which a cycle that hangs or stores nothing is reported, when a test set
/// `SECTORWATCH_FAULT_PATIENCE_MS`.
pub fn patience() -> Option<Duration> {
    milliseconds("SECTORWATCH_FAULT_PATIENCE_MS")
}

/// Replaces the most rows of an export, when a test set `SECTORWATCH_FAULT_EXPORT_ROWS`.
pub fn most_exported_rows() -> Option<u64> {
    number("SECTORWATCH_FAULT_EXPORT_ROWS")
}

/// Replaces the 30 s for which a client may take no byte, when a test set
/// `SECTORWATCH_FAULT_WRITE_TIMEOUT_MS`.
pub fn write_timeout() -> Option<Duration> {
    milliseconds("SECTORWATCH_FAULT_WRITE_TIMEOUT_MS")
}

/// Replaces retention's hour, when a test set `SECTORWATCH_FAULT_RETENTION_MS`.
pub fn retention_period() -> Option<Duration> {
    milliseconds("SECTORWATCH_FAULT_RETENTION_MS")
}

/// Replaces the minute in which lost data may come back, when a test set `SECTORWATCH_FAULT_LOST_MS`.
pub fn lost_limit() -> Option<Duration> {
    milliseconds("SECTORWATCH_FAULT_LOST_MS")
}

/// Replaces the quarter of a second for which a rendering is shared, when a test set
/// `SECTORWATCH_FAULT_RENDERED_MS`.
pub fn rendered_for() -> Option<Duration> {
    milliseconds("SECTORWATCH_FAULT_RENDERED_MS")
}

fn milliseconds(name: &str) -> Option<Duration> {
    number(name).map(Duration::from_millis)
}

fn number(name: &str) -> Option<u64> {
    let armed = cfg!(feature = "fault-injection").then(|| std::env::var(name).ok()).flatten()?;
    armed.parse().ok()
}
