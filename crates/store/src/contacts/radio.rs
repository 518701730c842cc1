//! Changes of the rows of `flight_radio_intervals`, as parts of one statement.

use crate::{
    schema::flight_radio_intervals as r, statement::Statement, unnest::column, update::each,
};
use sectorwatch_core::contact::{Changes, NewInterval, Partner};

/// Adds the changes. `mine` has a row if this generation may write; `new` returns the new rows.
pub fn add<'c, R>(statement: Statement<'c, R>, changes: &'c Changes) -> Statement<'c, R> {
    let Changes { deleted, ended, inserted } = changes;
    let gone = [each(r::id, deleted.clone())];
    let ended = [
        each(r::id, column(ended, |(id, _)| *id)),
        each(r::to_timestamp, column(ended, |(_, to)| *to)),
    ];
    let new = [
        each(r::flight_id, column(inserted, |it| it.flight_id)),
        each(r::state, column(inserted, |it| it.state.as_str())),
        each(r::controller_id, column(inserted, |it| of(it, |by| by.controller_id))),
        each(r::controller_callsign, column(inserted, |it| of(it, |by| by.callsign.as_deref()))),
        each(r::frequency_hz, column(inserted, |it| of(it, |by| Some(by.frequency_hz)))),
        each(r::is_primary, column(inserted, |it| of(it, |by| Some(by.is_primary)))),
        each(r::from_timestamp, column(inserted, |it| it.from)),
        each(r::to_timestamp, column(inserted, |it| it.to)),
    ];
    statement
        .text(", gone as (delete from flight_radio_intervals r using mine, ")
        .rows("g", gone)
        .text(
            " where r.id = g.id returning 1), \
            ended as (update flight_radio_intervals r set to_timestamp = e.to_timestamp from mine, ",
        )
        .rows("e", ended)
        .text(
            " where r.id = e.id and (select count(*) from gone) >= 0 returning 1), \
            new as (insert into flight_radio_intervals (",
        )
        .names(&new)
        .text(") select n.* from mine, ")
        .rows("n", new)
        // A flight may have been deleted since its observation, whose phase did not end well.
        .text(
            " where (select count(*) from ended) >= 0 \
                and exists (select from flights f where f.id = n.flight_id) \
                returning flight_id, from_timestamp, id)",
        )
}

/// A value of the controller in contact.
fn of<'r, T>(row: &'r NewInterval, value: impl Fn(&'r Partner) -> Option<T>) -> Option<T> {
    row.state.partner().and_then(value)
}
