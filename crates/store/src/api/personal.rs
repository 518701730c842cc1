//! Values that only a caller with the scope `personal` sees.

use diesel::{
    deserialize::{self, FromSql},
    pg::{Pg, PgValue},
    sql_types::{Nullable, SqlType, is_nullable},
};
use serde::{Serialize, Serializer};

/// A personal value: absent for whom it is not for, else the stored value or null.
///
/// Statements select null where it is absent, so that the value does not leave the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Personal<T>(Option<Option<T>>);

impl<T> Personal<T> {
    /// The value for those whom it is not for.
    pub const fn absent() -> Self {
        Self(None)
    }

    /// Whether the member is left out.
    pub const fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    /// The value: `None` when absent, `Some(None)` for null.
    pub const fn get(&self) -> Option<Option<&T>> {
        match &self.0 {
            Some(value) => Some(value.as_ref()),
            None => None,
        }
    }
}

impl<T> From<Option<T>> for Personal<T> {
    fn from(value: Option<T>) -> Self {
        Self(Some(value))
    }
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().and_then(Option::as_ref).serialize(serializer)
    }
}

impl<T, ST> FromSql<Nullable<ST>, Pg> for Personal<T>
where
    T: FromSql<ST, Pg>,
    ST: SqlType<IsNull = is_nullable::NotNull>,
{
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Some(T::from_sql(bytes)?).into())
    }

    fn from_nullable_sql(bytes: Option<PgValue<'_>>) -> deserialize::Result<Self> {
        Ok(bytes.map(T::from_sql).transpose()?.into())
    }
}
