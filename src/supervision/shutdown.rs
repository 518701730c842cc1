//! In which time the service has to end, what of it each step may take, and what counts as a good end.

use std::time::Duration;

/// Whoever stops the service waits for no longer than this, and then kills it.
const WHOLE: Duration = Duration::from_secs(22);
/// For the end of the embedded server's backends, when it did not stop by itself.
const LAST_RESORT: Duration = Duration::from_secs(6);
/// However late it is.
const LEAST_FOR_EMBEDDED_SERVER: Duration = Duration::from_secs(1);

/// The cycle and the step of housekeeping in flight end within this, or are left behind: the longest
/// statement is bounded by the server.
pub const LAST_CYCLE: Duration = Duration::from_secs(15);
/// Requests for the history, and the probe, end within this or are left behind.
pub const LAST_LEASES: Duration = Duration::from_secs(2);
/// After the last statement of a command nothing holds a lease for longer.
pub const LAST_LEASES_OF_A_COMMAND: Duration = Duration::from_secs(1);
/// What still runs on the `db` runtime ends within this.
pub const LAST_SESSIONS: Duration = Duration::from_secs(2);
/// A start that was told to end does so within this; what does not is left to the end of the process.
pub const LAST_START: Duration = Duration::from_secs(18);
/// For a server that was just ready, which has nothing to save.
pub const EMPTY_SERVER: Duration = Duration::from_secs(1);

/// What is left for the embedded server, so long after the signal that ends the service.
pub fn for_embedded_server(since_signal: Duration) -> Duration {
    let left = WHOLE.saturating_sub(since_signal).saturating_sub(LAST_RESORT);
    left.max(LEAST_FOR_EMBEDDED_SERVER)
}

/// Why the service ended badly: it exits with 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEnd {
    /// The data of the embedded server did not come back.
    #[error("{0}")]
    DataLost(String),
    /// Something held a connection to the end.
    #[error("{0} leases were still open at exit")]
    OpenLeases(usize),
}

/// Judges an end: what was said of data that is lost, and how many leases were open. Lost data is the
/// cause of what else goes wrong.
///
/// # Errors
/// When it was a bad end.
pub fn judge(lost: Option<String>, open_leases: usize) -> Result<(), BadEnd> {
    match (lost, open_leases) {
        (Some(said), _) => Err(BadEnd::DataLost(said)),
        (None, 0) => Ok(()),
        (None, leases) => Err(BadEnd::OpenLeases(leases)),
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
    fn a_start_that_is_cut_fits_the_whole_with_the_server_that_was_just_ready() {
        assert!(LAST_START + EMPTY_SERVER < WHOLE);
        assert!(LAST_CYCLE + LAST_LEASES + LAST_SESSIONS < WHOLE);
    }

    #[test]
    fn lost_data_and_open_leases_are_bad_ends() {
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
