//! One session with PostgreSQL: how it is opened, and what is observed of it.

mod cancel;
mod dial;
mod observed;
mod place;
mod roster;
mod session;
mod sqlstate;
mod statements;
mod tcp;
mod tls;
mod wire;

pub(super) use dial::{Dialled, Dialler};
pub use observed::Connection;
pub(super) use observed::Dirt;
pub(super) use roster::{Listed, Role, Roster};
pub(super) use session::SessionSettings;
pub use sqlstate::SqlState;
pub(super) use sqlstate::class_of;
pub(super) use statements::StatementMetrics;
pub use tls::TlsError;
