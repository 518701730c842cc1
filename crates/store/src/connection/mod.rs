//! One session with PostgreSQL: how it is opened, and what is observed of it.

mod asked;
mod cancel;
mod dial;
mod observed;
mod open_sessions;
mod pinned;
mod place;
mod pooler;
mod session;
mod sqlstate;
mod statements;
mod tcp;
mod tls;
mod url;
mod wire;

pub(super) use dial::Dialler;
pub use observed::Connection;
pub(super) use observed::{Dirt, Harness, Life};
pub(super) use open_sessions::{Listed, OpenSessions, Role};
pub(super) use pooler::Sharing;
pub(super) use session::SessionSettings;
pub use sqlstate::SqlState;
pub(super) use sqlstate::class_of;
pub(super) use statements::StatementMetrics;
pub use tls::TlsError;
pub use url::DatabaseUrl;
