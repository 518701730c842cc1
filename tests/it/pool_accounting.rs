//! The pools, in this process: what an operation does to a lease moves exactly the counters it must.

mod cancelled;
mod model;
mod operation;
mod rig;
mod schedules;
mod soak;
mod work;
