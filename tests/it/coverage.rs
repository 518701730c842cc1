//! The figures of radio contact, control and controllers, as the views and functions compute them from rows.

mod documented;
mod examples;
mod hours;
mod on_the_demo;
mod plans;
mod predecessor;
mod recomputed;
mod replayed;
mod scene;
mod sessions;
mod visits;
