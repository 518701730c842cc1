//! What every session of ours is set to, so that the server gives up when we do.

use std::time::Duration;

use tokio_postgres::Config;

use super::tls::Tls;
use crate::{config::DatabaseUrl, store::error::ConnectError};

/// The settings of a session.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// `sectorwatch:<instance>:<boot id>`, at most 63 bytes: PostgreSQL cuts there.
    pub application_name: String,
    /// Longest statement.
    pub statement_timeout: Duration,
    /// Longest time to open a session.
    pub connect_timeout: Duration,
}

impl SessionSettings {
    /// The configuration of a session to this URL, and how it is protected.
    ///
    /// # Errors
    /// [`ConnectError::Url`], which never repeats the URL, and [`ConnectError::Tls`].
    pub fn config(&self, url: &str) -> Result<(Config, Tls), ConnectError> {
        let DatabaseUrl { mut config, tls } = DatabaseUrl::parse(url).map_err(ConnectError::Url)?;
        let tls = Tls::new(tls)?;
        let statement_ms = self.statement_timeout.as_millis();
        // A client that died in mid-query or mid-transaction must not hold locks: the server looks
        // for it twice a second, and ends what outlives the longest statement. A host that vanished
        // must not hold the writer's lock for the two hours that a kernel waits by itself. Statements with
        // arrays are estimated so high, before a table was analysed, that JIT would compile each anew.
        let ours = format!(
            "-c statement_timeout={statement_ms} -c lock_timeout={statement_ms} \
             -c idle_in_transaction_session_timeout={} -c client_connection_check_interval=500 \
             -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 \
             -c jit=off",
            statement_ms.max(10_000),
        );
        let options = match config.get_options() {
            Some(theirs) => format!("{ours} {theirs}"),
            None => ours,
        };
        config.options(options).application_name(&self.application_name);
        Ok((config, tls))
    }
}
