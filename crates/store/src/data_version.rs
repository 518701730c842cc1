//! `collector_state.data_version`, which is part of the ETags of closed spans: it is raised with whatever changes what
//! is before the last closed midnight.

use chrono::TimeDelta;
use diesel_async::RunQueryDsl;
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, PgError};

use crate::api::last_closed_midnight;

/// The next version. It is never one that was used before a restore of older data, because it is also a time, in
/// microseconds.
macro_rules! next_version {
    () => {
        "greatest(data_version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)"
    };
}
pub(crate) use next_version;

/// Sets another version, in an `update` of `collector_state`.
pub const SET_NEXT: &str = concat!("data_version = ", next_version!());

/// Where the data is: the server, its timeline and the table. A restore makes it another place.
pub const HOME: &str = "(select concat_ws('/', system_identifier, timeline_id, \
    'collector_state'::regclass::oid) from pg_control_system(), pg_control_checkpoint())";

/// The longest time by which a logon may be ahead of the snapshot in which it is first seen.
const LOGON_AHEAD: TimeDelta = TimeDelta::hours(1);

/// Whether a snapshot of this time that names somebody who logged on then may change a closed span: what was first
/// seen before the last closed midnight was logged on by then.
pub fn is_late(logon_time: Time, snapshot: Time) -> bool {
    last_closed_midnight(snapshot).is_some_and(|midnight| logon_time < midnight + LOGON_AHEAD)
}

/// Raises the version. The row stays locked until the transaction ends.
///
/// # Errors
/// Any database error.
pub async fn raise(connection: &mut Connection) -> Result<(), PgError> {
    let raise =
        diesel::sql_query(concat!("update collector_state set data_version = ", next_version!()));
    connection.run(async |pg| raise.execute(pg).await).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_logged_on_after_the_last_closed_midnight_changes_nothing_that_is_closed() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let snapshot = at("2026-11-29T12:00:00Z");
        assert!(is_late(at("2026-11-28T00:59:59Z"), snapshot));
        assert!(!is_late(at("2026-11-28T01:00:00Z"), snapshot));
        assert!(!is_late(snapshot, snapshot));
    }
}
