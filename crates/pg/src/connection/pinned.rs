//! The settings of every session, regardless of role, database, URL and pooler.

use std::{collections::BTreeMap, time::Duration};

use tokio_postgres::{Client, Config, SimpleQueryMessage};

/// The settings of a session by name, as PostgreSQL shows them.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// The statement timeout.
    pub statement_timeout: Duration,
    settings: Vec<(&'static str, String)>,
}

/// The server's settings by name.
type Found = BTreeMap<String, String>;

/// Which settings of a session were applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// The process id according to the server. That of the startup may be a pooler's.
    pub pid: Option<i32>,
    /// Settings that were applied after connecting, because they were lost on the way.
    pub afterwards: Vec<&'static str>,
    /// Settings that could not be applied, with their current values.
    pub refused: Vec<String>,
}

impl Pinned {
    /// A client that died during a query or transaction must not keep locks: the server checks for it twice a
    /// second, and ends what exceeds the longest statement. A vanished host must not keep a lock for the two
    /// hours of the kernel's default keepalive. The server must not end idle sessions, because a session may
    /// hold a lock as long as the service runs. JIT is off, because before a table is analysed the estimates
    /// for statements with arrays are so high that each would be compiled.
    pub fn new(application_name: &str, statement_timeout: Duration) -> Self {
        let idle_timeout = statement_timeout.max(Duration::from_secs(10));
        let settings = vec![
            ("application_name", application_name.to_owned()),
            ("statement_timeout", formatted(statement_timeout)),
            ("lock_timeout", formatted(statement_timeout)),
            ("idle_in_transaction_session_timeout", formatted(idle_timeout)),
            ("idle_session_timeout", formatted(Duration::ZERO)),
            ("transaction_timeout", formatted(Duration::ZERO)),
            ("client_connection_check_interval", "500ms".to_owned()),
            // PostgreSQL shows these without a unit.
            ("tcp_keepalives_idle", "30".to_owned()),
            ("tcp_keepalives_interval", "10".to_owned()),
            ("tcp_keepalives_count", "3".to_owned()),
            ("jit", "off".to_owned()),
        ];
        Self { statement_timeout, settings }
    }

    /// The same settings with another statement timeout.
    pub fn limited(&self, statement_timeout: Duration) -> Self {
        let name = self.settings.first().map_or("", |(_, name)| name.as_str());
        Self::new(name, statement_timeout)
    }

    /// The startup message with the settings that every server knows. The URL's settings come first, so that
    /// ours take effect.
    pub fn greeting(&self, config: &Config) -> Config {
        let mut options = config.get_options().unwrap_or_default().to_owned();
        // Only PostgreSQL 17 has `transaction_timeout`, and a server refuses unknown settings.
        let known = |name: &str| !matches!(name, "application_name" | "transaction_timeout");
        for (name, value) in self.settings.iter().filter(|(name, _)| known(name)) {
            options.push_str(&format!(" -c {name}={value}"));
        }
        let mut config = config.clone();
        config.options(options.trim_start());
        config
    }

    /// Reads a session's process id and settings, and applies those that differ.
    ///
    /// # Errors
    /// The session does not answer. A refused setting is not an error.
    pub async fn settle(&self, client: &Client) -> Result<Settled, tokio_postgres::Error> {
        let (pid, found) = self.answer(client).await?;
        let mut settled = Settled { pid, ..Settled::default() };
        for (name, value) in self.unlike(&found) {
            // Sent separately, so that a refused setting does not prevent the others.
            let set = format!("set {name} = '{}'", value.replace('\'', "''"));
            if let Err(error) = client.batch_execute(&set).await {
                tracing::debug!(%error, name, "a setting of a session is refused");
            }
            settled.afterwards.push(name);
        }
        if !settled.afterwards.is_empty() {
            let (_, found) = self.answer(client).await?;
            let wrong = self.unlike(&found);
            settled.afterwards.retain(|name| wrong.iter().all(|(wrong, _)| wrong != name));
            let refused = wrong.iter().map(|(name, _)| format!("{name} = {}", found[*name]));
            settled.refused = refused.collect();
        }
        Ok(settled)
    }

    /// The server's process id and its settings. No table is read, because a new backend has not loaded the
    /// catalogue yet. A unix socket has no keepalive settings.
    async fn answer(&self, client: &Client) -> Result<(Option<i32>, Found), tokio_postgres::Error> {
        let mut question = "select pg_backend_pid(), inet_client_addr() is not null".to_owned();
        for (name, _) in &self.settings {
            question.push_str(&format!(", current_setting('{name}', true)"));
        }
        let (mut pid, mut found) = (None, Found::new());
        for message in client.simple_query(&question).await? {
            let SimpleQueryMessage::Row(row) = message else { continue };
            pid = row.get(0).and_then(|pid| pid.parse().ok());
            let is_tcp = row.get(1) == Some("t");
            for (column, (name, _)) in self.settings.iter().enumerate() {
                if let Some(value) = row.get(column + 2)
                    && (is_tcp || !name.starts_with("tcp"))
                {
                    found.insert((*name).to_owned(), value.to_owned());
                }
            }
        }
        Ok((pid, found))
    }

    /// The settings that the server knows and has with other values.
    fn unlike(&self, found: &Found) -> Vec<(&'static str, &str)> {
        let unlike =
            |(name, value): &&(&str, String)| found.get(*name).is_some_and(|it| it != value);
        let settings = self.settings.iter().filter(unlike);
        settings.map(|(name, value)| (*name, value.as_str())).collect()
    }
}

/// A duration as PostgreSQL shows it: in the largest unit without a fraction.
fn formatted(time: Duration) -> String {
    let ms = time.as_millis();
    let units = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000)];
    match units.into_iter().find(|(_, length)| ms.is_multiple_of(*length)) {
        _ if ms == 0 => "0".to_owned(),
        Some((unit, length)) => format!("{}{unit}", ms / length),
        None => format!("{ms}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_sets_is_kept_and_ours_is_in_force() {
        let url = "postgres://u@h/d?options=-c%20search_path%3Da%20-c%20statement_timeout%3D0";
        let config: Config = url.parse().expect("a URL");
        let pinned = Pinned::new("shop:a:b", Duration::from_secs(7));
        let greeting = pinned.greeting(&config);
        let options = greeting.get_options().expect("options");
        assert!(options.starts_with("-c search_path=a -c statement_timeout=0 "), "{options}");
        assert!(options.contains(" -c statement_timeout=7s "), "{options}");
        assert!(options.contains(" -c idle_session_timeout=0 "), "{options}");
        assert!(!options.contains("transaction_timeout=0"), "unknown before 17: {options}");
    }

    #[test]
    fn a_time_is_shown_as_postgresql_shows_it() {
        let rows = [(0, "0"), (300, "300ms"), (1_500, "1500ms"), (10_000, "10s"), (90_000, "90s")];
        for (ms, text) in rows.into_iter().chain([(300_000, "5min"), (7_200_000, "2h")]) {
            assert_eq!(formatted(Duration::from_millis(ms)), text);
        }
    }
}
