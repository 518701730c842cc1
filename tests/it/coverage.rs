//! The figures of radio contact, control and controllers, as the views and functions compute them from rows.

mod examples;
mod hours;
mod plans;
mod predecessor;
mod recomputed;
mod scene;
mod sessions;
mod visits;
