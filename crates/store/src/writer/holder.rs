//! Finds the holder of one of our locks in the server's list.

use std::fmt;

use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use diesel_async::RunQueryDsl;

use crate::error::StoreError;
use sectorwatch_pg::Connection;

/// The advisory lock of the writer: `sectorwa` in ASCII, as a bigint.
pub const WRITER: i64 = i64::from_be_bytes(*b"sectorwa");
/// Held while migrating, so that two processes do not migrate at once: `sectormg`.
pub const MIGRATION: i64 = i64::from_be_bytes(*b"sectormg");

/// The beginning of every session's application name.
const NAME: &str = "sectorwatch";

/// The number of a lock is split into two columns. What the holder wrote about itself is read separately,
/// because a new database has no table for it.
const HOLDER: &str = "\
    with held as (select pid, (classid::bigint << 32) | objid::bigint as lock from pg_locks \
        where locktype = 'advisory' and granted and objsubid = 1 and database = \
            (select oid from pg_database where datname = current_database())) \
    select held.pid, usename::text as role, coalesce(application_name, '') as application_name, \
        coalesce(usename = current_user, true) as has_our_role, \
        exists (select from held other where other.pid = held.pid and other.lock = $2) as writes, \
        exists (select from held other where other.pid = held.pid and other.lock = $3) as migrates, \
        to_regclass('collector_state') is not null as has_state \
    from held left join pg_stat_activity activity on activity.pid = held.pid where held.lock = $1";

/// What the newest writer wrote about itself.
const WRITTEN: &str = "\
    select format('instance %s (boot %s), since %s', writer ->> 'instance', writer ->> 'boot_id', \
        to_char((writer ->> 'since')::timestamptz at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS UTC')) \
        as written, coalesce(writer ->> 'boot_id', '') as boot_id \
    from collector_state where writer is not null";

/// The session that holds a lock.
#[derive(Debug)]
pub struct Holder {
    /// The process id of its backend.
    pub pid: i32,
    /// The role; `None` when the session has ended.
    pub role: Option<String>,
    /// The application name: `sectorwatch:<instance>:<boot id>` for a sectorwatch.
    pub application_name: String,
    /// Whether it has our role, as far as that is known.
    pub has_our_role: bool,
    /// Whether it holds the writer's lock.
    pub writes: bool,
    /// Whether it holds the migration lock.
    pub migrates: bool,
    /// What it wrote about itself into `collector_state`, if it is the newest writer.
    pub written: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    pid: i32,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Text)]
    application_name: String,
    #[diesel(sql_type = Bool)]
    has_our_role: bool,
    #[diesel(sql_type = Bool)]
    writes: bool,
    #[diesel(sql_type = Bool)]
    migrates: bool,
    #[diesel(sql_type = Bool)]
    has_state: bool,
}

#[derive(diesel::QueryableByName)]
struct Written {
    #[diesel(sql_type = Text)]
    written: String,
    #[diesel(sql_type = Text)]
    boot_id: String,
}

/// Returns the holder of this lock; `None` when it is free by now.
///
/// # Errors
/// Any database error.
pub async fn holder(session: &mut Connection, lock: i64) -> Result<Option<Holder>, StoreError> {
    let query = diesel::sql_query(HOLDER)
        .bind::<BigInt, _>(lock)
        .bind::<BigInt, _>(WRITER)
        .bind::<BigInt, _>(MIGRATION);
    let found: Vec<Row> = session.run(async |pg| query.load(pg).await).await?;
    let Some(row) = found.into_iter().next() else { return Ok(None) };
    let mut written = Vec::new();
    if row.has_state {
        let query = diesel::sql_query(WRITTEN);
        written = session.run(async |pg| query.load::<Written>(pg).await).await?;
    }
    let Row { pid, role, application_name, has_our_role, writes, migrates, .. } = row;
    let is_its = |it: &Written| application_name.ends_with(&format!(":{}", it.boot_id));
    let written = written.into_iter().find(is_its).map(|it| it.written);
    Ok(Some(Holder { pid, role, application_name, has_our_role, writes, migrates, written }))
}

impl Holder {
    /// Whether it is no sectorwatch of this role. A session that has ended is not foreign.
    pub fn is_foreign(&self) -> bool {
        let is_one_of_us = self.has_our_role && self.application_name.contains(NAME);
        self.role.is_some() && !is_one_of_us
    }

    /// The names of its locks.
    pub fn holds(&self) -> &'static str {
        match (self.writes, self.migrates) {
            (true, true) => "the locks of the writer and of migrations",
            (_, true) => "the lock of migrations",
            _ => "the writer's lock",
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, role, application_name, written, .. } = self;
        match (written, role) {
            (Some(written), _) => f.write_str(written),
            (None, Some(role)) => {
                write!(f, "backend {pid} of role {role}, named {application_name:?}")
            }
            (None, None) => write!(f, "backend {pid}, which is gone by now"),
        }
    }
}
