//! Bulk writes in diesel's DSL: `insert … select unnest($1), unnest($2), …`.
//!
//! One statement for any number of rows, checked at compile time, without a bind for each value. PostgreSQL
//! pads arrays of unequal length with NULL; all arrays here come from one slice.

use diesel::sql_types::{Array, SingleValue, SqlType, Timestamptz};

diesel::define_sql_function! {
    /// One row for each element.
    #[sql_name = "unnest"]
    fn unnest<T: SqlType + SingleValue>(x: Array<T>) -> T;
}

diesel::define_sql_function! {
    /// The later of two times.
    #[sql_name = "greatest"]
    fn later(a: Timestamptz, b: Timestamptz) -> Timestamptz;
}

/// The maximum of rows in a statement. A row has at most 16 KiB of text, and a message at most 1 GiB.
pub const ROWS_PER_STATEMENT: usize = 10_000;

/// An insert with a row for each element. Each column is written beside its value, so that two columns of one
/// type cannot be swapped by mistake. A column of another table or a value of another type does not compile.
///
/// ```text
/// bulk!(p: (id, seen) in rows => {
///     flight_id: *id,
///     observed_at: seen.observed_at,
/// }).on_conflict_do_nothing()
/// ```
macro_rules! bulk {
    ($table:ident: $row:tt in $rows:expr => { $($column:ident: $value:expr,)+ }) => {{
        let rows = $rows;
        diesel::insert_into($table::table)
            .values(diesel::select(($($crate::unnest::unnest::<
                <$table::$column as diesel::Expression>::SqlType,
                _,
            >($crate::unnest::column(rows, |$row| {
                // A value may be the same for every row.
                let _ = $row;
                $value
            })),)+)))
            .into_columns(($($table::$column,)+))
    }};
}
pub(crate) use bulk;

/// One array: the same field of every row.
pub fn column<'r, R, T>(rows: &'r [R], field: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(field).collect()
}
