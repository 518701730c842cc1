//! Exports: each table in each format over HTTP and on the command line, their limits, and what is left of one that
//! breaks off.

mod broken;
mod files;
mod limits;
mod readers;
mod refusals;
mod scene;
mod slow;

use crate::api_v1::world::World;

#[test]
fn files_are_what_is_stored_by_http_and_on_the_command_line() {
    let world = World::start();
    world.sql.run(scene::MORE);
    files::each_file_is_read_back_as_it_is_stored(&world);
    files::the_command_line_writes_the_same(&world);
    files::an_output_that_is_closed_needs_no_words(&world);
    files::what_is_personal_is_there_only_if_it_is_asked_for(&world);
    refusals::every_error_has_its_code(&world);
    refusals::head_and_codings(&world);
}

#[test]
fn clients_that_take_nothing_hold_no_connection_and_are_cut() {
    let limits = |setup: crate::support::service::Setup| {
        setup
            .env("SECTORWATCH_FAULT_EXPORT_ROWS", "5000")
            .env("SECTORWATCH_FAULT_WRITE_TIMEOUT_MS", "2500")
    };
    let mut world = World::with(limits);
    world.sql.run(scene::MORE);
    limits::more_rows_than_allowed_are_refused(&world);
    limits::two_at_once_of_clients_that_take_nothing(&mut world);
}
