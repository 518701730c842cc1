//! What is displayed of settings, and what must not be.

use std::collections::BTreeSet;

use super::*;

#[test]
fn a_file_that_cannot_be_read_is_named_and_its_lines_are_not_shown() {
    let missing = resolve(&given(&[], &[], Some(Path::new("no/such.toml"))), &machine());
    assert!(missing.unwrap_err().to_string().contains("no/such.toml"));

    let broken = file("exit_polls = 3\ndatabase_url = \"postgres://u:hunter2@db/x\" y\n");
    let error = resolve(&given(&[], &[], Some(broken.path())), &machine()).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("line 2"), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn secrets_are_masked_wherever_a_value_is_shown() {
    let cases = [
        ("DATABASE_URL", "postgres://u:hunter2@db/x", "postgres://u:***@db/x"),
        (
            "DATABASE_URL",
            "postgres:///x?host=/r&password=hunter2",
            "postgres:///x?host=/r&password=***",
        ),
        ("DATABASE_URL", "mysql://u:hunter2@db/x", "mysql://u:***@db/x"),
        ("DATABASE_URL", "user=u password=hunter2", "***"),
        ("DATABASE_URL", "postgres://u:5/hunter2@db/x", "***"),
        ("DATABASE_URL", "postgres://u:p@ss?hunter2=x@db/x", "***"),
        ("SECTORWATCH_FEED_URL", "https://u:hunter2@h/", "https://u:***@h/"),
        ("SECTORWATCH_STATUS_URL", "https://h/?token=hunter2&a=b", "https://h/?token=***&a=b"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http//u:hunter2@h", "***"),
        (
            "DATABASE_URL",
            "postgres:///x?host=/r&pass%77ord=hunter2",
            "postgres:///x?host=/r&pass%77ord=***",
        ),
        ("DATABASE_URL", "postgres://u@db/x?PASS%57ORD=hunter2", "?PASS%57ORD=***"),
        ("DATABASE_URL", "postgres://u@db/x?%70%61%73%73word=hunter2", "?%70%61%73%73word=***"),
        ("DATABASE_URL", "mysql://u@db/x?sslp%61ssword=hunter2", "?sslp%61ssword=***"),
        ("SECTORWATCH_READ_DATABASE_URL", "postgres://db/x?pass%77ord=hunter2", "?pass%77ord=***"),
        ("SECTORWATCH_STATUS_URL", "https://h/?a=b;to%6ben=hunter2", "?a=b;to%6ben=***"),
        ("SECTORWATCH_FEED_URL", "https://h/?%74%256f%2525%36ben=hunter2&c=d", "=***&c=d"),
        ("SECTORWATCH_FEED_URL", "https://h/?api_%6b%65%79=hunter2", "?api_%6b%65%79=***"),
        ("SECTORWATCH_FEED_URL", "https://h/?pw%64=hunter2", "?pw%64=***"),
        ("SECTORWATCH_FEED_URL", "https://h/#acce%73s_t%6Fken=hunter2", "#acce%73s_t%6Fken=***"),
        ("SECTORWATCH_FEED_URL", "h/?pass%77ord=hunter2", "***"),
    ];
    for (env, text, shown) in cases {
        let message = match with_env(&[(env, text)]) {
            Ok(loaded) => {
                let debugged = format!("{:?} {loaded:?}", loaded.settings);
                assert!(!debugged.contains("hunter2"), "{debugged}");
                effective(&loaded)
            }
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(message.contains(shown), "{message} lacks {shown}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn warns_of_doubtful_values_and_unknown_variables() {
    let silent = [
        ("SECTORWATCH_POLL_INTERVAL", "15s"),
        ("SECTORWATCH_LONG_TESTS", "1"),
        ("SECTORWATCH_RUSTC", "rustc 1.95.0"),
        ("SECTORWATCH_REAL_DATA", "/x"),
        ("SECTORWATCH_TEST_SEED", "7"),
        ("SECTORWATCH_FAULT_COMMIT", "3"),
        ("PATH", "/bin"),
        ("SECTORWATCH_TRUSTED_PROXIES", "127.0.0.1"),
        ("SECTORWATCH_ANONYMOUS_SCOPES", "read"),
    ];
    assert_eq!(with_env(&silent).unwrap().warnings, [""; 0]);

    let doubtful = [
        ("SECTORWATCH_POLL_INTERVAL", "14s"),
        ("SECTORWATCH_EXIT_POLL", "3"),
        ("SECTORWATCH_COLOUR", "red"),
        ("SECTORWATCH_TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let warnings = with_env(&doubtful).unwrap().warnings;
    let expected = [
        "poll_interval is 14s",
        "anonymous_scopes follows listen",
        "SECTORWATCH_COLOUR is no setting",
        "SECTORWATCH_EXIT_POLL is no setting; did you mean SECTORWATCH_EXIT_POLLS?",
    ];
    assert_eq!(warnings.len(), expected.len(), "{warnings:?}");
    for (warning, expected) in warnings.iter().zip(expected) {
        assert!(warning.contains(expected), "{warning}");
    }
}

#[test]
fn the_printed_settings_are_a_file_that_gives_the_same_settings() {
    let flags = [("exit-polls", "4"), ("transceivers-url", ""), ("feed-url", "http://f/")];
    let loaded = resolve(&given(&flags, &[], None), &machine()).unwrap();
    let printed = effective(&loaded);
    assert!(printed.contains("# flag --exit-polls"), "{printed}");
    assert!(printed.contains("# database_url is unset: embedded PostgreSQL"), "{printed}");

    let again = file(&printed);
    let again = resolve(&given(&[], &[], Some(again.path())), &machine()).unwrap();
    let values = |loaded: &Loaded| -> Vec<_> {
        let pairs = loaded.effective_values.iter();
        pairs.map(|s| (s.key.clone(), s.value.clone())).collect()
    };
    assert_eq!(values(&again), values(&loaded));
}

#[test]
fn documents_name_every_setting_once_with_its_default_and_bounds() {
    let (manual, markdown) = (manual_section(), markdown_table());
    for setting in table(&machine()) {
        let heading = format!("--{} {}, {}\n", setting.flag, setting.placeholder, setting.env);
        assert_eq!(manual.matches(&heading).count(), 1, "{heading}");
        let row = format!("| `--{}` | `{}` |", setting.flag, setting.env);
        assert_eq!(markdown.matches(&row).count(), 1, "{row}");
    }
    let columns: BTreeSet<_> = markdown.lines().map(|l| l.matches('|').count()).collect();
    assert_eq!(columns, BTreeSet::from([6]), "{markdown}");
    assert!(manual.lines().all(|line| line.chars().count() <= 100), "{manual}");
}

#[test]
fn the_readme_holds_the_table_of_settings() {
    let readme = include_str!("../../../README.md");
    let table = markdown_table();
    assert!(readme.contains(&table), "README.md must hold:\n{table}");
}
