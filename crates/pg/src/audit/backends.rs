//! The server's own list of our sessions.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Bool, Double, Integer, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::{connection::Connection, error::PgError};

/// Takes 1.8 ms on an idle server. Rows of another role have no state. The name is compared as a prefix and
/// not with `like`, for which `_` is a wildcard.
const BACKENDS: &str = "\
    select activity.pid, application_name, state, backend_start, xact_start, state_change, \
        extract(epoch from clock_timestamp() - backend_start)::float8 as age_seconds, \
        extract(epoch from clock_timestamp() - xact_start)::float8 as transaction_seconds, \
        activity.pid = pg_backend_pid() as is_auditor, \
        locks.pid is not null as holds_advisory_lock \
    from pg_stat_activity activity \
    left join (select distinct pid from pg_locks where locktype = 'advisory' and granted) locks \
        on locks.pid = activity.pid \
    where datname = current_database() and starts_with(application_name, $1) \
        and coalesce(backend_type, 'client backend') = 'client backend'";

/// A session in the server's list.
#[derive(Debug, Clone, PartialEq, diesel::QueryableByName)]
pub struct Backend {
    /// The process id.
    #[diesel(sql_type = Integer)]
    pub pid: i32,
    /// The application name, `<service>:<instance>:<boot id>`.
    #[diesel(sql_type = Text)]
    pub application_name: String,
    /// The state; absent for sessions of another role.
    #[diesel(sql_type = Nullable<Text>)]
    pub state: Option<String>,
    /// Distinguishes sessions that had the same process id.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub backend_start: Option<DateTime<Utc>>,
    /// The time since its start, by the server's clock; absent for sessions of another role.
    #[diesel(sql_type = Nullable<Double>)]
    pub age_seconds: Option<f64>,
    /// When its transaction began.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub xact_start: Option<DateTime<Utc>>,
    /// When it last became busy or idle.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub state_change: Option<DateTime<Utc>>,
    /// Age of its transaction, by the server's clock.
    #[diesel(sql_type = Nullable<Double>)]
    pub transaction_seconds: Option<f64>,
    /// Whether it is the session of the audit.
    #[diesel(sql_type = Bool)]
    pub is_auditor: bool,
    /// Whether it holds an advisory lock.
    #[diesel(sql_type = Bool)]
    pub holds_advisory_lock: bool,
}

/// Returns all sessions whose application name begins with `name`.
///
/// # Errors
/// Any database error.
pub async fn backends(connection: &mut Connection, name: &str) -> Result<Vec<Backend>, PgError> {
    let query = diesel::sql_query(BACKENDS).bind::<Text, _>(name.to_owned());
    connection.run(async |pg| query.load(pg).await).await
}
