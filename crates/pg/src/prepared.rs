//! Statements that a session prepares once.
//!
//! diesel keeps no prepared statement for what may have a text that is never the same again, and takes every `UPDATE`,
//! `DO UPDATE` and text of our own for such. PostgreSQL would parse and plan them in every cycle, and be asked for that
//! in a round trip of its own.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// A statement whose text is always the same, or one of a few. A session keeps it by that text.
pub struct Prepared<Q>(pub Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    // A type may stand for more than one text: it is no name for any.
    const HAS_STATIC_QUERY_ID: bool = false;
}
