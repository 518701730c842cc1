//! A session with PostgreSQL: how it is opened, and what is observed of it.

mod cancel;
mod dial;
mod observed;
mod open_sessions;
mod pending_requests;
mod pinned;
mod place;
mod pooler;
mod session;
mod sqlstate;
mod start;
mod statements;
mod tcp;
mod tls;
mod url;
mod wire;

pub use dial::Dialler;
pub(crate) use observed::Dirt;
pub use observed::{Connection, Harness, Life};
pub(crate) use open_sessions::{Listed, OpenSessions, Role};
pub use pinned::Settled;
pub use pooler::Sharing;
pub use session::SessionSettings;
pub use sqlstate::SqlState;
pub(crate) use sqlstate::class_of;
pub(crate) use statements::StatementMetrics;
pub use tls::TlsError;
pub use url::{DatabaseUrl, Identity, Roots, SslMode, TlsParameters};
