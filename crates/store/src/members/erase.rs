//! Deletes all rows of a member in one transaction.

use diesel::{
    migration::{Migration as _, MigrationSource},
    sql_types::{Array, BigInt, Binary, Integer, Text},
};
use diesel_async::RunQueryDsl;

use crate::{MIGRATIONS, Store, data_version::SET_NEXT, error::StoreError, owner::Owner};
use sectorwatch_pg::{Connection, PgError, transaction};

/// The rows of one table that belong to the member with id `$1`.
struct Traces {
    table: &'static str,
    rows: &'static str,
}

/// What others did with a controller stays, without saying who it was.
const UNNAME: &str = "controller_id = null, controller_callsign = null";

macro_rules! of_flights {
    () => {
        "flight_id in (select id from flights where cid = $1)"
    };
}

macro_rules! of_controllers {
    () => {
        "controller_id in (select id from controllers where cid = $1)"
    };
}

macro_rules! callsigns {
    () => {
        "(select upper(callsign collate \"C\") from flights where cid = $1 union \
          select upper(callsign collate \"C\") from controllers where cid = $1)"
    };
}

/// Rows that are found through other rows come first. A record without a readable member belongs to the
/// member if it has the member's callsign or contains the id.
const TRACES: [Traces; 9] = [
    Traces {
        table: "rejected_records",
        rows: concat!(
            "cid = $1 or (cid is null and (upper(callsign collate \"C\") in ",
            callsigns!(),
            " or raw ~ ('\"cid\"\\s*:\\s*\"?\\s*0*' || $1 || '\\M')))"
        ),
    },
    Traces {
        table: "transceivers",
        rows: concat!("upper(callsign collate \"C\") in ", callsigns!()),
    },
    Traces { table: "pending_transitions", rows: of_flights!() },
    Traces { table: "airport_movements", rows: of_flights!() },
    Traces { table: "flight_radio_intervals", rows: of_flights!() },
    Traces { table: "flight_sector_occupancy", rows: of_flights!() },
    Traces { table: "flight_positions", rows: of_flights!() },
    Traces { table: "flights", rows: "cid = $1" },
    Traces { table: "controllers", rows: "cid = $1" },
];

/// Rows of others that name the member as their controller. They are found through `controllers`.
const MENTIONS: [Traces; 2] = [
    Traces {
        table: "flight_radio_intervals",
        rows: concat!(of_controllers!(), " and not ", of_flights!()),
    },
    Traces { table: "sector_control", rows: of_controllers!() },
];

/// The result of forgetting a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The number of rows by table.
    pub rows: Vec<(&'static str, u64)>,
    /// The number of rows by table that stay, and no longer name the member.
    pub unnamed: Vec<(&'static str, u64)>,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Store {
    /// Counts the rows of a member, and those of others that name the member as their controller.
    ///
    /// # Errors
    /// [`StoreError::OtherSchema`] when the tables are not those of this version, and any database error.
    pub async fn traces(&self, cid: i32) -> Result<Erased, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        require_schema(&mut lease).await?;
        transaction(&mut lease, async |connection| {
            take_time(connection).await?;
            let rows = count(connection, &TRACES, cid).await?;
            let unnamed = count(connection, &MENTIONS, cid).await?;
            Ok(Erased { rows, unnamed })
        })
        .await
    }

    /// Deletes all rows of a member, removes the member as the controller of others, and adds the member to the
    /// list. A writer that has not read the new list
    /// cannot write.
    ///
    /// # Errors
    /// The errors of [`Store::traces`], and [`StoreError::ForgetKey`].
    pub async fn forget(&self, cid: i32) -> Result<Erased, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        require_schema(&mut lease).await?;
        // After the schema was checked, so that a key is created only when it is needed.
        let key = self.keys().find_or_make()?;
        transaction(&mut lease, async |connection| {
            self.raise_revision(connection, &key.check()).await?;
            take_time(connection).await?;
            let (mut unnamed, mut rows) = (Vec::new(), Vec::new());
            for Traces { table, rows: theirs } in &MENTIONS {
                let unname = format!("update {table} set {UNNAME} where {theirs}");
                unnamed.push((*table, change(connection, unname, cid).await?));
            }
            for Traces { table, rows: theirs } in &TRACES {
                let delete = format!("delete from {table} where {theirs}");
                rows.push((*table, change(connection, delete, cid).await?));
            }
            let note = "insert into forgotten_members (digest) values ($1) on conflict do nothing";
            let note = diesel::sql_query(note).bind::<Binary, _>(key.digest_of(cid));
            connection.run(async |pg| note.execute(pg).await).await?;
            sectorwatch_fault::point("forget.inside");
            Ok(Erased { rows, unnamed })
        })
        .await
    }

    /// Whether a member is forgotten.
    ///
    /// # Errors
    /// The errors of [`Store::forget`].
    pub async fn is_forgotten(&self, cid: i32) -> Result<bool, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        require_schema(&mut lease).await?;
        Ok(super::read(&mut lease, self.keys()).await?.holds(cid))
    }

    /// Removes a member from the list. Returns false when the member was not on it.
    ///
    /// # Errors
    /// The errors of [`Store::forget`].
    pub async fn allow_again(&self, cid: i32) -> Result<bool, StoreError> {
        if !self.is_forgotten(cid).await? {
            return Ok(false);
        }
        let key = self.keys().find()?.ok_or_else(|| self.keys().missing())?;
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        let allowed = transaction(&mut lease, async |connection| {
            self.raise_revision(connection, &key.check()).await?;
            let delete = diesel::sql_query("delete from forgotten_members where digest = $1")
                .bind::<Binary, _>(key.digest_of(cid));
            Ok::<_, StoreError>(connection.run(async |pg| delete.execute(pg).await).await?)
        })
        .await?;
        Ok(allowed > 0)
    }

    /// Raises the revision, so that writers must read the new list first, and the version of the data.
    async fn raise_revision(
        &self,
        connection: &mut Connection,
        key_check: &[u8],
    ) -> Result<(), StoreError> {
        // Waits for other changes of the list before it is read.
        let lock = diesel::sql_query("select from collector_state for update");
        connection.run(async |pg| lock.execute(pg).await).await?;
        let raise = diesel::sql_query(format!(
            "update collector_state \
             set forget_revision = forget_revision + 1, forget_key_check = $1, {SET_NEXT} \
             where forget_key_check = $1 or not exists (select from forgotten_members)"
        ))
        .bind::<Binary, _>(key_check);
        match connection.run(async |pg| raise.execute(pg).await).await? {
            0 => Err(self.keys().wrong().into()),
            _ => Ok(()),
        }
    }
}

async fn count(
    connection: &mut Connection,
    traces: &[Traces],
    cid: i32,
) -> Result<Vec<(&'static str, u64)>, StoreError> {
    let mut rows = Vec::new();
    for Traces { table, rows: theirs } in traces {
        let count = format!("select count(*) as count from {table} where {theirs}");
        let query = diesel::sql_query(count).bind::<Integer, _>(cid);
        let found: Count = connection.run(async |pg| query.get_result(pg).await).await?;
        rows.push((*table, u64::try_from(found.count).unwrap_or_default()));
    }
    Ok(rows)
}

/// Runs a statement about the member, and returns how many rows it changed.
async fn change(connection: &mut Connection, sql: String, cid: i32) -> Result<u64, StoreError> {
    let query = diesel::sql_query(sql).bind::<Integer, _>(cid);
    Ok(connection.run(async |pg| query.execute(pg).await).await? as u64)
}

/// Searching the rejected records takes longer.
async fn take_time(connection: &mut Connection) -> Result<(), StoreError> {
    Ok(connection.allow(std::time::Duration::from_mins(5)).await?)
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = Array<Text>)]
    versions: Vec<String>,
}

/// Refuses a schema of another version, in which unknown tables could hold data of a member.
async fn require_schema(connection: &mut Connection) -> Result<(), StoreError> {
    let mut ours: Vec<String> = MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS)
        .map_err(|error| StoreError::Migrate(error.to_string()))?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = connection
        .run(async |pg| {
            diesel::sql_query(
                "select array(select version::text from __diesel_schema_migrations order by 1) as versions",
            )
            .get_result::<Applied>(pg)
            .await
        })
        .await;
    let is_empty = |error: &PgError| matches!(error, PgError::Query { sqlstate: Some(state), .. } if state.as_str() == "42P01");
    let mut applied = match applied {
        Ok(applied) => applied.versions,
        Err(error) if is_empty(&error) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    ours.sort();
    applied.sort();
    if ours == applied { Ok(()) } else { Err(StoreError::OtherSchema) }
}
