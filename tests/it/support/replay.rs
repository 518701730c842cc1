//! Runs `sectorwatch replay` to its end.

use std::path::Path;

use super::{
    documents::Feed,
    postgres::Database,
    scratch,
    service::{Ended, Setup},
};

/// Replays files or folders into a database, and waits for the end.
pub fn replay(recordings: &[&Path], database: &Database, environment: &[(&str, &str)]) -> Ended {
    setup(recordings, database, environment).run()
}

/// The setup of [`replay`], which can be changed before its start.
pub fn setup(recordings: &[&Path], database: &Database, environment: &[(&str, &str)]) -> Setup {
    let paths = recordings.iter().map(|path| path.to_str().expect("UTF-8"));
    let arguments: Vec<_> = std::iter::once("replay").chain(paths).collect();
    let setup = Setup::bare(&arguments).env("DATABASE_URL", &database.url());
    let given = environment.iter();
    given.fold(setup, |setup, (name, value)| setup.env(name, value))
}

/// Replays these documents without a disturbance, and returns the database.
pub fn undisturbed(documents: &[Feed]) -> Database {
    let database = Database::migrated();
    let ended = replay(&[&recorded(documents)], &database, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    database
}

/// Writes these documents with their radios into a folder. The order of the file names is not that of the
/// documents.
pub fn recorded(documents: &[Feed]) -> std::path::PathBuf {
    let dir = scratch::dir("recording");
    for (i, document) in documents.iter().enumerate() {
        let name = dir.join(format!("{:03}", documents.len() - i));
        let write = |extension: &str, text| {
            std::fs::write(name.with_extension(extension), text).expect("write a recording");
        };
        write("json", document.json());
        write("radios.json", document.transceivers_json());
    }
    dir
}
