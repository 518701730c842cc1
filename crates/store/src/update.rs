//! `UPDATE … FROM (SELECT unnest($1), …)`: updates a row for each element, found by its key.
//!
//! diesel has no such statement. An insert that always conflicts has the same effect, but locks each row
//! before it updates it, and would create erased rows again. As in diesel's statements, a column of another
//! table or values of another type do not compile.

use diesel::{
    QueryResult, QuerySource,
    expression::AsExpression,
    pg::Pg,
    prelude::{AsChangeset, Column},
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Array, SingleValue, SqlType},
};

/// The values of a column, one for each row.
pub struct Each<'v, T> {
    pub(crate) column: &'static str,
    pub(crate) values: Box<dyn QueryFragment<Pg> + Send + 'v>,
    table: T,
}

/// Pairs a column with its values.
pub fn each<'v, C, V>(column: C, values: Vec<V>) -> Each<'v, C::Table>
where
    C: Column<Table: Default>,
    C::SqlType: SqlType + SingleValue,
    Vec<V>: AsExpression<Array<C::SqlType>, Expression: QueryFragment<Pg> + Send + 'v>,
{
    let _ = column;
    Each { column: C::NAME, values: Box::new(values.as_expression()), table: C::Table::default() }
}

/// The statement.
pub struct UpdateEach<'v, T: QuerySource, const N: usize> {
    table: T::FromClause,
    key: Each<'v, T>,
    set: [Each<'v, T>; N],
    /// Columns that are set to the same expression in every row.
    also: Option<Box<dyn QueryFragment<Pg> + Send + 'v>>,
}

/// Sets columns of the rows with these keys.
pub fn update_each<'v, T: QuerySource, const N: usize>(
    key: Each<'v, T>,
    set: [Each<'v, T>; N],
) -> UpdateEach<'v, T, N> {
    UpdateEach { table: key.table.from_clause(), key, set, also: None }
}

impl<'v, T: QuerySource, const N: usize> UpdateEach<'v, T, N> {
    /// Also sets a column of every row to an expression of the row's columns.
    pub fn also<C>(self, changes: C) -> Self
    where
        C: AsChangeset<Target = T, Changeset: QueryFragment<Pg> + Send + 'v>,
    {
        Self { also: Some(Box::new(changes.as_changeset())), ..self }
    }
}

impl<T: QuerySource, const N: usize> QueryFragment<Pg> for UpdateEach<'_, T, N>
where
    T::FromClause: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        for (i, each) in self.set.iter().enumerate() {
            out.push_sql(if i == 0 { " SET " } else { ", " });
            out.push_identifier(each.column)?;
            out.push_sql(" = new.");
            out.push_identifier(each.column)?;
        }
        if let Some(also) = &self.also {
            out.push_sql(", ");
            also.walk_ast(out.reborrow())?;
        }
        for (i, each) in [&self.key].into_iter().chain(&self.set).enumerate() {
            out.push_sql(if i == 0 { " FROM (SELECT unnest(" } else { ", unnest(" });
            each.values.walk_ast(out.reborrow())?;
            out.push_sql(") AS ");
            out.push_identifier(each.column)?;
        }
        out.push_sql(") AS new WHERE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(".");
        out.push_identifier(self.key.column)?;
        out.push_sql(" = new.");
        out.push_identifier(self.key.column)
    }
}

impl<T: QuerySource, const N: usize> QueryId for UpdateEach<'_, T, N> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}
