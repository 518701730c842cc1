//! The reason for lost data.

use std::time::Duration;

use super::{Reason, Status};
use crate::status::Live;

/// Lost data may come back within this time, for example when a disk is mounted late.
const MAY_COME_BACK_WITHIN: Duration = Duration::from_mins(1);

/// The time after which lost data counts as lost for good, and the service ends.
pub fn lost_for_good_after() -> Duration {
    sectorwatch_fault::lost_limit().unwrap_or(MAY_COME_BACK_WITHIN)
}

/// The embedded server's cluster vanished or is another one. Nothing is stored, because an empty cluster in
/// its place would look like a working service.
pub fn lost(live: &Live) -> Option<Reason> {
    live.data_lost.map(|since| Reason {
        code: "data_lost",
        message: format!(
            "The cluster of the embedded PostgreSQL is gone, or is another one. The service ends \
             after {} s unless it comes back; the log says what is missing.",
            MAY_COME_BACK_WITHIN.as_secs()
        ),
        since,
        alert: Some("SectorwatchNotReady"),
        severity: Status::Critical,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_names_the_time_after_which_the_service_ends() {
        let live = Live { data_lost: Some(chrono::DateTime::UNIX_EPOCH), ..Live::default() };
        let message = lost(&live).expect("a reason").message;
        assert!(message.contains("ends after 60 s unless"), "{message}");
        assert_eq!(lost_for_good_after(), Duration::from_secs(60));
    }
}
