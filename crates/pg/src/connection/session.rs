//! The settings that all sessions of this process share.

use std::time::Duration;

use super::{
    dial::Dialler, open_sessions::OpenSessions, pinned::Pinned, tls::Tls, url::DatabaseUrl,
};
use crate::{error::ConnectError, hooks::Hooks};

/// The settings of a session.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// The application name in the server's list, such as `<service>:<instance>:<boot id>`. The part after
    /// the last colon must be unique to this process, and the part before it common to all successive
    /// processes. At most 63 bytes, because PostgreSQL cuts longer names.
    pub application_name: String,
    /// The statement timeout.
    pub statement_timeout: Duration,
    /// The longest time to open a session.
    pub connect_timeout: Duration,
    /// The hooks of the service.
    pub hooks: Hooks,
}

impl SessionSettings {
    /// Creates a dialler for this URL.
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
