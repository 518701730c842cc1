//! The descriptions of errors.

use super::*;
use diesel::result::{DatabaseErrorKind, Error};

#[test]
fn a_connection_is_lost_only_where_nothing_came_any_more() {
    let said = |words: &str| {
        Error::DatabaseError(DatabaseErrorKind::UnableToSendCommand, Box::new(words.to_owned()))
    };
    let rows: [(Error, &str); 7] = [
        (said("connection closed"), "connection_lost"),
        (said("error communicating with the server: broken pipe"), "connection_lost"),
        (Error::BrokenTransactionManager, "connection_lost"),
        (said("error serializing parameter 0"), "unreadable"),
        (said("error deserializing column 1"), "unreadable"),
        (Error::DeserializationError("not a time".into()), "unreadable"),
        (Error::NotFound, "unreadable"),
    ];
    for (source, kind) in rows {
        let error = PgError::Query { sqlstate: None, source };
        assert_eq!(error.kind(), kind, "{}", chain(&error));
    }
}
