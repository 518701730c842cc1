//! The pools inside the test's process: whatever an operation does with a lease, exactly the right
//! counters move.

mod cancelled;
mod model;
mod operation;
mod rig;
mod schedules;
mod soak;
mod work;
