//! The API over HTTP, on rows that were written by SQL: every path, every error that a client can cause, what is
//! personal, and what a client may keep.

mod caching;
pub mod client;
mod document;
mod errors;
mod failures;
mod moving;
mod shapes;
mod tools;
mod walks;
pub mod world;

use world::World;

#[test]
fn the_api_answers_as_its_contract_says() {
    let world = World::start();
    shapes::every_path_has_the_members_of_its_contract(&world);
    shapes::forms_of_a_track_are_files(&world);
    document::every_answer_has_the_shape_of_the_document(&world);
    document::every_example_is_a_real_answer(&world);
    tools::the_document_passes_the_linter(&world);
    tools::random_requests_get_what_the_document_says(&world);
    shapes::head_and_codings_are_as_for_all_pages(&world);
    walks::all_pages_together_are_one_query(&world);
    walks::filters_select_what_they_say(&world);
    errors::every_error_has_its_code(&world);
    errors::cursors_hold_for_their_walk_alone(&world);
    caching::closed_spans_may_be_kept(&world);
    caching::nothing_else_may_be_kept(&world);
    moving::rows_that_stay_are_in_every_walk_once(&world);
}
