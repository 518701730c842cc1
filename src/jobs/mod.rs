//! Background jobs on stored data: partitions ahead of time, and retention.
//!
//! They follow the newest stored snapshot in a separate task, so that a slow job delays no poll. They never
//! write what a cycle writes. Add another job in a file of its own here.

pub mod housekeeping;
