//! Statements that diesel's builder cannot express, composed of text, values, and rows as arrays.

use std::marker::PhantomData;

use diesel::{
    QueryResult,
    expression::AsExpression,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{SingleValue, SqlType},
};

use crate::update::Each;

/// The parts of a statement. `R` is the SQL type of the rows that it returns.
pub struct Statement<'v, R> {
    parts: Vec<Part<'v>>,
    returns: PhantomData<fn() -> R>,
}

enum Part<'v> {
    Text(&'static str),
    Name(&'static str),
    Value(Box<dyn QueryFragment<Pg> + Send + 'v>),
}

impl<'v, R> Statement<'v, R> {
    /// Begins with this text.
    pub fn new(text: &'static str) -> Self {
        Self { parts: vec![Part::Text(text)], returns: PhantomData }
    }

    /// Appends a text.
    pub fn text(mut self, text: &'static str) -> Self {
        self.parts.push(Part::Text(text));
        self
    }

    /// Appends a placeholder for a value.
    pub fn value<T, V>(mut self, value: V) -> Self
    where
        T: SqlType + SingleValue,
        V: AsExpression<T, Expression: QueryFragment<Pg> + Send + 'v>,
    {
        self.parts.push(Part::Value(Box::new(value.as_expression())));
        self
    }

    /// How many values it has. The texts of all statements of a kind with few values are few.
    pub fn values(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, Part::Value(_))).count()
    }

    /// Appends the names of these columns, separated by commas.
    pub fn names<T>(mut self, columns: &[Each<'v, T>]) -> Self {
        for (i, each) in columns.iter().enumerate() {
            self.parts.extend((i > 0).then_some(Part::Text(", ")));
            self.parts.push(Part::Name(each.column));
        }
        self
    }

    /// Appends the rows of these columns: `unnest($1, …) as ALIAS ("column", …)`.
    pub fn rows<T, const N: usize>(self, alias: &'static str, columns: [Each<'v, T>; N]) -> Self {
        let names = Self::new("").names(&columns);
        let mut all = self.text("unnest(");
        for (i, each) in columns.into_iter().enumerate() {
            all.parts.extend((i > 0).then_some(Part::Text(", ")));
            all.parts.push(Part::Value(each.values));
        }
        all = all.text(") as ").text(alias).text(" (");
        all.parts.extend(names.parts);
        all.text(")")
    }
}

impl<R> QueryFragment<Pg> for Statement<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_sql(text),
                Part::Name(name) => out.push_identifier(name)?,
                Part::Value(value) => value.walk_ast(out.reborrow())?,
            }
        }
        Ok(())
    }
}

impl<R> Query for Statement<'_, R> {
    type SqlType = R;
}

impl<R> QueryId for Statement<'_, R> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}
