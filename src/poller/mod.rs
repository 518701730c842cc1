//! The poller: one poll from top to bottom, its supervision, and the status it publishes.

pub mod status;
pub mod verdict;
pub mod words;
