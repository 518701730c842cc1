//! Isolates bad items by bisecting a batch under savepoints, so that a bad item costs only itself.

use crate::{
    connection::Connection,
    transaction::{WorkError, savepoint},
};

/// An item that PostgreSQL refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused<T> {
    /// The item that PostgreSQL refused.
    pub item: T,
    /// The reason without values: SQLSTATE, and the part of the schema.
    pub detail: String,
}

impl<T> Refused<T> {
    /// Replaces the item.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Refused<U> {
        Refused { item: f(self.item), detail: self.detail }
    }
}

/// Writes the items in order, in parts that PostgreSQL accepts. Returns the indices of items that it refuses
/// individually. `write` must record its results last, because a part may be repeated in halves.
///
/// # Errors
/// Any error that bad data did not cause.
pub async fn bisect<I, E: WorkError>(
    connection: &mut Connection,
    items: &[I],
    mut write: impl AsyncFnMut(&mut Connection, &[I]) -> Result<(), E>,
) -> Result<Vec<Refused<usize>>, E> {
    let mut refused = Vec::new();
    let whole = 0..items.len();
    let mut parts = vec![whole];
    while let Some(part) = parts.pop() {
        if part.is_empty() {
            continue;
        }
        let slice = &items[part.clone()];
        match savepoint(connection, async |connection| write(connection, slice).await).await {
            Ok(()) => {}
            Err(error) => match error.pg().filter(|error| error.is_bad_data()) {
                None => return Err(error),
                Some(error) if part.len() == 1 => {
                    refused
                        .push(Refused { item: part.start, detail: error.reason_without_values() });
                }
                Some(_) => {
                    let middle = part.start + part.len() / 2;
                    parts.push(middle..part.end);
                    parts.push(part.start..middle);
                }
            },
        }
    }
    Ok(refused)
}
