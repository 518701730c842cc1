//! Whether something between gives a session another server from one transaction to the next.

use tokio_postgres::{Client, SimpleQueryMessage, error::SqlState};

use super::dial::Dialler;
use crate::error::ConnectError;

/// Others may use the same pooler, and take what would have given it away.
const ROUNDS: usize = 3;

/// How a pooler shares its sessions, where that is not how a session works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// A session has a server for as long as a transaction.
    Transaction,
    /// For as long as a statement.
    Statement,
}

impl Sharing {
    /// The pooler's own word.
    pub fn as_str(self) -> &'static str {
        match self {
            Sharing::Transaction => "transaction",
            Sharing::Statement => "statement",
        }
    }
}

impl Dialler {
    /// Opens two sessions: while one holds a transaction, the other asks whose it is, again. It must
    /// be the backend that it was before, and not the first one's. `None` is what a server does, and
    /// a pooler that gives a session a backend for as long as it lasts.
    ///
    /// # Errors
    /// When a session cannot be opened, or does not answer.
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
            // With a single backend, asking again would wait for the transaction to end.
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
