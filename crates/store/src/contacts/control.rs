//! Changes of the rows of `sector_control`, as parts of one statement.

use crate::{schema::sector_control as c, statement::Statement, unnest::column, update::each};
use sectorwatch_core::control::{Changes, Holder, Interval};

/// Adds the changes. `mine` has a row if this generation may write.
pub fn add<'c, R>(statement: Statement<'c, R>, changes: &'c Changes) -> Statement<'c, R> {
    let Changes { deleted, ended, inserted } = changes;
    let gone = [
        each(c::sector_name, column(deleted, |(sector, _)| &**sector)),
        each(c::from_timestamp, column(deleted, |(_, from)| *from)),
    ];
    let ended = [
        each(c::sector_name, column(ended, |(sector, ..)| &**sector)),
        each(c::from_timestamp, column(ended, |(_, from, _)| *from)),
        each(c::to_timestamp, column(ended, |(.., to)| *to)),
    ];
    let new = [
        each(c::sector_name, column(inserted, |it| &*it.sector)),
        each(c::state, column(inserted, |it| it.control.as_str())),
        each(c::controller_id, column(inserted, |it| of(it, |by| by.controller_id))),
        each(c::controller_callsign, column(inserted, |it| of(it, |by| by.callsign.as_deref()))),
        each(c::owner_rank, column(inserted, |it| of(it, |by| Some(by.rank)))),
        each(c::from_timestamp, column(inserted, |it| it.from)),
        each(c::to_timestamp, column(inserted, |it| it.to)),
        each(c::airspace_revision, column(inserted, |it| &*it.airspace_revision)),
    ];
    statement
        .text(", control_gone as (delete from sector_control c using mine, ")
        .rows("g", gone)
        .text(
            " where c.sector_name = g.sector_name and c.from_timestamp = g.from_timestamp \
                returning 1), \
            control_ended as (update sector_control c set to_timestamp = e.to_timestamp from mine, ",
        )
        .rows("e", ended)
        .text(
            " where c.sector_name = e.sector_name and c.from_timestamp = e.from_timestamp \
                and (select count(*) from control_gone) >= 0 returning 1), \
            control_new as (insert into sector_control (",
        )
        .names(&new)
        .text(") select n.* from mine, ")
        .rows("n", new)
        .text(" where (select count(*) from control_ended) >= 0)")
}

/// A value of the controller of the sector.
fn of<'r, T>(row: &'r Interval, value: impl Fn(&'r Holder) -> Option<T>) -> Option<T> {
    row.control.holder().and_then(value)
}
