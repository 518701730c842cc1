//! A blocking client for SQL that returns all values as text.

use std::{
    future::Future,
    sync::{Arc, LazyLock, mpsc},
};

use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};
use tokio_postgres::{NoTls, SimpleQueryMessage};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all();
    builder.build().expect("a runtime")
});

/// Runs a future on the runtime of the tests, and waits for its result. May be called inside
/// another runtime.
pub fn wait<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    RUNTIME.spawn(async move {
        let _ = sender.send(work.await);
    });
    receiver.recv().expect("the work panicked")
}

/// Runs a future on the runtime of the tests in the background.
pub fn spawn<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    RUNTIME.spawn(work)
}

/// Rows of text, in which `None` is null.
pub type Rows = Vec<Vec<Option<String>>>;

/// A session with a server.
pub struct Client {
    session: Arc<tokio_postgres::Client>,
}

impl Client {
    /// Opens a session, or returns the error as text.
    pub fn try_connect(url: &str) -> Result<Self, String> {
        let url = url.to_owned();
        wait(async move {
            let connected = tokio_postgres::connect(&url, NoTls).await;
            let (session, driver) = connected.map_err(|error| described(&error))?;
            tokio::spawn(driver);
            Ok(Self { session: Arc::new(session) })
        })
    }

    /// Opens a session. Panics if that fails.
    pub fn connect(url: &str) -> Self {
        Self::try_connect(url).unwrap_or_else(|error| panic!("connect to {url}: {error}"))
    }

    /// Runs statements, and returns all their rows. An error begins with its SQLSTATE.
    pub fn try_rows(&self, sql: &str) -> Result<Rows, String> {
        let (session, sql) = (self.session.clone(), sql.to_owned());
        let messages = wait(async move { session.simple_query(&sql).await });
        let messages = messages.map_err(|error| described(&error))?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let texts = |row: &tokio_postgres::SimpleQueryRow| {
            let columns = 0..row.len();
            columns.map(|i| row.get(i).map(str::to_owned)).collect()
        };
        Ok(rows.map(texts).collect())
    }

    /// Runs statements, and returns all their rows. Panics on an error.
    pub fn rows(&self, sql: &str) -> Rows {
        let rows = self.try_rows(sql);
        rows.unwrap_or_else(|error| panic!("{error}\nin: {sql}"))
    }

    /// Returns the only column of each row. Null becomes an empty text.
    pub fn column(&self, sql: &str) -> Vec<String> {
        let only = |mut row: Vec<Option<String>>| {
            assert_eq!(row.len(), 1, "one column expected of: {sql}");
            row.swap_remove(0).unwrap_or_default()
        };
        self.rows(sql).into_iter().map(only).collect()
    }

    /// Returns the only value of the only row. Null becomes an empty text.
    pub fn one(&self, sql: &str) -> String {
        let mut values = self.column(sql);
        assert_eq!(values.len(), 1, "one row expected of: {sql}");
        values.swap_remove(0)
    }

    /// Returns the only value of the only row as a number.
    pub fn count(&self, sql: &str) -> u64 {
        let text = self.one(sql);
        let number = text.parse();
        number.unwrap_or_else(|error| panic!("{text}: {error}\nin: {sql}"))
    }

    /// Runs statements, and ignores their rows.
    pub fn run(&self, sql: &str) {
        self.rows(sql);
    }
}

fn described(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(refusal) => format!("{} {}", refusal.code().code(), refusal.message()),
        None => std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": "),
    }
}
