//! Detects a pooler that changes a session's backend between transactions.

use tokio_postgres::{Client, SimpleQueryMessage, error::SqlState};

use super::dial::Dialler;
use crate::error::ConnectError;

/// Other clients of the same pooler may hide it in a round.
const ROUNDS: usize = 3;

/// How a pooler shares its sessions, if not by session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// A client has a backend for the length of a transaction.
    Transaction,
    /// A client has a backend for the length of a statement.
    Statement,
}

impl Sharing {
    /// The pooler's name of the mode.
    pub fn as_str(self) -> &'static str {
        match self {
            Sharing::Transaction => "transaction",
            Sharing::Statement => "statement",
        }
    }
}

impl Dialler {
    /// Opens two sessions. While one holds a transaction, the other reads its process id twice. It must be
    /// the same as before and not that of the first. Returns `None` for a server, and for a pooler that
    /// assigns backends by session.
    ///
    /// # Errors
    /// A session cannot be opened, or does not answer.
    pub async fn sharing(&self) -> Result<Option<Sharing>, ConnectError> {
        let _dialling = self.open_sessions.dialling();
        let asking = self.dial_bare().await?;
        let holding = self.dial_bare().await?;
        for _ in 0..ROUNDS {
            let before = backend(&asking).await?;
            if let Err(error) = holding.batch_execute("begin").await {
                return match error.code() == Some(&SqlState::PROTOCOL_VIOLATION) {
                    true => Ok(Some(Sharing::Statement)),
                    false => Err(ConnectError::Refused(error)),
                };
            }
            // With a single backend, a second query would wait for the transaction to end.
            if backend(&holding).await? == before || backend(&asking).await? != before {
                return Ok(Some(Sharing::Transaction));
            }
            holding.batch_execute("rollback").await.map_err(ConnectError::Refused)?;
        }
        Ok(None)
    }
}

async fn backend(client: &Client) -> Result<Option<i32>, ConnectError> {
    let answer = client.simple_query("select pg_backend_pid()").await;
    let answer = answer.map_err(ConnectError::Refused)?;
    Ok(answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
        _ => None,
    }))
}
