//! Control of sectors: the first owner that is staffed, and since when.
//!
//! Judging a snapshot ([`Online`]) and keeping intervals ([`Controls`]) are apart. Control does not depend on radio: it
//! is the same whether or not anybody is in contact.

mod interval;
mod online;
mod restored;
mod state;
mod step;

pub use self::{
    interval::Interval,
    online::{Doubtful, Online, Verdict},
    restored::Unjudged,
    state::{Control, Holder},
    step::{Changes, Controls, Judged, Step},
};

#[cfg(test)]
mod tests;
