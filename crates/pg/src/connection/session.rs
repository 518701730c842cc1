//! What the sessions of this process have in common.

use std::time::Duration;

use super::{
    dial::Dialler, open_sessions::OpenSessions, pinned::Pinned, tls::Tls, url::DatabaseUrl,
};
use crate::{error::ConnectError, hooks::Hooks};

/// The settings of a session.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// Under which the server lists them, such as `<service>:<instance>:<boot id>`: what follows the last colon has to
    /// be of this process alone, and what stands before it of all that follow one another. At most 63 bytes:
    /// PostgreSQL cuts there.
    pub application_name: String,
    /// Longest statement.
    pub statement_timeout: Duration,
    /// Longest time to open a session.
    pub connect_timeout: Duration,
    /// Moments at which the service steps in.
    pub hooks: Hooks,
}

impl SessionSettings {
    /// Opens sessions to this URL.
    ///
    /// # Errors
    /// [`ConnectError::Url`], which never repeats the URL, and [`ConnectError::Tls`].
    pub fn dialler(&self, url: &str) -> Result<Dialler, ConnectError> {
        let DatabaseUrl { mut config, tls } = DatabaseUrl::parse(url).map_err(ConnectError::Url)?;
        config.application_name(&self.application_name);
        Ok(Dialler {
            config,
            pinned: Pinned::new(&self.application_name, self.statement_timeout),
            tls: Tls::new(tls)?,
            timeout: self.connect_timeout,
            open_sessions: OpenSessions::default(),
            hooks: self.hooks,
        })
    }
}
