//! Writes the rows of `sector_control`, each kind of change in one statement.

use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    schema::sector_control as c,
    statement::Statement,
    unnest::{bulk, column},
    update::each,
};
use sectorwatch_core::control::{Changes, Holder, Interval};
use sectorwatch_pg::{Connection, Prepared};

/// Makes the changes. Rows are deleted and closed before others are opened, because the index allows one open row for
/// a sector.
pub async fn write(connection: &mut Connection, changes: &Changes) -> Result<(), StoreError> {
    delete(connection, changes).await?;
    end(connection, changes).await?;
    insert(connection, &changes.inserted).await
}

async fn delete(connection: &mut Connection, changes: &Changes) -> Result<(), StoreError> {
    let rows = changes.deleted.as_slice();
    if rows.is_empty() {
        return Ok(());
    }
    let keys = [
        each(c::sector_name, column(rows, |(sector, _)| &**sector)),
        each(c::from_timestamp, column(rows, |(_, from)| *from)),
    ];
    let delete = Statement::<()>::new("delete from sector_control c using ")
        .rows("gone", keys)
        .text(" where c.sector_name = gone.sector_name and c.from_timestamp = gone.from_timestamp");
    connection.run(async |pg| Prepared(delete).execute(pg).await).await?;
    Ok(())
}

async fn end(connection: &mut Connection, changes: &Changes) -> Result<(), StoreError> {
    let rows = changes.ended.as_slice();
    if rows.is_empty() {
        return Ok(());
    }
    let ends = [
        each(c::sector_name, column(rows, |(sector, ..)| &**sector)),
        each(c::from_timestamp, column(rows, |(_, from, _)| *from)),
        each(c::to_timestamp, column(rows, |(.., to)| *to)),
    ];
    let end = Statement::<()>::new(
        "update sector_control c set to_timestamp = ended.to_timestamp from ",
    )
    .rows("ended", ends)
    .text(" where c.sector_name = ended.sector_name and c.from_timestamp = ended.from_timestamp");
    connection.run(async |pg| Prepared(end).execute(pg).await).await?;
    Ok(())
}

async fn insert(connection: &mut Connection, rows: &[Interval]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let insert = bulk!(c: row in rows => {
        sector_name: &*row.sector,
        state: row.control.as_str(),
        controller_id: of(row, |it| it.controller_id),
        controller_callsign: of(row, |it| it.callsign.as_deref()),
        owner_rank: of(row, |it| Some(it.rank)),
        from_timestamp: row.from,
        to_timestamp: row.to,
        airspace_revision: &*row.airspace_revision,
    });
    connection.run(async |pg| insert.execute(pg).await).await?;
    Ok(())
}

/// A value of the controller of the sector.
fn of<'r, T>(row: &'r Interval, value: impl Fn(&'r Holder) -> Option<T>) -> Option<T> {
    row.control.holder().and_then(value)
}
