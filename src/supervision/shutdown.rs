//! The time in which the service must end, the part of it for each step, and what counts as a clean end.

use std::time::Duration;

/// The time after which an operator or orchestrator kills a stopping service.
const WHOLE: Duration = Duration::from_secs(22);
/// The time for ending the embedded server's backends if it does not stop by itself.
const LAST_RESORT: Duration = Duration::from_secs(6);
/// The minimum for the embedded server, however late it is.
const LEAST_FOR_EMBEDDED_SERVER: Duration = Duration::from_secs(1);

/// The running cycle and the running step of housekeeping end within this time or are abandoned. The server
/// bounds their longest statement.
pub const LAST_CYCLE: Duration = Duration::from_secs(15);
/// Requests for the history and the probe end within this time or are abandoned.
pub const LAST_LEASES: Duration = Duration::from_secs(2);
/// The longest time for which a lease is held after the last statement of a command.
pub const LAST_LEASES_OF_A_COMMAND: Duration = Duration::from_secs(1);
/// Tasks on the `db` runtime end within this time or are abandoned.
pub const LAST_SESSIONS: Duration = Duration::from_secs(2);
/// A start that is interrupted ends within this time, or else with the process.
pub const LAST_START: Duration = Duration::from_secs(18);
/// The time for stopping an embedded server that was just started and has nothing to save.
pub const EMPTY_SERVER: Duration = Duration::from_secs(1);

/// The time that is left for stopping the embedded server, this long after the signal that ends the service.
pub fn for_embedded_server(since_signal: Duration) -> Duration {
    let left = WHOLE.saturating_sub(since_signal).saturating_sub(LAST_RESORT);
    left.max(LEAST_FOR_EMBEDDED_SERVER)
}

/// Why the end was not clean. The exit code is 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unclean {
    /// The data of the embedded server is lost.
    #[error("{0}")]
    DataLost(String),
    /// Connections were not given back.
    #[error("{0} leases were still open at exit")]
    OpenLeases(usize),
}

/// Whether the end was clean: no data was lost (`lost` is the message about it) and no lease was open. Lost data
/// goes first, because it also causes open leases.
///
/// # Errors
/// The end was not clean.
pub fn judge(lost: Option<String>, open_leases: usize) -> Result<(), Unclean> {
    match (lost, open_leases) {
        (Some(said), _) => Err(Unclean::DataLost(said)),
        (None, 0) => Ok(()),
        (None, leases) => Err(Unclean::OpenLeases(leases)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_server_gets_what_is_left_and_never_nothing() {
        for (since_signal, expected) in
            [(0, 16_000), (500, 15_500), (14_999, 1_001), (15_000, 1_000), (90_000, 1_000)]
        {
            let left = for_embedded_server(Duration::from_millis(since_signal));
            assert_eq!(left.as_millis(), expected, "{since_signal} ms after the signal");
        }
    }

    #[test]
    fn an_interrupted_start_leaves_time_for_stopping_the_new_server() {
        assert!(LAST_START + EMPTY_SERVER < WHOLE);
        assert!(LAST_CYCLE + LAST_LEASES + LAST_SESSIONS < WHOLE);
    }

    #[test]
    fn lost_data_and_open_leases_are_no_clean_end() {
        for (lost, leases, expected) in [
            (None, 0, None),
            (None, 2, Some("2 leases were still open at exit")),
            (Some("gone"), 0, Some("gone")),
            (Some("gone"), 2, Some("gone")),
        ] {
            let judged = judge(lost.map(str::to_owned), leases).err().map(|end| end.to_string());
            assert_eq!(judged.as_deref(), expected, "{lost:?} {leases}");
        }
    }
}
