//! One bad item costs one item: bisecting a batch under savepoints.

use crate::{
    connection::Connection,
    transaction::{WorkError, savepoint},
};

/// An item that PostgreSQL refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused<T> {
    /// The item that PostgreSQL refused.
    pub item: T,
    /// Why, without the values: SQLSTATE, and what of the schema it is about.
    pub detail: String,
}

impl<T> Refused<T> {
    /// The same refusal of another thing.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Refused<U> {
        Refused { item: f(self.item), detail: self.detail }
    }
}

/// Writes the items in their order, in parts that PostgreSQL takes; returns the indices of those
/// that it refuses one by one. `write` must note its results last, since a part may be tried again
/// in halves.
///
/// # Errors
/// Any error that is no fault of the data.
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
