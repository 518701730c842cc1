//! Background jobs on what is stored: partitions ahead of time, and retention.
//!
//! They follow the newest stored snapshot on a task of their own, so that a job that is slow delays no
//! poll. They never write what a cycle writes. Another job gets a file of its own here.

pub mod housekeeping;
