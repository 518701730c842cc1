//! One session with PostgreSQL: how it is opened, and what is observed of it.

mod dial;
mod observed;
mod session;
mod sqlstate;

pub(super) use dial::dial;
pub use observed::Connection;
pub(super) use observed::Dirt;
pub(super) use session::SessionSettings;
pub use sqlstate::SqlState;
pub(super) use sqlstate::class_of;
