//! Reads SQL statements from the server's log.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
};

use super::postgres::Database;

/// Each message of the log begins with the database and the application name.
pub const LOG_LINE_PREFIX: &str = "<%d>[%a] ";

/// A position in the log.
#[derive(Debug, Clone, Copy)]
pub struct Mark(u64);

/// A statement that reached the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The application name of the session that sent it.
    pub application_name: String,
    /// The name of the prepared statement, which differs for each preparation. Empty if it was not
    /// prepared.
    pub prepared: String,
    /// The text on one line.
    pub sql: String,
}

impl Database {
    /// The current end of the log.
    pub fn mark(&self) -> Mark {
        let log = std::fs::metadata(self.server().log_path()).expect("the log");
        Mark(log.len())
    }

    /// The statements in this database since then, in the order of their arrival. They are
    /// complete, because the server logs a statement before it answers.
    pub fn statements_since(&self, mark: Mark) -> Vec<Statement> {
        let mut log = File::open(self.server().log_path()).expect("the log");
        log.seek(SeekFrom::Start(mark.0)).expect("seek");
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes).expect("read");
        statements(&String::from_utf8_lossy(&bytes), self.name())
    }

    /// The statements of the service, without `set` and without the probes of other sessions.
    pub fn service_statements_since(&self, mark: Mark) -> Vec<String> {
        let all = self.statements_since(mark).into_iter();
        all.filter(|one| one.application_name.starts_with("sectorwatch:"))
            .map(|one| one.sql)
            .collect()
    }
}

fn statements(log: &str, database: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut inside = false;
    for line in log.lines() {
        // The further lines of a message begin with a tab.
        if let Some(more) = line.strip_prefix('\t') {
            if let (true, Some(last)) = (inside, found.last_mut()) {
                last.sql.push(' ');
                last.sql.push_str(more.trim());
            }
            continue;
        }
        let statement = parse(line).filter(|(name, _)| *name == database);
        inside = statement.is_some();
        found.extend(statement.map(|(_, statement)| statement));
    }
    found
}

/// Parses `<database>[application] LOG:  statement: sql` or `… LOG:  execute name: sql`.
fn parse(line: &str) -> Option<(&str, Statement)> {
    let (database, rest) = line.strip_prefix('<')?.split_once(">[")?;
    let (application_name, message) = rest.split_once("] LOG:  ")?;
    let (prepared, sql) = match message.strip_prefix("statement: ") {
        Some(sql) => ("", sql),
        None => message.strip_prefix("execute ")?.split_once(": ")?,
    };
    let [application_name, prepared, sql] = [application_name, prepared, sql].map(str::to_owned);
    Some((database, Statement { application_name, prepared, sql }))
}
