//! Statements that a session prepares only once.
//!
//! diesel caches no prepared statement whose text might differ each time, and assumes this of every `UPDATE`,
//! `DO UPDATE` and SQL text. PostgreSQL would parse and plan such a statement at every execution, with an
//! additional round trip.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// A statement that has always the same text, or one of a few. A session caches it by its text.
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

    // A type may stand for several texts, so it cannot identify one.
    const HAS_STATIC_QUERY_ID: bool = false;
}
