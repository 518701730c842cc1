//! A start without a usable database.

use super::*;

#[test]
fn a_start_without_a_database_says_what_to_do() {
    let secret = "hunter2";
    let start = |url: &str| {
        let ended = Setup::bare(&["serve"]).env("DATABASE_URL", url).run();
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        assert!(!ended.stderr.contains(secret), "{}", ended.stderr);
        let last = ended.stderr.lines().last().unwrap_or_default().to_owned();
        assert!(last.starts_with("sectorwatch: "), "{last}");
        last
    };
    let nobody = format!("postgres://me:{secret}@127.0.0.1:1/db");
    let database = Database::of_own_role();
    let missing = database.url().replace("/test_", "/no_test_");
    let superuser = database.client();
    for (url, says) in [
        (nobody, "no connection to 127.0.0.1:1: Connection refused"),
        (
            format!("postgres://me:{secret}@db.invalid/db"),
            "the host name of the database does not resolve",
        ),
        (missing, "does not exist"),
    ] {
        let last = start(&url);
        assert!(last.contains(says), "{last}");
        assert!(last.contains("check DATABASE_URL"), "{last}");
    }
    let nameless = Setup::bare(&["serve"]).env("DATABASE_URL", &format!("postgres://me:{secret}@"));
    let ended = nameless.run();
    assert_eq!(ended.code, Some(2), "a setting that cannot be used: {}", ended.stderr);
    assert!(ended.stderr.contains("it names no host"), "{}", ended.stderr);
    assert!(!ended.stderr.contains(secret), "{}", ended.stderr);
    let role = database.role();
    superuser.run(&format!("alter role {role} connection limit 0"));
    let last = start(&database.url());
    assert!(last.contains("too many connections"), "{last}");
    superuser.run(&format!(
        "alter role {role} connection limit -1; \
         alter role {role} set default_transaction_read_only = on"
    ));
    let last = start(&database.url());
    assert!(last.contains("read-only transaction"), "{last}");
}
