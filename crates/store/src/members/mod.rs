//! Members who asked to be forgotten, of whom nothing is stored any more.
//!
//! `collector_state.forget_revision` grows with each change of their list. [`Store::restore`] reads the list,
//! and every statement that writes data of members writes only at the revision that was read. No row comes
//! back, whenever a member is forgotten during a cycle.

mod erase;
mod key;

use std::{collections::BTreeSet, sync::Arc};

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Binary, Nullable},
};
use diesel_async::RunQueryDsl;

use self::key::Key;
pub use self::{
    erase::Erased,
    key::{KeyError, KeyLocation},
};
use super::{Store, error::StoreError, owner::Owner, schema::collector_state};
use sectorwatch_pg::Connection;

/// The forgotten members, as last read from the tables.
#[derive(Clone, Default)]
pub struct Forgotten {
    revision: i64,
    /// `None` while nobody is forgotten.
    key: Option<Key>,
    digests: BTreeSet<Vec<u8>>,
}

impl Forgotten {
    /// The revision of the list.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Whether this member is forgotten.
    pub fn holds(&self, cid: i32) -> bool {
        self.key.as_ref().is_some_and(|key| self.digests.contains(&key.digest_of(cid)))
    }
}

impl Store {
    /// The forgotten members as of the newest [`Store::restore`].
    pub fn forgotten(&self) -> Arc<Forgotten> {
        self.0.forgotten.load_full()
    }

    /// Whether the list is still that of [`Store::forgotten`].
    ///
    /// # Errors
    /// Any database error.
    pub async fn is_forgotten_known(&self) -> Result<bool, StoreError> {
        let scope = self.ingest().scope(Owner::Restore);
        let mut lease = scope.acquire().await?;
        let revision: i64 = lease
            .run(async |pg| {
                collector_state::table.select(collector_state::forget_revision).first(pg).await
            })
            .await?;
        Ok(revision == self.forget_revision())
    }

    /// Checks in a separate session that the key of the list is available, before a pool is used.
    ///
    /// # Errors
    /// [`StoreError::ForgetKey`], or any database error.
    pub async fn require_key(&self) -> Result<(), StoreError> {
        let mut session = self.open_session(Owner::Writer).await?;
        read(&mut session, self.keys()).await.map(drop)
    }

    /// The revision at which a statement may write.
    pub(super) fn forget_revision(&self) -> i64 {
        self.forgotten().revision
    }

    pub(super) fn learn_forgotten(&self, forgotten: Forgotten) {
        self.0.forgotten.store(Arc::new(forgotten));
    }

    pub(super) fn keys(&self) -> &KeyLocation {
        &self.0.keys
    }
}

#[derive(diesel::QueryableByName)]
struct Listed {
    #[diesel(sql_type = BigInt)]
    revision: i64,
    #[diesel(sql_type = Nullable<Binary>)]
    key_check: Option<Vec<u8>>,
    #[diesel(sql_type = Array<Binary>)]
    digests: Vec<Vec<u8>>,
}

/// Reads the list, and finds its key.
pub(super) async fn read(
    connection: &mut Connection,
    keys: &KeyLocation,
) -> Result<Forgotten, StoreError> {
    let listed: Listed = connection
        .run(async |pg| {
            diesel::sql_query(
                "select forget_revision as revision, forget_key_check as key_check, \
                     array(select digest from forgotten_members) as digests from collector_state",
            )
            .get_result(pg)
            .await
        })
        .await?;
    let Listed { revision, key_check, digests } = listed;
    if digests.is_empty() {
        return Ok(Forgotten { revision, ..Forgotten::default() });
    }
    let key = keys.find()?.ok_or_else(|| keys.missing())?;
    if key_check != Some(key.check()) {
        return Err(keys.wrong().into());
    }
    Ok(Forgotten { revision, key: Some(key), digests: digests.into_iter().collect() })
}

/// Why a statement that needs the newest generation and the current list wrote nothing.
pub(super) async fn refusal(connection: &mut Connection, generation: i64) -> StoreError {
    let current = connection
        .run(async |pg| {
            collector_state::table.select(collector_state::generation).first::<i64>(pg).await
        })
        .await;
    match current {
        Ok(current) if current == generation => StoreError::MemberForgotten,
        Ok(_) => StoreError::Superseded,
        Err(error) => error.into(),
    }
}
