//! Writes the rows of `flight_radio_intervals`, each kind of change in one statement.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::NewRows;
use crate::{
    error::StoreError,
    schema::flight_radio_intervals as r,
    unnest::{ROWS_PER_STATEMENT, bulk, column},
    update::{each, update_each},
};
use sectorwatch_core::{
    Time,
    contact::{Changes, NewInterval, Partner},
};
use sectorwatch_pg::{Connection, Prepared};

/// Makes the changes. Rows are deleted and closed before others are opened, because the index allows one open row for
/// a flight.
pub async fn write(connection: &mut Connection, changes: &Changes) -> Result<NewRows, StoreError> {
    delete(connection, &changes.deleted).await?;
    end(connection, &changes.ended).await?;
    insert(connection, &changes.inserted).await
}

async fn delete(connection: &mut Connection, ids: &[i64]) -> Result<(), StoreError> {
    if !ids.is_empty() {
        let delete = diesel::delete(r::table.filter(r::id.eq_any(ids)));
        connection.run(async |pg| delete.execute(pg).await).await?;
    }
    Ok(())
}

async fn end(connection: &mut Connection, rows: &[(i64, Option<Time>)]) -> Result<(), StoreError> {
    if !rows.is_empty() {
        let ends = each(r::to_timestamp, column(rows, |(_, to)| *to));
        let end = update_each(each(r::id, column(rows, |(id, _)| *id)), [ends]);
        connection.run(async |pg| Prepared(end).execute(pg).await).await?;
    }
    Ok(())
}

async fn insert(connection: &mut Connection, rows: &[NewInterval]) -> Result<NewRows, StoreError> {
    let mut new = Vec::with_capacity(rows.len());
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        let insert = bulk!(r: row in rows => {
            flight_id: row.flight_id,
            state: row.state.as_str(),
            controller_id: of(row, |it| it.controller_id),
            controller_callsign: of(row, |it| it.callsign.as_deref()),
            frequency_hz: of(row, |it| Some(it.frequency_hz)),
            is_primary: of(row, |it| Some(it.is_primary)),
            from_timestamp: row.from,
            to_timestamp: row.to,
        });
        let returning = insert.returning((r::flight_id, r::from_timestamp, r::id));
        let inserted: NewRows = connection.run(async |pg| returning.get_results(pg).await).await?;
        new.extend(inserted);
    }
    Ok(new)
}

/// A value of the controller in contact.
fn of<'r, T>(row: &'r NewInterval, value: impl Fn(&'r Partner) -> Option<T>) -> Option<T> {
    row.state.partner().and_then(value)
}
