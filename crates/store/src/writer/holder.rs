//! Who holds one of our locks, by the server's own list.

use std::fmt;

use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use diesel_async::RunQueryDsl;

use crate::error::StoreError;
use sectorwatch_pg::Connection;

/// The advisory lock of the writer: `sectorwa` in ASCII, as a bigint.
pub const WRITER: i64 = i64::from_be_bytes(*b"sectorwa");
/// Held while migrating, so that two processes do not migrate at once: `sectormg`.
pub const MIGRATION: i64 = i64::from_be_bytes(*b"sectormg");

/// What every session of the service is called by.
const NAME: &str = "sectorwatch";

/// Halves of a lock's number stand in two columns. What somebody wrote of himself is read elsewhere:
/// a fresh database has no table for it.
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

/// What the newest writer wrote of itself.
const WRITTEN: &str = "\
    select format('instance %s (boot %s), since %s', writer ->> 'instance', writer ->> 'boot_id', \
        to_char((writer ->> 'since')::timestamptz at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS UTC')) \
        as written, coalesce(writer ->> 'boot_id', '') as boot_id \
    from collector_state where writer is not null";

/// The session that holds a lock.
#[derive(Debug)]
pub struct Holder {
    /// Process id of its backend.
    pub pid: i32,
    /// `None` when it is gone by now.
    pub role: Option<String>,
    /// What it calls itself: `sectorwatch:<instance>:<boot id>` when it is one of us.
    pub application_name: String,
    /// It connected as we do, as far as that is known.
    pub has_our_role: bool,
    /// It holds the writer's lock.
    pub writes: bool,
    /// It holds the lock of migrations.
    pub migrates: bool,
    /// What it wrote of itself into `collector_state`, where it is the newest writer.
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

/// Who holds this lock; `None` when nobody does any more.
///
/// # Errors
/// Any failure of the database.
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
    /// Whether it is no sectorwatch of ours. One that is gone by now is nobody.
    pub fn is_stranger(&self) -> bool {
        let is_one_of_us = self.has_our_role && self.application_name.contains(NAME);
        self.role.is_some() && !is_one_of_us
    }

    /// Its locks by their names.
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
